import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { pageHeaders, sendPage } from '../../src/pages/pages.js';

/** The answer of a server that sends one page. */
async function sent(status: number, html: string, targets?: readonly string[], before: object = {}) {
  const server = createServer((_request, response) => {
    response.setHeader('Set-Cookie', 'a=b');
    for (const [name, value] of Object.entries(before)) response.setHeader(name, value);
    sendPage(response, status, html, targets);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a page that is sent', () => {
  test('lets nothing run, load, frame, keep or guess, and leaves cookies alone', async () => {
    const { status, headers, text } = await sent(403, '<p>ğüşıöç</p>');
    expect(status).toBe(403);
    expect(text).toBe('<p>ğüşıöç</p>');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('set-cookie')).toBe('a=b');
  });

  test.each([
    [503, '30'],
    [429, '60'],
    [200, null],
    [403, null],
    [502, null],
  ])('with status %d says when asking again may help, and only there', async (status, seconds) => {
    expect((await sent(status, 'x')).headers.get('retry-after')).toBe(seconds);
  });

  test('keeps what is known better of when to ask again', async () => {
    const { headers } = await sent(429, 'x', [], { 'Retry-After': '900' });
    expect(headers.get('retry-after')).toBe('900');
  });

  test('names the origins that its forms may lead to, each once and without path', async () => {
    const { headers } = await sent(200, 'x', [
      'https://koopbis.example/donus?a=1;script-src%20*',
      'https://koopbis.example/x',
      'https://giris.turkiye.gov.tr:8443/y',
    ]);
    expect(headers.get('content-security-policy')).toContain(
      "; form-action 'self' https://koopbis.example https://giris.turkiye.gov.tr:8443; frame-ancestors",
    );
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'app.example://return',
    '*',
    "'unsafe-inline'",
    'https://*.example/',
    'https://a.example;script-src/',
    '',
  ])('takes %j for no target of a form', (target) => {
    expect(() => pageHeaders([target])).toThrow('a form target must be an http or https address');
  });
});
