import type { ProblemCode } from '../errors/problem-code.js';

/** The body of `POST /v1/identity/verifications` once its form is sound; the values are checked later, in their turn. */
export interface Question {
  readonly purpose: string;
  readonly cooperative: string;
  readonly reference: string | null;
  readonly retryOf: string | null;
  readonly subject: {
    readonly kimlikNo: string;
    readonly ad: string;
    readonly soyad: string;
    readonly dogumTarihi: string;
  };
}

/** The registered service that calls. */
export interface CallingClient {
  readonly id: string;
  readonly institution: string;
  /** The KPS account that its queries run on; null: it asks nothing of KPS. */
  readonly account: string | null;
  readonly permissions: readonly string[];
  readonly requestsPerMinute: number;
}

/** The headers that go into the record, each already held to its form. */
export interface CallHeaders {
  readonly idempotencyKey: string | null;
  readonly screen: string | null;
  /** The person's own address, believed from registered clients. */
  readonly userAddress: string | null;
  readonly requestId: string | null;
}

/** What the token is presented with. `tokenHash` null: no usable Authorization header was sent. */
interface Credentials {
  readonly client: CallingClient;
  readonly certificateSha256: Buffer;
  readonly tokenHash: Buffer | null;
}

/** One call as it arrived. A malformed body is part of it: the token is looked at before the body is complained about. */
export interface Attempt extends Credentials {
  readonly queryId: string;
  readonly messageId: string;
  readonly receivedAt: Date;
  readonly headers: CallHeaders;
  readonly question:
    | { readonly ok: true; readonly value: Question }
    | { readonly ok: false; readonly code: ProblemCode; readonly reason?: string };
}
