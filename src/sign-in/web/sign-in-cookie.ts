import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Binds a round trip to the browser that began it: a return in another browser finds nothing. */
const NAME = '__Host-giris';
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/** The secret of this browser, as it came; null where there is none or it is not one of ours. */
export function browserSecret(request: IncomingMessage): string | null {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=');
    if (name === NAME && VALUE.test(value)) return value;
  }
  return null;
}

/** The secret of this browser, made where it has none; kept as long as the longest round trip. */
export function keepBrowserSecret(
  request: IncomingMessage,
  response: ServerResponse,
  lifetimeMs: number,
): string {
  const secret = browserSecret(request) ?? randomBytes(32).toString('base64url');
  const maxAge = Math.ceil(lifetimeMs / 1000);
  response.appendHeader(
    'Set-Cookie',
    `${NAME}=${secret}; Path=/; Max-Age=${maxAge}; Secure; HttpOnly; SameSite=Lax`,
  );
  return secret;
}
