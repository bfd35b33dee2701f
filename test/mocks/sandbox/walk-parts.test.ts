import { describe, expect, it } from '@jest/globals';
import { CookieJar } from '../../../mocks/sandbox/walk/cookie-jar.js';
import { codeNow, freshCodes } from '../../../mocks/sandbox/walk/one-time-codes.js';
import { formWith, readPage } from '../../../mocks/sandbox/walk/read-page.js';
import { refusedBy } from '../../../mocks/sandbox/walk/refused.js';

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const at = (url: string) => new URL(url);

describe('a page', () => {
  it('is read with its marks and forms, as a browser without scripts would send them', () => {
    const content = readPage(`<!DOCTYPE html><!-- <form action="/no"> -->
      <style>form > input[name="x"] {}</style>
      <main data-page="step-up" data-code="STEP_UP_REPLAYED_CODE">
      <FORM METHOD='POST' action='/giris/adim/a?b=1&amp;c=2'>
      <input type=hidden name=csrf value="a&quot;b&#39;&lt;&#x131;">
      <input name="kod" maxlength=40><input type="checkbox" name="off"><input type="checkbox" name="on" checked>
      <input name="gone" disabled>
      <button type="button" name="never">?</button>
      <button name="islem" value="devam">Devam</button><button name="islem" value="vazgec">Vazgeç</button>
      </FORM><form action="/ara"><input name="q" value="x > y"></form></main>`);
    expect(content).toEqual({
      page: 'step-up',
      code: 'STEP_UP_REPLAYED_CODE',
      forms: [
        {
          action: '/giris/adim/a?b=1&c=2',
          method: 'post',
          fields: [
            ['csrf', 'a"b\'<ı'],
            ['kod', ''],
            ['on', 'on'],
            ['islem', 'devam'],
          ],
        },
        { action: '/ara', method: 'get', fields: [['q', 'x > y']] },
      ],
    });
    expect(formWith(content, 'kod', 'csrf')?.method).toBe('post');
    expect(formWith(content, 'sifre')).toBeUndefined();
  });

  it('without marks has none, and an empty mark is none', () => {
    expect(readPage('<p>x</p>')).toEqual({ page: null, code: null, forms: [] });
    expect(readPage('<main data-page="told" data-code="">').code).toBeNull();
  });
});

describe('cookies', () => {
  it('go to every port of the host, but only below their path', () => {
    const jar = new CookieJar();
    jar.take(at('https://localhost:1/giris/adim/a'), ['a=1; Path=/; Secure', 'b=2; path=/giris', 'c=3'], 0);
    expect(jar.header(at('https://localhost:2/giris/x'))).toBe('b=2; a=1');
    expect(jar.header(at('https://localhost:1/giris/adim/z'))).toBe('c=3; b=2; a=1');
    expect(jar.header(at('https://localhost:1/girisler'))).toBe('a=1');
  });

  it('are replaced by name and path, and end by Max-Age and Expires', () => {
    const jar = new CookieJar();
    const url = at('https://localhost:1/');
    jar.take(url, ['a=1; Path=/', 'b=x=y; Path=/'], 0);
    jar.take(url, ['a=2; Path=/'], 0);
    expect(jar.header(url)).toBe('b=x=y; a=2');
    jar.take(url, ['a=; Path=/; Max-Age=0', 'b=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], 1);
    expect(jar.header(url)).toBeUndefined();
  });

  it.each([
    '__Host-a=1; Path=/',
    '__Host-a=1; Secure; Path=/giris',
    '__Host-a=1; Secure; Path=/; Domain=localhost',
    '__Secure-a=1; Path=/',
    'a=1; Domain=elsewhere.example',
    'no pair',
  ])('that a browser would drop are dropped: %s', (header) => {
    const jar = new CookieJar();
    jar.take(at('https://localhost:1/'), [header], 0);
    expect(jar.header(at('https://localhost:1/'))).toBeUndefined();
  });

  it('are not kept without end', () => {
    const jar = new CookieJar();
    const many = Array.from({ length: 100 }, (_, i) => `c${i}=1`);
    expect(() => jar.take(at('https://localhost:1/'), many, 0)).toThrow('too many cookies');
  });
});

describe('codes of the second step', () => {
  it('are of this step, the next one, the one before; then the next step is waited for, six at the most', async () => {
    let now = 1_700_000_010_000; // a third into a step
    const waits: number[] = [];
    const clock = {
      now: () => now,
      sleep: async (ms: number) => {
        waits.push(ms);
        now += ms;
      },
    };
    const ofStep = (offset: number) =>
      codeNow(SECRET, { ...clock, now: () => 1_700_000_010_000 + offset * 30_000 });
    const next = freshCodes(SECRET, clock);
    const first = [await next(), await next(), await next()];
    expect(first).toEqual([ofStep(0), ofStep(1), ofStep(-1)]);
    expect(waits).toEqual([]);
    expect(await next()).toBe(ofStep(2));
    expect(waits).toHaveLength(1);
    expect([await next(), await next(), await next()]).toEqual([ofStep(3), ofStep(4), null]);
    expect(waits.every((ms) => ms > 0 && ms <= 30_050)).toBe(true);
  });
});

describe('a reason', () => {
  it.each([
    ['TWO_STEP_REQUIRED', 'two-step-required'],
    ['password-refused', 'password-refused'],
    ['APPLICATION_REFUSED', 'client-unknown'],
    ['STEP_UP_WRONG_CODE', 'step-up-refused'],
    ['STEP_UP_NOT_ENROLLED', 'step-up-unavailable'],
    ['access_denied', 'access-denied'],
  ])('%s is told as %s', (code, reason) => {
    expect(refusedBy(code).message).toBe(reason);
  });
});
