import type { HttpReply } from '../http/http-reply.js';

/** On every answer: numbers, codes and tokens stay in no store, and no code goes on in a Referer. */
const ALWAYS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
} as const;

/** An answer of the calls between servers; refusals too stand under HTTP 200 (facts/e-devlet.md §3, §4). */
export function jsonReply(body: object): HttpReply {
  return {
    status: 200,
    headers: { ...ALWAYS, 'Content-Type': 'application/json;charset=UTF-8' },
    body: JSON.stringify(body),
  };
}

export function htmlReply(
  status: number,
  html: string,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  return {
    status,
    headers: { ...ALWAYS, 'Content-Type': 'text/html; charset=utf-8', ...headers },
    body: html,
  };
}

/** `location`: of our own, or a registered address with parameters. */
export function redirect(location: string, headers: Readonly<Record<string, string>> = {}): HttpReply {
  return { status: 302, headers: { ...ALWAYS, ...headers, Location: location }, body: '' };
}

/** A registered address with parameters behind it; its own text stays as it was registered. */
export function withParameters(address: string, parameters: Readonly<Record<string, string>>): string {
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(parameters)}`;
}
