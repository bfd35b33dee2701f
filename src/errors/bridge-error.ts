import type { ProblemCode } from './problem-code.js';
import type { SignInCode } from './sign-in-code.js';

/**
 * Every code an error of the bridge can carry inside the house. Closed: a new fault gets a new row here and in the
 * table that maps it (`api/problem-document.ts` for callers, `docs/faults.md` for people).
 */
type BridgeErrorCode =
  | 'CONFIG_INVALID'
  | 'SECRET_UNREADABLE'
  | 'START_REFUSED'
  | 'DATABASE_UNAVAILABLE'
  | 'DATABASE_IN_USE'
  | 'SCHEMA_NEWER'
  | 'SCHEMA_OLDER'
  | 'DURABILITY_OFF'
  | 'COMMIT_UNKNOWN'
  | 'AUDIT_UNAVAILABLE'
  | 'AUDIT_OVERLOADED'
  | 'SEALED_VALUE_INVALID'
  | 'KEY_DESTROYED'
  | 'ENTRY_INVALID'
  | 'NOTE_INVALID'
  | 'LOG_INCONSISTENT'
  | 'LOG_SHORTER'
  | 'TIMESTAMP_INVALID'
  | 'TIMESTAMP_UNAVAILABLE'
  | 'EXPORT_INVALID'
  | 'LEGAL_HOLD'
  | 'PRINTING_FORBIDDEN'
  | 'WRONG_USE';

/** Any code of the house: those met inside, those that callers meet, and those that end a sign-in. */
export type ErrorCode = BridgeErrorCode | ProblemCode | SignInCode;

/** Facts beside a code: short, never personal. Identity numbers, names and addresses of persons are not allowed here. */
export type ErrorFields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * The one base class of the house. `message` is for operators (English, nothing personal); callers outside get a
 * problem document made from the code, never the message.
 */
export class BridgeError extends Error {
  readonly code: ErrorCode;
  readonly fields: ErrorFields;

  constructor(code: ErrorCode, message: string, options: { fields?: ErrorFields; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'BridgeError';
    this.code = code;
    this.fields = options.fields ?? {};
  }
}

/** True where `error` is a BridgeError with one of `codes` (any code where none is named). */
export function isBridgeError(error: unknown, ...codes: ErrorCode[]): error is BridgeError {
  return error instanceof BridgeError && (codes.length === 0 || codes.includes(error.code));
}
