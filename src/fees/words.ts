import { MINISTRY_WORDS } from '../sign-in/web/standing-texts.js';
import { CENTRAL, COOPERATIVES } from './book/unit.js';

/** A sentence of ours in the languages of whoever reads it: English on the command line, both on pages. */
export interface Words {
  readonly en: string;
  readonly tr: string;
}

type Named = Readonly<Record<string, Words>>;

/** Names of the closed codes that stand in a statement: one table for its files and for pages. Ministries have the names that every page has. */
const CODES = {
  feeClass: {
    outside: { tr: 'kapsam dışı', en: 'outside the fee' },
    paying: { tr: 'ücretli', en: 'paying' },
  },
  result: {
    match: { tr: 'eşleşti', en: 'match' },
    deceased: { tr: 'ölüm kaydı', en: 'recorded as dead' },
    inactive: { tr: 'kapalı kayıt', en: 'closed record' },
    mismatch: { tr: 'eşleşmedi', en: 'no match' },
    'not-found': { tr: 'kayıt bulunamadı', en: 'no record' },
    refused: { tr: 'KPS reddetti', en: 'refused by KPS' },
    unknown: { tr: 'sonuç bilinmiyor', en: 'outcome unknown' },
    'not-sent': { tr: 'gönderilmedi', en: 'not sent' },
  },
  purpose: {
    'ortak-kayit': { tr: 'Ortak kaydı', en: 'Registering a member' },
    'ortak-guncelleme': { tr: 'Ortak bilgisinin güncellenmesi', en: 'Updating a member' },
    'yetkili-atama': { tr: 'KOOPBİS yetkilisi ataması', en: 'Appointing a KOOPBİS yetkilisi' },
    'toplu-aktarim': { tr: 'Toplu aktarım', en: 'Bulk transfer' },
    'genel-kurul': { tr: 'Genel kurul', en: 'General assembly' },
    'resen-kontrol': { tr: 'Resen kontrol', en: 'Ex officio check' },
  },
  ministry: MINISTRY_WORDS,
} as const satisfies Readonly<Record<string, Named>>;

/** Why a person may be asked about. */
export const PURPOSES = CODES.purpose;

/** The name of a code; null where it is none of ours. */
export function codeWords(list: keyof typeof CODES, code: string): Words | null {
  const named: Named = CODES[list];
  return Object.hasOwn(named, code) ? (named[code] ?? null) : null;
}

/** The name of a unit as `unitOf` writes it, what tells it apart first; null where it is none of ours. */
export function unitWords(unit: string): Words | null {
  if (unit === COOPERATIVES) return { tr: 'kooperatif kullanıcıları', en: 'users of cooperatives' };
  const [, ministry = '', place = ''] = /^([^/]+)\/(.+)$/.exec(unit) ?? [];
  const of = codeWords('ministry', ministry);
  if (of === null) return null;
  return place === CENTRAL
    ? { tr: `merkez birimi (${of.tr})`, en: `central unit (${of.en})` }
    : { tr: `${place} il müdürlüğü (${of.tr})`, en: `directorate of ${place} (${of.en})` };
}
