import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FormPart, Part } from '../../../src/console/frame/parts.js';
import { FrameServer, madePerson } from './support/frame-server.js';

let server: FrameServer;

beforeAll(async () => {
  server = await FrameServer.open();
  server.seat('officer', madePerson(1, ['security-officer']));
  server.seat('stepped', madePerson(2, ['security-officer'], true));
  server.seat('finance', madePerson(3, ['finance'], true));
  server.seat('weak-finance', madePerson(4, ['finance']));
});
afterAll(() => server.close());
beforeEach(() => server.clear());

const HOLD = '/konsol/guvenlik/saklama/tutma';
const UPLOAD = '/konsol/mali/mutabakat';
const codeOf = (html: string) => /data-code="([A-Z_]+)"/.exec(html)?.[1] ?? null;

async function expectRefused(response: Response, status: number, code: string, reason: string | null) {
  const html = await response.text();
  expect([response.status, codeOf(html)]).toEqual([status, code]);
  expect(server.calls).toEqual([]);
  expect(server.entries.map(({ data, kind }) => [kind, data.code, data.reason])).toEqual([
    ['console.refused', code, reason],
  ]);
  return html;
}

function upload(who: string, parts: readonly (readonly [string, string | Blob, string?])[]): FormData {
  const form = new FormData();
  form.append('csrf', server.tokenOf(who));
  for (const [name, value, fileName] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, fileName);
  }
  return form;
}

