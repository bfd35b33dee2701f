import type { AccessRow, Audience } from '../access-row.js';

const AREA: Audience = ['directorate', 'ministry-central'];
/** Who decides there (Yönetmelik m.15(1)); the ministry's units in the capital look on. */
const DIRECTORATE: Audience = ['directorate'];

/** What a directorate opens, and the ministry's units in the capital. */
export const DIRECTORATE_ACCESS = {
  area: {
    room: 'directorate',
    method: 'GET',
    path: '/konsol/mudurluk',
    audience: AREA,
    entry: 'router',
    nav: { tr: 'Müdürlük: bekleyenler', en: 'Directorate: waiting' },
  },
  cooperatives: {
    room: 'directorate',
    method: 'GET',
    path: '/konsol/mudurluk/kooperatifler',
    audience: AREA,
    entry: 'router',
    nav: { tr: 'Kooperatifler', en: 'Cooperatives' },
  },
  'cooperatives.file': {
    room: 'directorate',
    method: 'GET',
    path: '/konsol/mudurluk/kooperatifler/dosya/:format',
    audience: AREA,
    // Written once it is known that there is such a file.
    entry: 'own',
  },
  cooperative: {
    room: 'directorate',
    method: 'GET',
    path: '/konsol/mudurluk/kooperatif/:mersisNo',
    audience: AREA,
    // Written once it is known to lie in the own area.
    entry: 'own',
  },
  'cooperative.refresh': {
    room: 'directorate',
    method: 'POST',
    path: '/konsol/mudurluk/kooperatif/:mersisNo/yenile',
    audience: DIRECTORATE,
    entry: 'own',
  },
  applications: {
    room: 'directorate',
    method: 'GET',
    path: '/konsol/mudurluk/basvurular',
    audience: AREA,
    entry: 'router',
    nav: { tr: 'Yetkili başvuruları', en: 'Applications' },
  },
  application: {
    room: 'directorate',
    method: 'GET',
    path: '/konsol/mudurluk/basvurular/:application',
    audience: AREA,
    // Written once it is known to lie in the own area.
    entry: 'own',
  },
  'application.decide': {
    room: 'directorate',
    method: 'POST',
    path: '/konsol/mudurluk/basvurular/:application',
    audience: DIRECTORATE,
    entry: 'own',
  },
  disagreements: {
    room: 'directorate',
    method: 'GET',
    path: '/konsol/mudurluk/uyusmazliklar',
    audience: AREA,
    entry: 'router',
    nav: { tr: 'Uyuşmazlıklar', en: 'Disagreements' },
  },
  'disagreement.settle': {
    room: 'directorate',
    method: 'POST',
    path: '/konsol/mudurluk/uyusmazliklar',
    audience: DIRECTORATE,
    entry: 'own',
  },
} as const satisfies Readonly<Record<string, AccessRow>>;
