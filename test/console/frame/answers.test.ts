import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { FrameServer, madePerson, NAMES } from './support/frame-server.js';

let server: FrameServer;

beforeAll(async () => {
  server = await FrameServer.open();
  server.seat('officer', madePerson(1, ['security-officer']));
  server.seat('finance', madePerson(3, ['finance']));
});
afterAll(() => server.close());
beforeEach(() => server.clear());

const HOLD = '/konsol/guvenlik/saklama/tutma';
const HOSTILE = "<script>alert(1)</script>\"' onload=x \u202E=cmd|' /C calc'!A0";

describe('every page', () => {
  test.each<[string, () => Promise<Response>]>([
    ['that is shown', () => server.get('/konsol', 'officer')],
    ['that anyone may open', () => server.get('/konsol/parcalar')],
    ['that is refused', () => server.get('/konsol/mali', 'officer')],
    ['that is not there', () => server.get('/konsol/yok')],
    ['that asks for the second step', () => server.post(HOLD, 'officer')],
    ['that comes with an error', () => server.post(HOLD, null)],
  ])('%s stands in nobody’s frame, runs no script but ours and is kept by nobody', async (_what, ask) => {
    const { headers } = await ask();
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; " +
        "form-action 'self' https://giris.example; frame-ancestors 'none'; base-uri 'none'",
    );
    expect([headers.get('x-frame-options'), headers.get('cache-control')]).toEqual(['DENY', 'no-store']);
    expect([headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual([
      'nosniff',
      'same-origin',
    ]);
    expect([headers.get('set-cookie'), headers.get('x-powered-by')]).toEqual([null, null]);
  });

  test('its stylesheets and script are ours, served for ever under their hash', async () => {
    const html = await (await server.get('/konsol', 'officer')).text();
    const files = [...html.matchAll(/(?:href|src)="(\/konsol\/[a-z]+\.[0-9a-f]{12}\.(?:css|js))"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(files).toHaveLength(3);
    for (const path of files) {
      const response = await server.get(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(response.headers.get('content-type')).toMatch(path.endsWith('.js') ? /javascript/ : /text\/css/);
    }
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|style=|https?:\/\//);
  });

  test('shows hostile values harmlessly, kept apart from what surrounds them', async () => {
    const words = { tr: 'Liste', en: 'List' };
    server.answers.set('security', async () => ({
      kind: 'page',
      page: {
        title: HOSTILE,
        help: words,
        parts: [
          { part: 'text', text: HOSTILE },
          { part: 'facts', rows: [{ label: HOSTILE, value: { code: HOSTILE } }] },
          {
            part: 'form',
            action: '/konsol',
            method: 'post',
            submit: words,
            hidden: { [HOSTILE]: HOSTILE },
            fields: [
              { kind: 'text', name: HOSTILE, label: HOSTILE, value: HOSTILE, error: HOSTILE },
              { kind: 'textarea', name: 't', label: words, value: `</textarea>${HOSTILE}` },
              { kind: 'select', name: 's', label: words, options: [{ value: HOSTILE, text: HOSTILE }] },
            ],
          },
          {
            part: 'table',
            caption: HOSTILE,
            columns: [{ label: HOSTILE }],
            rows: [[HOSTILE], [{ mark: 'good', text: HOSTILE }]],
            empty: words,
          },
          { part: 'code', label: words, text: HOSTILE },
        ],
      },
    }));
    const html = await (await server.get('/konsol/guvenlik', 'officer')).text();
    expect(html).not.toMatch(/<script>|<\/textarea>&lt;|<[^>]* onload=x[^>"]*>/);
    expect(html.split('<textarea')).toHaveLength(2);
    expect(html).toContain('<h1><bdi>&lt;script&gt;');
    expect(html).toContain('<td><bdi>&lt;script&gt;');
  });

  test('says what was done once, to a page of ours that led here, and nothing of anybody’s own words', async () => {
    const said = async (path: string, headers: Record<string, string> = {}) =>
      /<div class="box good" role="status"><p>([^<]*)</.exec(
        await (await server.get(path, 'officer', headers)).text(),
      )?.[1] ?? null;
    expect(await said('/konsol?soz=ended')).toBe('Oturum kapatıldı.');
    expect(await said('/konsol?soz=ended', { 'Sec-Fetch-Site': 'same-origin' })).toBe('Oturum kapatıldı.');
    expect(await said('/konsol?soz=ended', { 'Sec-Fetch-Site': 'cross-site' })).toBeNull();
    expect(await said('/konsol?soz=ended', { 'Sec-Fetch-Site': 'none' })).toBeNull();
    for (const soz of ['__proto__', 'constructor', '<b>x</b>', 'Ended', ''])
      expect(await said(`/konsol?soz=${encodeURIComponent(soz)}`)).toBeNull();
  });

  test('a hostile address is not written back into the page', async () => {
    const path = `/konsol?a="><script>alert(1)</script>&b='x`;
    const html = await (await server.get(path, 'officer')).text();
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('"><script');
  });

  test('has the language that the browser chose, and a navigation of what its person may open', async () => {
    const en = await (
      await server.get('/konsol', 'officer', { Cookie: 'a=b; konsol_dil=en; kim=officer' })
    ).text();
    expect(en).toContain('<html lang="en">');
    expect(en).toContain('Page home');
    const tr = await (
      await server.get('/konsol', 'finance', { Cookie: 'konsol_dil=<x>; kim=finance' })
    ).text();
    expect(tr).toContain('<html lang="tr">');
    expect(tr).toContain(`${NAMES.ad} ${NAMES.soyad}`);
    expect([tr.includes('/konsol/mali'), tr.includes('/konsol/guvenlik')]).toEqual([true, false]);
  });
});

describe('an answer', () => {
  test('sends the browser on with GET and says what was done behind it', async () => {
    const cases: [string, string][] = [
      ['/konsol/isler', '/konsol/isler?soz=done'],
      ['/konsol/isler?a=1', '/konsol/isler?a=1&soz=done'],
      ['/konsol/isler#son', '/konsol/isler?soz=done#son'],
    ];
    for (const [to, wanted] of cases) {
      server.answers.set('sessions.end', async () => ({ kind: 'see-other', to, told: 'done' }));
      const response = await server.post('/konsol/oturumlarim/kapat', 'officer');
      expect([response.status, response.headers.get('location')]).toEqual([303, wanted]);
    }
  });

  test('sets the language as a cookie of the console alone', async () => {
    server.answers.set('language', async () => ({ kind: 'see-other', to: '/konsol', language: 'en' }));
    const { headers } = await server.get('/konsol/dil');
    expect(headers.get('set-cookie')).toBe('konsol_dil=en; Path=/konsol; Secure; HttpOnly; SameSite=Lax');
  });

  test('comes back with the status of what was typed wrongly, and with what was said of it', async () => {
    const words = { tr: 'Form', en: 'Form' };
    const error = { tr: 'Gün bugünden sonra olamaz.', en: 'The day may not be after today.' };
    server.answers.set('sessions.end', async () => ({
      kind: 'page',
      status: 422,
      page: {
        title: words,
        help: words,
        parts: [
          {
            part: 'form',
            action: '/konsol',
            method: 'post',
            submit: words,
            fields: [
              { kind: 'date', name: 'gun', label: { tr: 'Gün', en: 'Day' }, value: '2099-01-01', error },
            ],
          },
          {
            part: 'form',
            action: '/konsol',
            method: 'post',
            submit: words,
            fields: [{ kind: 'date', name: 'gun', label: words }],
          },
        ],
      },
    }));
    const response = await server.post('/konsol/oturumlarim/kapat', 'officer');
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain('<title>Hata: Form');
    expect(html).toContain('<a href="#gun">Gün: Gün bugünden sonra olamaz.</a>');
    expect(html).toMatch(
      /id="gun" name="gun" value="2099-01-01"[^>]* aria-invalid="true" aria-describedby="gun-hata"/,
    );
    // A second form with a field of that name is told apart by its id.
    expect(html).toContain('<label for="gun-2">');
    expect(
      [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id).filter((id) => id === 'gun'),
    ).toHaveLength(1);
  });

  test('to an action stands where its page does, in the navigation and for the switch of languages', async () => {
    const placeOf = async (response: Promise<Response>) => {
      const html = await (await response).text();
      const back = /href="\/konsol\/dil\?dil=en&amp;don=([^"]*)"/.exec(html)?.[1] ?? '';
      return [decodeURIComponent(back), /<a href="([^"]*)" aria-current="page"/.exec(html)?.[1] ?? null];
    };
    const officer = (path: string) => placeOf(server.post(path, 'officer'));
    expect(await officer('/konsol/oturumlarim/kapat?a=1')).toEqual([
      '/konsol/oturumlarim',
      '/konsol/oturumlarim',
    ]);
    expect(await officer(HOLD)).toEqual(['/konsol/guvenlik/saklama', '/konsol/guvenlik/saklama']);
    expect(await officer('/konsol/guvenlik/kayit/12/ac')).toEqual(['/konsol/guvenlik/kayit/12', null]);
    expect(await officer('/konsol/guvenlik/arama')).toEqual([
      '/konsol/guvenlik/arama',
      '/konsol/guvenlik/arama',
    ]);
    expect(await placeOf(server.get('/konsol/isler?a=1', 'officer'))).toEqual([
      '/konsol/isler?a=1',
      '/konsol/isler',
    ]);
  });

  test('gives a file to be kept, under a name that can do nothing', async () => {
    const names: [string, string][] = [
      ['tablo-2026-Q3.csv', 'tablo-2026-Q3.csv'],
      ['a"; filename="b.exe', 'dosya'],
      ['../../etc/passwd', 'dosya'],
      ['ş.csv', 'dosya'],
    ];
    for (const [name, wanted] of names) {
      server.answers.set('job.file', async () => ({
        kind: 'file',
        name,
        mediaType: 'text/csv',
        body: Buffer.from('a;b\n'),
      }));
      const response = await server.get('/konsol/isler/7/dosya', 'officer');
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${wanted}"`);
      expect(response.headers.get('content-security-policy')).toBe(
        "default-src 'none'; frame-ancestors 'none'; sandbox",
      );
      expect(await response.text()).toBe('a;b\n');
    }
  });

  test('a file that breaks while it is read is cut off and told with what broke it', async () => {
    const broken = new Error('disk');
    server.answers.set('job.file', async () => ({
      kind: 'file',
      name: 'a.csv',
      mediaType: 'text/csv',
      body: Readable.from(
        (async function* () {
          yield 'a;b\n';
          throw broken;
        })(),
      ),
    }));
    const response = await server.get('/konsol/isler/7/dosya', 'officer');
    await expect(response.text()).rejects.toThrow();
    while (server.finished.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(server.finished).toMatchObject([{ status: 500, code: 'INTERNAL', error: broken }]);
  });

  test('a reader who leaves a file is no fault of ours', async () => {
    let isRead = true;
    server.answers.set('job.file', async () => ({
      kind: 'file',
      name: 'a.csv',
      mediaType: 'text/csv',
      body: Readable.from(
        (async function* () {
          try {
            for (;;) yield 'a'.repeat(65_536);
          } finally {
            isRead = false;
          }
        })(),
      ),
    }));
    const leaving = new AbortController();
    const response = await fetch(`${server.origin}/konsol/isler/7/dosya`, {
      headers: { Cookie: 'kim=officer' },
      signal: leaving.signal,
    });
    expect(response.status).toBe(200);
    leaving.abort();
    while (server.finished.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(server.finished).toMatchObject([{ status: 200, code: null, error: null }]);
    expect(isRead).toBe(false);
  });
});
