import { z } from 'zod';
import { text } from './fields.js';
import { KPS_SERVICES } from './kps-services.js';
import { whenSound } from './when-sound.js';

/** The purposes that exist. Closed: nobody can ask for a reason of his own. */
const PURPOSES = [
  'ortak-kayit',
  'ortak-guncelleme',
  'yetkili-atama',
  'toplu-aktarim',
  'genel-kurul',
  'resen-kontrol',
] as const;

/** The roles that may ask about persons. Closed; each rests on a registered seat or a recorded appointment. */
const ROLES = [
  'board',
  'liquidator',
  'trustee',
  'appointee',
  'directorate',
  'ministry-central',
  'ministry-manager',
  'ministry-representative',
] as const;

/** Ex officio checks belong to the administration: a board member could otherwise look up anybody. */
const EX_OFFICIO_ROLES: readonly string[] = ['directorate', 'ministry-central', 'ministry-manager'];

type Role = (typeof ROLES)[number];

/** Whoever acts in the place of the board does so for its purposes: liquidators and a trustee. */
const ORGANS = ['board', 'liquidator', 'trustee'] as const satisfies Role[];

const row = (code: (typeof PURPOSES)[number], legalGround: string, roles: Role[]) => ({
  code,
  legalGround,
  roles,
  services: [...KPS_SERVICES],
});

/** `our reading`: the article does not say it in these words; a lawyer of the institution must confirm it (README). */
const DEFAULT_PURPOSES = [
  row('ortak-kayit', 'KOOPBİS Yönetmeliği m.9(3)', [...ORGANS, 'appointee']),
  row(
    'ortak-guncelleme',
    'KOOPBİS Yönetmeliği m.9(3) (our reading: a corrected record must match as a new one does)',
    [...ORGANS, 'appointee'],
  ),
  row(
    'yetkili-atama',
    'KOOPBİS Yönetmeliği m.15(1) (our reading: the article names MERSİS number and VKN; the appointee’s identity follows from it)',
    [...ORGANS, 'directorate'],
  ),
  row('toplu-aktarim', 'KOOPBİS Yönetmeliği m.13 with m.9(3)', [...ORGANS, 'appointee']),
  row(
    'genel-kurul',
    'KOOPBİS Yönetmeliği m.11 with 1163 m.87 (our reading: the attendance list needs known persons)',
    [...ORGANS, 'appointee', 'ministry-representative'],
  ),
  row('resen-kontrol', '1163 m.90 (our reading: ex officio checks are part of the ministries’ supervision)', [
    'directorate',
    'ministry-central',
    'ministry-manager',
  ]),
];

const purpose = z
  .strictObject({
    code: z.enum(PURPOSES).describe('One of the closed list.'),
    legalGround: text(300).describe('The provision it rests on; stands in every audit entry.'),
    roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length).describe('The roles that may use it.'),
    services: z
      .array(z.enum(KPS_SERVICES))
      .min(1)
      .max(KPS_SERVICES.length)
      .describe('The KPS services that it allows.'),
  })
  .refine(
    (value) => value.code !== 'resen-kontrol' || value.roles.every((role) => EX_OFFICIO_ROLES.includes(role)),
    {
      path: ['roles'],
      when: whenSound('code', 'roles'),
      error: `resen-kontrol is only for ${EX_OFFICIO_ROLES.join(', ')}`,
    },
  );

/** A list that is given replaces the default list whole; a purpose left out is switched off. */
export const purposesSchema = z.array(purpose).min(1).max(PURPOSES.length).default(DEFAULT_PURPOSES).meta({
  description:
    'Why a person may be asked about. The list given replaces the default; a purpose left out is switched off.',
  shownDefault: 'all six purposes',
});
