import type { ServerResponse } from 'node:http';
import { BridgeError } from '../errors/bridge-error.js';

/**
 * The headers that every page of `createPages` has: nothing but our own stylesheet and images inside it, no script at all, in nobody's
 * frame (clickjacking), kept by nobody.
 *
 * `formTargets`: addresses whose origins a form of this page may lead to beside ours. Browsers hold `form-action` against the redirects
 * that follow a form, too (CSP 3, form-action pre-navigation check): on the way back to an application, its origin; on the way to
 * e-Devlet, that one. Throws `WRONG_USE` for what is no http or https address.
 *
 * `script`: our own files of script may run and ask our own addresses; inline script never does.
 *
 * The referrer stays within the house and is not left out altogether, because then forms would carry `Origin: null`.
 */
export function pageHeaders(
  formTargets: readonly string[] = [],
  { script = false }: { readonly script?: boolean } = {},
): Record<string, string> {
  const targets = ["'self'", ...new Set(formTargets.map(originOf))].join(' ');
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      "default-src 'none'",
      "style-src 'self'",
      "img-src 'self' data:",
      ...(script ? ["script-src 'self'", "connect-src 'self'"] : []),
      `form-action ${targets}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
  };
}

/**
 * Seconds after which asking again may help (RFC 9110 §10.2.3): what is not there just now is soon back (503), requests are counted by
 * the minute (429). Null: nothing is said of when.
 */
export function retryAfterS(status: number): number | null {
  if (status === 503) return 30;
  return status === 429 ? 60 : null;
}

/**
 * Sends a whole page with `pageHeaders`, and `Retry-After` where the status asks for it; what was set on the response before (cookies,
 * a `Retry-After` that is known better) goes along.
 */
export function sendPage(
  response: ServerResponse,
  status: number,
  html: string,
  formTargets: readonly string[] = [],
): void {
  const waitS = retryAfterS(status);
  if (waitS !== null && !response.hasHeader('Retry-After')) response.setHeader('Retry-After', waitS);
  response.writeHead(status, { ...pageHeaders(formTargets), 'Content-Length': Buffer.byteLength(html) });
  response.end(html);
}

/** Origins alone go into the header: a path could hold a semicolon, and with it a directive of its own. */
function originOf(target: string): string {
  const origin = URL.canParse(target) ? new URL(target).origin : 'null';
  if (/^https?:\/\/[^\s;,'"*]+$/.test(origin)) return origin;
  throw new BridgeError('WRONG_USE', 'a form target must be an http or https address');
}
