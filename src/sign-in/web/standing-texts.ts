import type { StandingText } from './house-tools.js';

/** Why a seat gives nothing, in the words of the authority room. `no-seat`: gone from the registry, or the cooperative’s status lets others act or nobody. */
type NotInForceReason = 'not-registered-yet' | 'term-ended' | 'legacy-ended' | 'suspended' | 'no-seat';

/** A seat or role as the authority room has it. */
export interface Standing {
  readonly seats: readonly {
    readonly role: string;
    readonly unvan: string;
    readonly inForce: boolean;
    readonly why: NotInForceReason | null;
  }[];
  readonly roles: readonly {
    readonly role: string;
    readonly ministry: string | null;
    readonly il: string | null;
    readonly mersisNo: string | null;
  }[];
}

/** Seats in words. */
export const SEAT_WORDS: Readonly<Record<string, { readonly tr: string; readonly en: string }>> = {
  board: { tr: 'Yönetim kurulu üyesi', en: 'Board member' },
  liquidator: { tr: 'Tasfiye memuru', en: 'Liquidator' },
  trustee: { tr: 'Kayyım', en: 'Trustee' },
  denetci: { tr: 'Denetçi', en: 'Auditor' },
  appointee: { tr: 'KOOPBİS yetkilisi', en: 'KOOPBİS appointee' },
  'legacy-appointee': {
    tr: 'Kapatılan sistemin yetkilisi',
    en: 'Appointee of the closed system',
  },
  'ministry-representative': { tr: 'Bakanlık temsilcisi', en: 'Ministry representative' },
};

const REASONS: Readonly<Record<NotInForceReason, { readonly tr: string; readonly en: string }>> = {
  'not-registered-yet': { tr: 'tescil bekleniyor', en: 'registration pending' },
  'term-ended': { tr: 'görev süresi doldu', en: 'term ended' },
  'legacy-ended': { tr: 'yeniden yetkilendirme gerekir', en: 'to be appointed anew' },
  suspended: { tr: 'yetki askıda', en: 'suspended' },
  'no-seat': {
    tr: 'sicilde artık görünmüyor veya kooperatifin durumu buna izin vermiyor',
    en: 'no longer in the registry, or the cooperative’s status does not allow it',
  },
};

/** Roles of staff in words. */
export const ROLE_WORDS: Readonly<Record<string, { readonly tr: string; readonly en: string }>> = {
  directorate: { tr: 'İl müdürlüğü personeli', en: 'Provincial directorate' },
  'ministry-central': { tr: 'Bakanlık merkez personeli', en: 'Central staff of the ministry' },
  'ministry-manager': { tr: 'Bakanlık sistem yöneticisi', en: 'System manager of the ministry' },
  'ministry-representative': { tr: 'Bakanlık temsilcisi', en: 'Ministry representative' },
  'security-officer': { tr: 'Güvenlik görevlisi', en: 'Security officer' },
  'log-inspector': { tr: 'Kayıt denetçisi', en: 'Log inspector' },
  finance: { tr: 'Mali görevli', en: 'Finance officer' },
  administrator: { tr: 'Yönetici', en: 'Administrator' },
};

/** Ministries by their names. */
export const MINISTRY_WORDS: Readonly<Record<string, { readonly tr: string; readonly en: string }>> = {
  ticaret: { tr: 'Ticaret Bakanlığı', en: 'Ministry of Trade' },
  tarim: { tr: 'Tarım ve Orman Bakanlığı', en: 'Ministry of Agriculture and Forestry' },
  cevre: {
    tr: 'Çevre, Şehircilik ve İklim Değişikliği Bakanlığı',
    en: 'Ministry of Environment, Urbanisation and Climate Change',
  },
};

/** Who the person is for us, in words, seats first, each that gives nothing with why. An unknown word stands as it is. */
export function standingTexts({ seats, roles }: Standing): readonly StandingText[] {
  const words = (table: typeof SEAT_WORDS, key: string) => table[key] ?? { tr: key, en: key };
  return [
    ...seats.map(({ role, unvan, inForce, why }) => {
      const { tr, en } = words(SEAT_WORDS, role);
      const behind =
        why === null ? { tr: '', en: '' } : { tr: ` (${REASONS[why].tr})`, en: ` (${REASONS[why].en})` };
      return { text: { tr: `${tr}: ${unvan}${behind.tr}`, en: `${en}: ${unvan}${behind.en}` }, inForce };
    }),
    ...roles.map(({ role, ministry, il, mersisNo }) => {
      const { tr, en } = words(ROLE_WORDS, role);
      const of = ministry === null ? null : words(MINISTRY_WORDS, ministry);
      const place = [il, mersisNo].filter((one) => one !== null);
      return {
        text: {
          tr: [tr, of?.tr, ...place].filter((one) => one !== undefined).join(', '),
          en: [en, of?.en, ...place].filter((one) => one !== undefined).join(', '),
        },
        inForce: true,
      };
    }),
  ];
}
