import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { containsKimlikNo, idContainsKimlikNo } from '../person/contains-kimlik-no.js';
import type { CallHeaders } from '../verification/question.js';

type Checked =
  | { readonly ok: true; readonly value: CallHeaders }
  | { readonly ok: false; readonly reason: string };

const FORMS = {
  'idempotency-key': /^[\x21-\x7e]{1,64}$/,
  'x-koopbis-screen': /^[A-Za-z0-9._/-]{1,32}$/,
  'x-request-id': /^[A-Za-z0-9._-]{1,64}$/,
  traceparent: /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/,
} as const;

/** The longest text of an IPv6 address, with IPv4 at its end (RFC 4291 §2.2). */
const MAX_ADDRESS = 45;

/** Holds the headers of CONTRACT §4 to their length and characters. The reason names the header, never its value. */
export function checkHeaders(headers: IncomingHttpHeaders): Checked {
  for (const [name, form] of Object.entries(FORMS)) {
    const value = headers[name];
    if (value !== undefined && (typeof value !== 'string' || !form.test(value)))
      return { ok: false, reason: name };
  }
  // What comes to stand in log lines or in clear in entries: a caller's slip must not carry a number there.
  const { 'x-koopbis-screen': screen, 'x-request-id': requestId } = headers;
  if (containsKimlikNo(String(screen ?? ''))) return { ok: false, reason: 'x-koopbis-screen' };
  if (idContainsKimlikNo(String(requestId ?? ''))) return { ok: false, reason: 'x-request-id' };
  const userAddress = headers['x-koopbis-user-address'];
  if (userAddress !== undefined && !isPlainAddress(userAddress)) {
    return { ok: false, reason: 'x-koopbis-user-address' };
  }
  return {
    ok: true,
    value: {
      idempotencyKey: textOf(headers['idempotency-key']),
      screen: textOf(headers['x-koopbis-screen']),
      userAddress: textOf(userAddress),
      requestId: requestIdOf(headers),
    },
  };
}

/** An IP address without a zone: a zone may be any text, of any length. */
function isPlainAddress(value: string | string[]): boolean {
  return (
    typeof value === 'string' && value.length <= MAX_ADDRESS && !value.includes('%') && isIP(value) !== 0
  );
}

/** The caller's `X-Request-Id` where it has the form and holds no identity number, else null. */
export function requestIdOf(headers: IncomingHttpHeaders): string | null {
  const value = textOf(headers['x-request-id']);
  return value !== null && FORMS['x-request-id'].test(value) && !idContainsKimlikNo(value) ? value : null;
}

/** No header at all: what a call is recorded with whose headers were refused. */
export const NO_HEADERS: CallHeaders = {
  idempotencyKey: null,
  screen: null,
  userAddress: null,
  requestId: null,
};

function textOf(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]{16,256}=*)$/i;

/** The token of an `Authorization: Bearer` header (RFC 6750 §2.1), or null where there is none of that form. */
export function bearerToken(headers: IncomingHttpHeaders): string | null {
  return BEARER.exec(headers.authorization ?? '')?.[1] ?? null;
}
