import type { WebhookProblem } from './problem.js';

const TLS =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_(?:CA|PURPOSE)|PATH_LENGTH_|EPROTO)/;
const NAME = /^(?:ENOTFOUND|EAI_|ENODATA|ESERVFAIL|ETIMEOUT)/;
const TIME = /^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT)/;
/** Causes below causes; an error that goes deeper than this goes in a circle. */
const MAX_DEPTH = 5;

/** The closed word for an attempt that came to no answer. Nothing of the error itself is kept: it may quote what was sent. */
export function failureOf(error: unknown): WebhookProblem {
  const codes = codesOf(error, 0);
  if (codes.includes('ADDRESS_NOT_ALLOWED')) return 'address-not-allowed';
  if (codes.some((code) => TLS.test(code))) return 'tls-failed';
  if (codes.some((code) => NAME.test(code))) return 'name-not-resolved';
  return codes.some((code) => TIME.test(code)) ? 'timeout' : 'connection-failed';
}

function codesOf(error: unknown, depth: number): readonly string[] {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return [];
  // `errors`: of the several addresses that were tried (AggregateError).
  const { cause, code, errors } = error as Readonly<Record<'cause' | 'code' | 'errors', unknown>>;
  const beside: readonly unknown[] = Array.isArray(errors) ? errors : [];
  const below = [cause, ...beside].flatMap((one) => codesOf(one, depth + 1));
  return typeof code === 'string' ? [code, ...below] : below;
}
