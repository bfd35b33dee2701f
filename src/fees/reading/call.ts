import type { ProblemCode } from '../../errors/problem-code.js';

/** A call that is made for a person, as the edge found it. `tokenHash` null: no usable Authorization header was sent. */
export interface ReadingCall {
  readonly client: { readonly id: string };
  readonly certificateSha256: Buffer;
  readonly tokenHash: Buffer | null;
  readonly receivedAt: Date;
  readonly requestId: string | null;
}

/** What path and query ask for. A malformed one is part of the call: the token is looked at before it is complained about. */
export type Sent<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ProblemCode; readonly reason?: string };

/** A quarter's statement, all accounts of it. */
export interface QuarterWish {
  readonly quarter: string;
  readonly format: 'json' | 'csv' | 'xlsx' | 'pdf';
}

/** The use of a period: half-open days (Europe/Istanbul); `account` null: all of them. */
export interface PeriodWish {
  readonly from: string;
  readonly to: string;
  readonly account: string | null;
}

/** What is to be read, by the operation that entries of refusals name. */
export type Reading =
  | { readonly operation: 'fees-quarter'; readonly sent: Sent<QuarterWish> }
  | { readonly operation: 'fees-usage'; readonly sent: Sent<PeriodWish> };
