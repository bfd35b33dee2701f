import type { IncomingMessage, ServerResponse } from 'node:http';

/** Cookies of one host do not part by port: these names must not be those of the bridge, which is `localhost` too. */
export const SESSION_COOKIE = '__Host-uygulama';
export const TRIP_COOKIE = '__Host-uygulama-giris';

/** The value of a cookie; undefined where the browser sent none. */
export function readCookie(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

/** Sets a cookie, `value` null takes it away. Lax: the return from the provider is a navigation from another place. */
export function setCookie(response: ServerResponse, name: string, value: string | null): void {
  const end = value === null ? '; Max-Age=0' : '';
  response.appendHeader('Set-Cookie', `${name}=${value ?? ''}; Path=/; HttpOnly; Secure; SameSite=Lax${end}`);
}
