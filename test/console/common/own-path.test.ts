import { describe, expect, test } from '@jest/globals';
import { switchLanguage } from '../../../src/console/common/language.js';
import { comeBack } from '../../../src/console/common/returned.js';
import type { OpenCall } from '../../../src/console/frame/call.js';
import { ownPath } from '../../../src/console/frame/own-path.js';
import { typed } from '../support/console-desk.js';

/** Addresses that lead elsewhere in one browser or another, or that nobody of ours writes. */
const FOREIGN = [
  '//kotu.example',
  '///kotu.example',
  '/\\kotu.example',
  '\\/kotu.example',
  '/konsol//kotu.example',
  '/konsol/\\kotu.example',
  '/konsol/..//kotu.example',
  '/konsol/../oidc/auth',
  '/konsol/./x',
  '/konsol/%2e%2e/oidc',
  '/konsol%2f..%2foidc',
  '/konsol@kotu.example',
  '/konsolx',
  '/konsol.kotu.example',
  '/hesabim',
  '/',
  '',
  'konsol',
  'https://kotu.example/konsol',
  'https:/konsol',
  'javascript:alert(1)',
  '/konsol\n/x',
  '/konsol\t',
  ' /konsol',
  '/konsol?a=\r\nSet-Cookie: x=y',
  '/konsol?a=<script>',
  '/konsol?a="',
  '/konsol#x',
  `/konsol/${'a'.repeat(1000)}`,
];

const call = (query: Record<string, string>, more: Partial<OpenCall> = {}): OpenCall => ({
  person: null,
  params: {},
  query: new URLSearchParams(query),
  fields: typed(),
  at: new Date(),
  requestId: '00000000-0000-4000-8000-000000000001',
  language: 'tr',
  ...more,
});
const steppedUp = (is: boolean) => ({ steppedUp: is, roles: [], names: null }) as never;

describe('where a browser may be sent on to', () => {
  test.each([
    ['/konsol', '/konsol'],
    ['/konsol/mali/ceyrek/2026-Q3', '/konsol/mali/ceyrek/2026-Q3'],
    ['/konsol/guvenlik/arama/3f0c5c1e-0000-4000-8000-000000000001?once=12', null],
    ['/konsol/mudurluk/kooperatifler?il=%C4%B0zmir&durum=faal', null],
    ['/konsol/isler?soz=done', '/konsol/isler'],
    ['/konsol/isler?a=1&soz=done&b=2', '/konsol/isler?a=1&b=2'],
    ['/konsol/isler?', '/konsol/isler'],
  ])('%s: a page of the console, without what was said once', (given, wanted) => {
    expect(ownPath(given)).toBe(wanted ?? given);
  });

  test.each(FOREIGN)('%j: nowhere', (given) => {
    expect(ownPath(given)).toBeNull();
  });
});

describe('the language', () => {
  test.each([
    ['en', 'en'],
    ['tr', 'tr'],
    ['de', 'tr'],
    ['', 'tr'],
  ])('%j is set as %s, and the browser goes back to where it was', async (dil, language) => {
    expect(await switchLanguage(call({ dil, don: '/konsol/isler?a=1' }))).toEqual({
      kind: 'see-other',
      to: '/konsol/isler?a=1',
      language,
    });
  });

  test.each(FOREIGN)('never leads to %j', async (don) => {
    expect(await switchLanguage(call({ dil: 'en', don }))).toMatchObject({ to: '/konsol' });
  });
});

describe('the way back from sign-in', () => {
  test('leads to the page that was wanted', async () => {
    expect(await comeBack(call({ state: '/konsol/mali?soz=x' }))).toEqual({
      kind: 'see-other',
      to: '/konsol/mali',
    });
  });

  test.each(FOREIGN)('never leads to %j', async (state) => {
    expect(await comeBack(call({ state }))).toMatchObject({
      kind: 'page',
      page: { title: { tr: 'Oturumunuz kapalı' } },
    });
  });

  test.each([
    ['who is signed out', null, {}, 'Oturumunuz kapalı'],
    ['who is signed in', steppedUp(false), {}, 'Oturumunuz açık'],
    ['who gave the second step', steppedUp(true), {}, 'İkinci adım tamam'],
    ['who left sign-in unfinished', null, { error: 'access_denied', state: '/konsol' }, 'Giriş tamamlanmadı'],
    [
      'who left the second step unfinished',
      steppedUp(false),
      { error: 'access_denied' },
      'Giriş tamamlanmadı',
    ],
  ])('says to somebody %s how it stands', async (_who, person, query, title) => {
    expect(await comeBack(call(query, { person }))).toMatchObject({
      kind: 'page',
      page: { title: { tr: title } },
    });
  });
});
