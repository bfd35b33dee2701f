import type {
  KpsNotSentReason,
  KpsRefusalReason,
  KpsReply,
  KpsServiceName,
  KpsUnknownReason,
} from './port.js';

/** Why a token could not be had, finer than the caller needs: for the log and `doctor`. */
export type StsProblem =
  | 'connection'
  | 'timeout'
  | 'http-error'
  | 'unreadable'
  | 'not-ours'
  | 'fault'
  | 'clock-skew'
  | 'password-refused'
  | 'unsupported-proof-token'
  | 'already-expired';

/** What the room tells about itself. Closed, and without personal data: accounts, codes and durations only. */
export type KpsEvent =
  | {
      readonly type: 'call-finished';
      readonly account: string;
      readonly service: KpsServiceName;
      readonly kind: KpsReply['kind'];
      readonly reason: KpsRefusalReason | KpsNotSentReason | KpsUnknownReason | null;
      readonly ms: number;
    }
  | { readonly type: 'token-renewed'; readonly account: string; readonly ms: number }
  | {
      readonly type: 'token-refused';
      readonly account: string;
      readonly problem: StsProblem;
      readonly ms: number;
    }
  | { readonly type: 'breaker-opened'; readonly account: string }
  /** Their clock minus ours, in whole seconds; a person should look at 60 (facts/kps.md §5.3). */
  | { readonly type: 'clock-skew'; readonly seconds: number }
  /** A question that the settings do not cover or that cannot be written: a mistake of the program, nothing was sent. */
  | { readonly type: 'question-refused'; readonly what: 'account' | 'service' | 'message-id' | 'characters' };

export type Observe = (event: KpsEvent) => void;