describe('a form that is not ours', () => {
  test.each<[string, () => readonly (readonly [string, string])[]]>([
    ['no token', () => [['csrf', '']]],
    ['another session’s token', () => [['csrf', server.tokenOf('officer')]]],
    [
      'a token that stands twice',
      () => [
        ['csrf', server.tokenOf('stepped')],
        ['csrf', server.tokenOf('stepped')],
      ],
    ],
    ['a token cut short', () => [['csrf', server.tokenOf('stepped').slice(0, -1)]]],
  ])('with %s is refused with an entry, and nothing is done', async (_what, fields) => {
    await expectRefused(await server.post(HOLD, 'stepped', fields()), 403, 'FORM_INVALID', 'token');
  });

  test.each([
    ['Origin', 'https://kotu.example'],
    ['Origin', 'null'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Sec-Fetch-Site', 'none'],
  ])('that came with %s: %s is refused before it is read', async (name, value) => {
    const response = await server.post(HOLD, 'stepped', [], { [name]: value });
    await expectRefused(response, 403, 'FORM_INVALID', 'foreign-origin');
    expect(server.steps).not.toContain('form');
  });

  test('our own origin is none of these', async () => {
    const headers = { Origin: server.origin, 'Sec-Fetch-Site': 'same-origin' };
    expect((await server.post(HOLD, 'stepped', [], headers)).status).toBe(200);
  });

  test('in another media type than forms have is refused', async () => {
    const body = JSON.stringify({ csrf: server.tokenOf('stepped') });
    const response = await fetch(`${server.origin}${HOLD}`, {
      method: 'POST',
      headers: { Cookie: 'kim=stepped', 'Content-Type': 'application/json' },
      body,
    });
    await expectRefused(response, 403, 'FORM_INVALID', 'token');
  });
});

describe('what a form may hold', () => {
  test('texts come cleaned: NFC, lines with LF, without other control characters, trimmed; names may be anything', async () => {
    await server.post(HOLD, 'stepped', [
      ['gerekce', '  e\u0301 bir\r\niki\u0000\u0007  '],
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['tur', 'a'],
      ['tur', 'b'],
    ]);
    const fields = server.calls[0]?.call.fields;
    expect(fields?.get('gerekce')).toBe('é bir\niki');
    expect([fields?.get('__proto__'), fields?.get('constructor'), fields?.get('toString')]).toEqual([
      '',
      'y',
      '',
    ]);
    expect([fields?.all('tur'), fields?.get('tur'), fields?.file('tur')]).toEqual([['a', 'b'], '', null]);
  });

  test('more than 64 kB of text is too large', async () => {
    const response = await server.post(HOLD, 'stepped', [['gerekce', 'a'.repeat(70_000)]]);
    await expectRefused(response, 413, 'BODY_TOO_LARGE', null);
  });

  test('more than 200 fields are none of our forms', async () => {
    const fields = Array.from({ length: 201 }, (_, n) => [`f${n}`, 'x'] as const);
    await expectRefused(await server.post(HOLD, 'stepped', fields), 403, 'FORM_INVALID', 'unreadable');
  });
});

describe('an upload', () => {
  const file = (bytes: number) => new Blob(['a'.repeat(bytes)], { type: 'text/csv' });

  test('comes with its fields and bytes, its name cleaned', async () => {
    const form = upload('finance', [
      ['ceyrek', '2026-Q3'],
      ['dosya', new Blob(['a;b\n1;2\n']), 'kas\u0131m \u202e.csv'],
    ]);
    expect((await server.post(UPLOAD, 'finance', form)).status).toBe(200);
    const fields = server.calls[0]?.call.fields;
    expect([fields?.get('ceyrek'), fields?.file('ceyrek')]).toEqual(['2026-Q3', null]);
    expect(fields?.file('dosya')?.bytes.toString()).toBe('a;b\n1;2\n');
    expect(fields?.file('dosya')?.name).toMatch(/^kasım .*\.csv$/);
    expect(fields?.entries.map(([name]) => name)).toEqual(['csrf', 'ceyrek']);
  });

  test('without a chosen file has none', async () => {
    await server.post(UPLOAD, 'finance', upload('finance', [['dosya', new Blob([]), '']]));
    expect(server.calls[0]?.call.fields.file('dosya')).toBeNull();
  });

  test.each<[string, () => FormData, number, string, string | null]>([
    [
      'a file over the limit',
      () => upload('finance', [['dosya', file(2_001), 'a.csv']]),
      413,
      'BODY_TOO_LARGE',
      null,
    ],
    [
      'two files',
      () =>
        upload('finance', [
          ['dosya', file(3), 'a.csv'],
          ['dosya', file(3), 'b.csv'],
        ]),
      403,
      'FORM_INVALID',
      'unreadable',
    ],
    [
      'too many fields',
      () =>
        upload(
          'finance',
          Array.from({ length: 201 }, (_, n) => [`f${n}`, 'x'] as const),
        ),
      403,
      'FORM_INVALID',
      'unreadable',
    ],
    [
      'a field over the limit',
      () => upload('finance', [['not', 'a'.repeat(65_537)]]),
      413,
      'BODY_TOO_LARGE',
      null,
    ],
    [
      'fields over the limit together',
      () =>
        upload('finance', [
          ['bir', 'a'.repeat(40_000)],
          ['iki', 'a'.repeat(40_000)],
        ]),
      413,
      'BODY_TOO_LARGE',
      null,
    ],
    [
      'a field with an endless name',
      () => upload('finance', [['n'.repeat(300), 'x']]),
      403,
      'FORM_INVALID',
      'unreadable',
    ],
  ])('with %s is refused', async (_what, form, status, code, reason) => {
    await expectRefused(await server.post(UPLOAD, 'finance', form()), status, code, reason);
  });

  test('that is no such form at all is refused', async () => {
    const response = await fetch(`${server.origin}${UPLOAD}`, {
      method: 'POST',
      headers: { Cookie: 'kim=finance', 'Content-Type': 'multipart/form-data' },
      body: 'x',
    });
    await expectRefused(response, 403, 'FORM_INVALID', 'unreadable');
  });

  test('whose sender leaves in the middle ends, and is told as refused', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `POST ${UPLOAD} HTTP/1.1\r\nHost: x\r\nCookie: kim=finance\r\nContent-Length: 500\r\n` +
        'Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
    );
    while (!server.steps.includes('roles')) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.destroy();
    while (server.finished.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(server.finished).toMatchObject([{ status: 403, code: 'FORM_INVALID' }]);
    expect(server.calls).toEqual([]);
  });

  test('of a file is taken by the rows that say so alone', async () => {
    const response = await server.post(HOLD, 'stepped', upload('stepped', [['dosya', file(3), 'a.csv']]));
    await expectRefused(response, 403, 'FORM_INVALID', 'token');
  });
});

