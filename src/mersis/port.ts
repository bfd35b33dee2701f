import type { KimlikNo } from '../person/kimlik-no.js';

/** What is asked: one cooperative, by its MERSİS number (16 digits) or its VKN (10 digits). */
export type MersisQuestion = { readonly mersisNo: string } | { readonly vkn: string };

export type RegistryStatus = 'faal' | 'tasfiye' | 'terkin' | 'birleşme';
export type Duty = 'yönetim kurulu üyesi' | 'denetçi' | 'tasfiye memuru' | 'kayyım';
/** `Beklemede`, `Kabul edildi`, tescil: only the last is authority (Usul ve Esaslar m.5(3)). */
export type RegistrationState = 'beklemede' | 'kabul-edildi' | 'tescil-edildi';

/** One duty of one person, as the registry has it. Days `YYYY-MM-DD`; on `endsOn` the term is over. */
export interface RegisteredDuty {
  readonly duty: Duty;
  /** The person, or the legal person's registered representative; null where it has none, and nobody acts then. */
  readonly person: KimlikNo | null;
  /** VKN of the legal person that sits there; null for natural persons. */
  readonly actsFor: string | null;
  readonly startsOn: string;
  readonly endsOn: string | null;
  readonly state: RegistrationState;
  /** With `tescil-edildi`, else null. */
  readonly registeredOn: string | null;
  /** `2026-03-14 11045/312`; null where the registry names none. */
  readonly gazette: string | null;
  /** MUNFERIDEN, MUSTEREKEN, HIZMETEYETKILI or another word of at most 40 characters: stored and shown, decides nothing. */
  readonly representation: string | null;
}

/** One cooperative as the registry has it. Only checked records of this shape leave the client. */
export interface RegistryRecord {
  readonly mersisNo: string;
  readonly vkn: string;
  readonly unvan: string;
  readonly tur: string;
  readonly seviye: string;
  readonly kanun: string;
  readonly il: string;
  readonly durum: RegistryStatus;
  /** First day of this status. */
  readonly durumSince: string;
  /** With `birleşme`: MERSİS number of the cooperative that it went into, null where the registry names none. */
  readonly successor: string | null;
  readonly duties: readonly RegisteredDuty[];
}

/** Why a call gave nothing to rely on. Closed. `refused`: credentials, certificate or address; `invalid`: an answer that is none. */
export type MersisFault =
  | { readonly kind: 'unavailable'; readonly cause: 'connection' | 'timeout' | 'http' | 'overloaded' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'invalid'; readonly problem: AnswerProblem };

/** What is wrong with an answer; a word for log and entry, nothing of the answer itself. */
export type AnswerProblem =
  | 'unreadable'
  | 'too-large'
  | 'not-as-contracted'
  | 'other-cooperative'
  | 'vkn-mismatch'
  | 'natural-person'
  | 'duplicate-seat'
  | 'dates-out-of-order'
  | 'too-many-seats';

/** How a reading ended. `asOf`: the instant of which the registry's word is. */
export type MersisReply =
  | { readonly kind: 'found'; readonly asOf: Date; readonly record: RegistryRecord }
  | { readonly kind: 'not-found'; readonly asOf: Date }
  | { readonly kind: 'fault'; readonly fault: MersisFault };

/** MERSİS, whichever adapter speaks to it. Asks once, never again by itself; resolves always. */
export interface MersisSource {
  read(question: MersisQuestion): Promise<MersisReply>;
  close(): Promise<void>;
}
