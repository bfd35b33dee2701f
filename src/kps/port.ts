import type { KimlikNo } from '../person/kimlik-no.js';
import type { PartialDate } from '../person/partial-date.js';

/** The services of KPS that the bridge can ask, by the name that NVİ gives them. */
export type KpsServiceName = 'BilesikKutukSorgulaKimlikNoServis' | 'TumKutukDogrulaServis';

/** One version of one service: `version` is the date path of the contract, e.g. `2024/04/01`. */
export interface KpsService {
  readonly name: KpsServiceName;
  readonly version: string;
}

/** One question about one person. Names are already upper case by Turkish rules and NFC (person/turkish-name). */
export interface KpsQuestion {
  /** UUID; becomes `a:MessageID` `urn:uuid:<id>` of the first message, so that the intent names it beforehand. */
  readonly messageId: string;
  readonly account: string;
  readonly service: KpsService;
  readonly kimlikNo: KimlikNo;
  readonly ad: string;
  readonly soyad: string;
  readonly dogumTarihi: PartialDate;
  /** The person who asks: `Sorgulayan` where the setting wants it, and the Ministry gateway's UserInfo later. */
  readonly asker: {
    readonly kimlikNo: KimlikNo;
    readonly address?: string | undefined;
    readonly application: string;
  };
  /** Milliseconds from now within which the answer must be here. */
  readonly timeoutMs: number;
}

/** `open` = Durum 1; `dead` = Durum 3 or OlumTarih filled; `closed` = every other status. */
export type RegisterStatus = 'open' | 'dead' | 'closed';

/** The compared fields of one record and its status: all that ever leaves the parser. */
export interface RegisterRecord {
  readonly ad: string;
  readonly soyad: string;
  readonly dogumTarihi: PartialDate;
  readonly status: RegisterStatus;
}

/** Why KPS said no, or why we could not ask, as closed reasons (docs/faults.md has a row for each). */
export type KpsRefusalReason =
  | 'soap-fault'
  | 'security-refused'
  | 'http-error'
  | 'not-authorised'
  | 'criterion-empty'
  | 'provider-error';
export type KpsNotSentReason =
  | 'connection-refused'
  | 'sts-unavailable'
  | 'sts-refused'
  | 'password-refused'
  | 'breaker-open'
  | 'clock-skew'
  | 'deadline-passed';
export type KpsUnknownReason = 'timeout' | 'connection-lost' | 'answer-unreadable' | 'answer-not-ours';

/**
 * How a question ended. `messageIds`: what was sent, in order (two where InvalidSecurity made us renew once).
 * `hataKod`: the provider's own number where it gave one.
 */
export type KpsReply = { readonly messageIds: readonly string[] } & (
  | { readonly kind: 'record'; readonly record: RegisterRecord }
  /** TumKutukDogrula: number, names and date were confirmed together. */
  | { readonly kind: 'confirmed'; readonly status: RegisterStatus }
  /** TumKutukDogrula: not confirmed; what differs is not told. */
  | { readonly kind: 'not-confirmed' }
  | { readonly kind: 'no-record' }
  | {
      readonly kind: 'refused';
      readonly reason: KpsRefusalReason;
      readonly hataKod?: number | undefined;
      readonly answered: boolean;
    }
  | {
      readonly kind: 'not-sent';
      readonly reason: KpsNotSentReason;
      readonly retryAfterS?: number | undefined;
    }
  | { readonly kind: 'unknown'; readonly reason: KpsUnknownReason }
);

/** The port behind which KPS stands; the Ministry's own KPS proxy would be another adapter. Never throws. */
export interface KpsPort {
  ask(question: KpsQuestion): Promise<KpsReply>;
  /** Closes idle connections and forgets tokens. */
  close(): Promise<void>;
}