describe('the second step', () => {
  test('that is missing keeps what was typed, however hostile, and offers to send it again', async () => {
    const typed = [
      ['gerekce', '"><script>alert(1)</script>\nikinci satır'],
      ['tur', 'a'],
      ['tur', '\u202Eters'],
      ['"><img src=x onerror=alert(1)>', 'x'],
    ] as const;
    const response = await server.post(HOLD, 'officer', typed);
    const html = await expectRefused(response, 403, 'STEP_UP_REQUIRED', null);
    expect(html).not.toMatch(/<script>|<img/);
    const back = new URL(
      (/href="(\/oidc\/auth[^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&'),
      server.origin,
    );
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      acr_values: 'urn:koopbis:acr:step-up',
      redirect_uri: `${server.origin}/konsol/don`,
    });
    const kept = [...html.matchAll(/<textarea class="unseen" name="([^"]*)" hidden>([^<]*)<\/textarea>/g)];
    const plain = (text = '') =>
      text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
    const again = kept.map(([, name, value]) => [plain(name), plain(value)] as const);
    expect(again).toEqual(typed);
    expect(html.match(/name="csrf"/g)).toHaveLength(1);

    server.clear();
    server.seat('officer', madePerson(1, ['security-officer'], true));
    expect((await server.post(HOLD, 'officer', again)).status).toBe(200);
    expect(server.calls[0]?.call.fields.all('tur')).toEqual(['a', '\u202Eters']);
    server.seat('officer', madePerson(1, ['security-officer']));
  });

  test('that is missing at an upload leads back to its page: a file is kept on none', async () => {
    const form = upload('weak-finance', [['dosya', new Blob(['x']), 'a.csv']]);
    const html = await expectRefused(
      await server.post(UPLOAD, 'weak-finance', form),
      403,
      'STEP_UP_REQUIRED',
      null,
    );
    expect(html).toContain(`href="${UPLOAD}"`);
    expect(html).not.toContain('<textarea');
  });

  describe('before a file is chosen', () => {
    const words = { tr: 'Sayfa', en: 'Page' };
    const fileForm = (action: string): Part => ({
      part: 'form',
      action,
      method: 'post',
      upload: true,
      fields: [{ kind: 'file', name: 'dosya', label: words, accept: '.csv' }],
      submit: words,
    });
    const shows = (...parts: readonly Part[]) =>
      server.answers.set('reconciliation', async () => ({
        kind: 'page',
        page: { title: words, help: words, parts },
      }));
    const shown = async (who: string, path = UPLOAD) => (await server.get(path, who)).text();

    test('is offered at the top in the place of the form, and leads back to the same page', async () => {
      shows(fileForm(UPLOAD));
      const html = await shown('weak-finance', `${UPLOAD}?once=12&soz=done`);
      expect(html).not.toContain('type="file"');
      expect(html).toContain('Dosyayı seçmeden önce doğrulayın');
      const way = new URL(
        (/href="(\/oidc\/auth[^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&amp;', '&'),
        'http://x',
      );
      expect(Object.fromEntries(way.searchParams)).toMatchObject({
        acr_values: 'urn:koopbis:acr:step-up',
        state: `${UPLOAD}?once=12`,
      });
      expect(server.steps).toContain('step-up fees.decide');
    });

    test('is offered for a form that stands inside a part that opens, too', async () => {
      shows({ part: 'more', summary: words, parts: [fileForm(UPLOAD)] });
      const html = await shown('weak-finance');
      expect(html).not.toContain('type="file"');
      expect(html).toContain('Dosyayı seçmeden önce doğrulayın');
    });

    test('is not asked where it was given, where the settings do not ask, or of a form without a file', async () => {
      shows(fileForm(UPLOAD));
      const stepped = await shown('finance');
      server.behaviour.needsStepUp = false;
      const unasked = await shown('weak-finance');
      server.behaviour.needsStepUp = true;
      const { upload: _upload, ...plain } = fileForm(UPLOAD) as FormPart;
      shows({ ...plain, fields: [] });
      const without = await shown('weak-finance');
      for (const html of [stepped, unasked, without]) {
        expect(html).toContain(`action="${UPLOAD}"`);
        expect(html).not.toContain('Dosyayı seçmeden önce');
      }
    });
  });

  test('is not asked for what the settings do not name, nor of who only looks', async () => {
    await server.get('/konsol/guvenlik/saklama', 'officer');
    expect(server.steps.some((step) => step.startsWith('step-up'))).toBe(false);
    server.behaviour.needsStepUp = false;
    expect((await server.post(HOLD, 'officer')).status).toBe(200);
    expect(server.steps).toContain('step-up audit.decide');
  });

  test('is asked for after the form’s own token: who forges a form learns nothing', async () => {
    await expectRefused(await server.post(HOLD, 'officer', [['csrf', 'x']]), 403, 'FORM_INVALID', 'token');
    expect(server.steps.some((step) => step.startsWith('step-up'))).toBe(false);
  });
});
