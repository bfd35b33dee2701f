import { isBridgeError } from '../errors/bridge-error.js';
import type { ProblemCode } from '../errors/problem-code.js';
import { Refusal } from '../errors/refusal.js';
import { PROBLEMS } from './problem-texts.js';

/** An RFC 9457 problem document with its status and headers. */
export interface Problem {
  readonly status: number;
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Seconds named where the fault itself names none. */
const RETRY_AFTER_S: Partial<Record<ProblemCode, number>> = {
  RATE_LIMITED: 60,
  // Until somebody lifts it, or the quarter ends: the refusal itself says when that is.
  BUDGET_STOP: 3600,
  KPS_UNAVAILABLE: 30,
  MERSIS_UNAVAILABLE: 30,
  // Until the window ends: the refusal itself says when that is.
  MAINTENANCE: 3600,
  OVERLOADED: 1,
  AUDIT_UNAVAILABLE: 5,
};

/**
 * The one place where errors become problem documents. What is not a refusal of ours is `INTERNAL` and says nothing:
 * neither messages nor fields of exceptions ever reach a caller.
 */
export function problemOf(error: unknown): Problem {
  const refusal = error instanceof Refusal ? error : new Refusal(codeOf(error));
  const { code, detail } = refusal;
  const text = PROBLEMS[code];
  const retryAfterS = detail.retryAfterS ?? RETRY_AFTER_S[code];
  const headers: Record<string, string> = { 'Content-Type': 'application/problem+json' };
  if (retryAfterS !== undefined && (text.status === 429 || text.status === 503))
    headers['Retry-After'] = String(retryAfterS);
  if (code === 'TOKEN_INVALID') headers['WWW-Authenticate'] = 'Bearer error="invalid_token"';
  if (detail.replayed === true) headers['Idempotency-Replayed'] = 'true';
  const body = JSON.stringify({
    type: `urn:koopbis:problem:${code}`,
    title: text.tr,
    status: text.status,
    code,
    reason: detail.reason,
    id: detail.queryId,
    text: { tr: text.tr, en: text.en },
  });
  return { status: text.status, code, headers, body };
}

function codeOf(error: unknown): ProblemCode {
  if (isBridgeError(error, 'AUDIT_UNAVAILABLE', 'DATABASE_UNAVAILABLE', 'COMMIT_UNKNOWN'))
    return 'AUDIT_UNAVAILABLE';
  if (isBridgeError(error, 'AUDIT_OVERLOADED')) return 'OVERLOADED';
  return 'INTERNAL';
}
