import { BridgeError } from './bridge-error.js';
import type { ProblemCode } from './problem-code.js';

/** What goes with a refusal. `reason` is a closed word of the rule that refused, never what the caller sent. */
export interface RefusalDetail {
  readonly reason?: string | undefined;
  /** Seconds after which asking again makes sense (429 and 503). */
  readonly retryAfterS?: number | undefined;
  /** The query that a 502 or 504 is about. */
  readonly queryId?: string | undefined;
  /** True where this is the repeated answer to a repeated request. */
  readonly replayed?: boolean | undefined;
  /** The fault behind it, for the operator's log alone. */
  readonly cause?: unknown;
}

/** A rule said no. Thrown by the verbs, mapped to a problem document at the edge; carries nothing personal. */
export class Refusal extends BridgeError {
  declare readonly code: ProblemCode;
  readonly detail: RefusalDetail;

  constructor(code: ProblemCode, { cause, ...detail }: RefusalDetail = {}) {
    super(code, code, { cause });
    this.name = 'Refusal';
    this.detail = detail;
  }
}
