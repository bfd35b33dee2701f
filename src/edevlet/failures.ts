import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { BridgeError, type ErrorFields, isBridgeError } from '../errors/bridge-error.js';
import { containsKimlikNo } from '../person/contains-kimlik-no.js';

/** Where on the way a sign-in failed; `fields.step`. Closed. */
export type UpstreamStep = 'discovery' | 'return' | 'token' | 'identity' | 'names' | 'userinfo';

/** What was wrong; `fields.reason`. Closed. */
export type UpstreamReason =
  | 'connection'
  | 'timeout'
  | 'overloaded'
  | 'http-status'
  | 'redirect'
  | 'too-large'
  | 'content-type'
  | 'not-json'
  | 'schema'
  | 'protocol'
  | 'parameters'
  | 'state'
  | 'auth-time';

/** Codes of e-Devlet have under ten characters; a longer one is text. */
const MAX_CODE = 40;
/** Codes of openid-client and of the system, which are closed words. */
const MACHINE_CODE = /^[A-Z][A-Z0-9_]{1,60}$/;
/** Causes below an error of openid-client that are looked through: it wraps twice at the most. */
const MAX_DEPTH = 5;

/** Nobody answers, or not in time. */
export function unavailable(reason: UpstreamReason, fields: ErrorFields = {}): BridgeError {
  return failed('UPSTREAM_UNAVAILABLE', reason, fields);
}

/** An answer that is not what it should be. None of its values stands in the error, and there is no cause to hold them. */
export function answerInvalid(reason: UpstreamReason, fields: ErrorFields = {}): BridgeError {
  return failed('UPSTREAM_ANSWER_INVALID', reason, fields);
}

/** The upstream says no; `code` as it gave it, cut and made plain. */
export function refused(code: string, fields: ErrorFields = {}): BridgeError {
  return new BridgeError('UPSTREAM_REFUSED', 'the upstream refused the sign-in', {
    fields: { upstreamCode: plainCode(code), ...fields },
  });
}

/**
 * Whatever ended a step, as an error of this room that names the step. Errors of openid-client hold whole answers (tokens, claims)
 * in their causes, so they end here.
 */
export function atStep(error: unknown, step: UpstreamStep): BridgeError {
  const ours = within(error);
  if (ours !== null) return new BridgeError(ours.code, ours.message, { fields: { ...ours.fields, step } });
  if (error instanceof ResponseBodyError) return refused(error.error, { status: error.status, step });
  if (error instanceof WWWAuthenticateChallengeError) {
    return refused('challenge', { status: error.status, step });
  }
  const detail = machineCode(error);
  return detail === 'OAUTH_TIMEOUT'
    ? unavailable('timeout', { step })
    : answerInvalid('protocol', { detail, step });
}

/** The code of an error where it is a closed word of a program, else null. */
export function machineCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && MACHINE_CODE.test(code) ? code : null;
}

/** openid-client wraps what its fetch throws. */
function within(error: unknown): BridgeError | null {
  let one = error;
  for (let depth = 0; depth < MAX_DEPTH && one instanceof Error; depth += 1) {
    if (isBridgeError(one)) return one;
    one = one.cause;
  }
  return null;
}

/** An attacker, or a mistake of theirs, could put anything where a code should be, a person's number too. */
function plainCode(code: string): string {
  const plain = code.replace(/[^A-Za-z0-9._:-]/g, '');
  if (plain === '') return 'none';
  return containsKimlikNo(plain) ? 'hidden' : plain.slice(0, MAX_CODE);
}

function failed(
  code: 'UPSTREAM_UNAVAILABLE' | 'UPSTREAM_ANSWER_INVALID',
  reason: UpstreamReason,
  fields: ErrorFields,
): BridgeError {
  const message =
    code === 'UPSTREAM_UNAVAILABLE' ? 'the upstream does not answer' : 'the upstream gave a wrong answer';
  return new BridgeError(code, `${message}: ${reason}`, { fields: { reason, ...fields } });
}
