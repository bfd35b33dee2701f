/** Shapes of the sandbox file (CONTRACT §2), with the boards that MERSİS would hold. Plain JSON data. */

export const PERSON_STATES = ['açık', 'ölüm', 'kapalı'] as const;
export const COOPERATIVE_STATES = ['faal', 'tasfiye', 'terkin', 'birleşme'] as const;
export const LEVELS_OF_UNION = ['birim', 'birlik', 'merkez birliği', 'TMKB'] as const;
export const MINISTRIES = ['ticaret', 'tarim', 'cevre'] as const;
export const DUTIES = ['yönetim kurulu üyesi', 'denetçi', 'tasfiye memuru', 'kayyım'] as const;

export type PersonState = (typeof PERSON_STATES)[number];
export type CooperativeState = (typeof COOPERATIVE_STATES)[number];
export type LevelOfUnion = (typeof LEVELS_OF_UNION)[number];
export type Ministry = (typeof MINISTRIES)[number];
export type Duty = (typeof DUTIES)[number];

/**
 * What the e-Devlet stand-in answers as `level` for a password login without and with the second step. The real table is
 * not public (facts/e-devlet.md §5): the values are ours.
 */
export const LEVEL_PASSWORD = '1';
export const LEVEL_TWO_STEP = '2';

/** Names are as the register holds them: upper case, NFC. `dogumTarihi` may have unknown parts (`1950-00-00`). */
export interface Person {
  readonly kimlikNo: string;
  readonly ad: string;
  /** `''` for a person recorded without a surname. */
  readonly soyad: string;
  readonly dogumTarihi: string;
  readonly durum: PersonState;
  readonly password: string;
  /** Base32 of 20 bytes; null = no two-step at e-Devlet. */
  readonly edevletTotp: string | null;
  /** Base32 of 20 bytes; null = nothing to step up with at the bridge. */
  readonly stepUpTotp: string | null;
  readonly level: string;
  readonly is: readonly string[];
}

/** One line of a board. Dates `YYYY-MM-DD`; the term is half-open: on the day `bitis` it is over. */
export interface Seat {
  readonly kimlikNo: string;
  readonly gorev: Duty;
  readonly baslangic: string;
  readonly bitis?: string;
  /** Day of registration; absent = elected, not registered. */
  readonly tescil?: string;
  /** Signature rule in the registry's words: MUNFERIDEN, MUSTEREKEN, HIZMETEYETKILI or another. */
  readonly temsil?: string;
  /** The legal person that sits there; `kimlikNo` is its registered representative then. */
  readonly tuzelKisi?: LegalPerson;
}

interface LegalPerson {
  readonly vkn: string;
  readonly unvan: string;
}

export interface Cooperative {
  readonly mersisNo: string;
  readonly vkn: string;
  readonly unvan: string;
  readonly tur: string;
  readonly seviye: LevelOfUnion;
  /** Number of the law that it stands under. */
  readonly kanun: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  readonly durum: CooperativeState;
  /** First day of this status; absent in worlds that were kept before it was known. */
  readonly durumTarihi?: string;
  /** With `birleşme`: MERSİS number of the cooperative that it went into. */
  readonly halef?: string;
  readonly board: readonly Seat[];
}

export interface Population {
  readonly people: readonly Person[];
  readonly cooperatives: readonly Cooperative[];
  /** Simulated months that this world has moved on by; none where absent. */
  readonly months?: number;
}
