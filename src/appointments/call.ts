import type { ProblemCode } from '../errors/problem-code.js';

/** A call that is made for a person, as the edge found it. `tokenHash` null: no usable Authorization header was sent. */
export interface Call {
  readonly client: {
    readonly id: string;
    readonly institution: string;
    readonly account: string | null;
    readonly permissions: readonly string[];
    readonly requestsPerMinute: number;
  };
  readonly certificateSha256: Buffer;
  readonly tokenHash: Buffer | null;
  readonly receivedAt: Date;
  readonly headers: {
    readonly idempotencyKey: string | null;
    readonly screen: string | null;
    readonly userAddress: string | null;
    readonly requestId: string | null;
  };
}

/** A body as it was sent. A malformed one is part of the call: the token is looked at before the body is complained about. */
export type Sent<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ProblemCode; readonly reason?: string };

/** The body of an application once its form is sound. Days `YYYY-MM-DD`; `to` is the day on which it is over. */
export interface Application {
  readonly cooperative: string;
  /** VKN as the board gives it; MERSİS says whether it is right, the directorate corrects it (m.15(1)). */
  readonly vkn: string;
  readonly decision: { readonly no: string; readonly date: string; readonly documentSha256: string };
  readonly from: string;
  readonly to: string | null;
  readonly subject: {
    readonly kimlikNo: string;
    readonly ad: string;
    readonly soyad: string;
    readonly dogumTarihi: string;
  };
}

/** The body of a directorate's decision. `correctedVkn`: where the one in the application was wrong. */
export interface Verdict {
  readonly decision: 'accept' | 'refuse';
  readonly reason: string | null;
  readonly correctedVkn: string | null;
}

/** `POST /v1/appointments`. */
export interface ApplicationCall {
  readonly call: Call;
  readonly sent: Sent<Application>;
}

/** `POST /v1/appointments/{id}/decision`. `appointment` null: what the path holds cannot be an id. */
export interface VerdictCall {
  readonly call: Call;
  readonly appointment: string | null;
  readonly sent: Sent<Verdict>;
}
