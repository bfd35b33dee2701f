import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { SIGN_IN_CODES } from '../../src/errors/sign-in-code.js';
import { createPages } from '../../src/pages/pages.js';
import { SIGN_IN_TEXTS } from '../../src/pages/sign-in-texts.js';
import { VIEW_NAMES, type Views } from '../../src/pages/views.js';
import { KimlikNo } from '../../src/person/kimlik-no.js';
import { drawn, EXAMPLES, type Example, titleOf } from './support/views.js';

const TEMPLATES = 'src/pages/templates';
const MAX_STYLESHEET_BYTES = 20_000;
const MAX_PAGE_BYTES = 32_000;

const pages = createPages(TEMPLATES);
const byTitle = EXAMPLES.map((one) => [titleOf(one), one] as const);

/** Members that hold one of a closed list and never what somebody wrote. */
const CLOSED = ['code', 'problem'];
/** Members that hold an address. */
const ADDRESSES = ['action', 'retryUrl', 'helpUrl', 'enrolUrl', 'backUrl', 'continueUrl', 'url'];

/** The view with each of its texts made hostile, and the texts that are to be seen. */
function hostile({ view, unshown }: Example): { view: Views[keyof Views]; texts: string[] } {
  const texts: string[] = [];
  const change = (value: unknown, member: string): unknown => {
    if (typeof value === 'string') {
      if (CLOSED.includes(member)) return value;
      const text = `<script>"'&${texts.length}</script>`;
      // An image's address has the document in Base64.
      if (!unshown.includes(member) && member !== 'qrSvg') texts.push(text);
      return ADDRESSES.includes(member) ? `/x?${text}` : text;
    }
    if (Array.isArray(value)) return value.map((one) => change(one, member));
    if (value === null || typeof value !== 'object' || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, change(one, name)]));
  };
  return { view: change(view, '') as Views[keyof Views], texts };
}

const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

describe('every page', () => {
  test('of every view has an example here', () => {
    expect(new Set(EXAMPLES.map(({ name }) => name))).toEqual(new Set(VIEW_NAMES));
  });

  test.each(byTitle)('%s shows every text escaped, and none as it came', (_title, one) => {
    const { view, texts } = hostile(one);
    // Secrets are shown in groups.
    const html = drawn(pages, { ...one, view }).replace(/\s/g, '');
    expect(html).not.toMatch(/<script/i);
    for (const text of texts) {
      expect(html).not.toContain(text);
      expect(html).toContain(escaped(text));
    }
  });

  test.each(byTitle)(
    '%s holds no script, no style attribute, no handler and nothing of another host',
    (_title, one) => {
      const html = drawn(pages, one);
      expect(html).not.toMatch(/<(script|style|iframe|object|embed|base|svg|form[^>]+method="get")/i);
      expect(html).not.toMatch(/\s(style|on[a-z]+)=/i);
      const loaded = [...html.matchAll(/\ssrc="([^"]*)"|<link[^>]+href="([^"]*)"/g)].map(
        ([, src, href]) => src ?? href,
      );
      for (const address of loaded) expect(address).toMatch(/^(data:|\/stil\.[0-9a-f]{12}\.css$)/);
      const hosts = [...html.matchAll(/https?:\/\/([^/"]+)/g)].map(([, host]) => host);
      for (const host of hosts) expect(['www.turkiye.gov.tr', 'koopbis.example']).toContain(host);
    },
  );

  test.each(byTitle)(
    '%s names itself, is Turkish with English marked as such, and stays small',
    (_title, one) => {
      const html = drawn(pages, one);
      expect(html.startsWith('<!doctype html>\n<html lang="tr">')).toBe(true);
      expect(html).toMatch(new RegExp(`<main [^>]*data-page="${one.name}"`));
      expect(html).toMatch(/<h1>[^<]+<span lang="en">[^<]+<\/span><\/h1>/);
      expect(html.match(/<h1/g)).toHaveLength(1);
      expect(html).not.toMatch(/undefined|\[object|NaN/);
      expect(Buffer.byteLength(html)).toBeLessThan(MAX_PAGE_BYTES);
    },
  );
});

describe('what a page is given', () => {
  const refused = EXAMPLES[0]?.view as Views['refused'];

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://www.turkiye.gov.tr/',
    '//other.example/',
    '/\\other.example/',
    'https:other.example',
    '/with a blank',
    '/with\na line',
    'relative',
    '',
  ])('an address like %j gives no page', (retryUrl) => {
    expect(() => pages.render('refused', { ...refused, retryUrl })).toThrow(
      'neither a path of ours nor https',
    );
  });

  test('what is no text gives no page, an identity number least of all', () => {
    const number = KimlikNo.parse('10000000146') as unknown as string;
    for (const errorNo of [number, undefined, {}, ['a']] as string[]) {
      expect(() => pages.render('refused', { ...refused, errorNo })).toThrow('a page would print what is');
    }
  });

  test('a QR code goes in as an image’s address, so that nothing of it is markup of the page', () => {
    const qrSvg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const html = pages.render('enrol', { csrf: 'c', shown: { qrSvg, secret: 'ABCDEFGH' }, problem: null });
    expect(html).not.toContain('<svg');
    expect(html).toContain(`src="data:image/svg+xml;base64,${Buffer.from(qrSvg).toString('base64')}"`);
    expect(html).toContain('<code class="secret">ABCD EFGH</code>');
  });

  test('of a list without end a hundred rows are shown, and how many are not', () => {
    const account = EXAMPLES.find(({ name }) => name === 'account')?.view as Views['account'];
    const [first] = account.sessions;
    if (first === undefined) throw new Error('no session');
    const html = pages.render('account', { ...account, sessions: Array(130).fill(first) });
    expect(html.match(/name="oturum"/g)).toHaveLength(100);
    expect(html).toContain('ve 30 kayıt daha');
  });

  test('who has seats that give nothing is told of them before what to do, and not that there are none', () => {
    const standing = [{ tr: 'Üye: X (tescil bekleniyor)', en: 'Member: X (registration pending)' }];
    const told = { action: '/a', names: null };
    const html = pages.render('told', { ...told, standing });
    const [seat, todo] = [html.indexOf('Üye: X (tescil bekleniyor)'), html.indexOf('Ne yapmalısınız?')];
    expect(seat).toBeGreaterThan(0);
    expect(todo).toBeGreaterThan(seat);
    expect(html).toContain('<span lang="en">Member: X (registration pending)</span>');
    expect(html).not.toContain('bulunmuyor');
    expect(pages.render('told', { ...told, standing: [] })).toContain('bulunmuyor');
    const many = pages.render('told', { ...told, standing: standing.flatMap((one) => Array(130).fill(one)) });
    expect(many).toContain('ve 30 kayıt daha');
  });

  test('moments are those of Istanbul', () => {
    const lockedUntil = new Date('2026-12-31T21:30:00Z');
    const html = pages.render('step-up', {
      action: '/a',
      problem: null,
      lockedUntil,
      enrolUrl: '/b',
    });
    expect(html).toContain('data-code="STEP_UP_LOCKED"');
    expect(html).toContain('01.01.2027 00:30');
    expect(html).toContain('1 January 2027, 00:30');
  });
});

describe('texts', () => {
  test('stand for every code, in both languages: what happened and what to do', () => {
    expect(Object.keys(SIGN_IN_TEXTS).sort()).toEqual([...SIGN_IN_CODES].sort());
    for (const { title, what, todo } of Object.values(SIGN_IN_TEXTS)) {
      for (const { tr, en } of [title, what, todo]) {
        expect(tr.length).toBeGreaterThan(10);
        expect(en.length).toBeGreaterThan(10);
        expect(tr).not.toBe(en);
      }
    }
  });

  test('of the refusal for want of two steps say since when, how to switch it on, and that nothing is lost', () => {
    const html = drawn(pages, EXAMPLES.find(({ label }) => label === 'TWO_STEP_REQUIRED') as Example);
    for (const words of [
      'data-code="TWO_STEP_REQUIRED"',
      'iki aşamalı giriş',
      '31.07.2025',
      '31 July 2025',
      'Şifre ve Güvenlik Ayarlarım',
      'İki Aşamalı Giriş',
      'href="https://www.turkiye.gov.tr/"',
      'Hiçbir şey kaybolmadı',
      'href="/giris/adim/uid/yeniden"',
      'Tekrar dene',
      '3f0c5c1e-0000-4000-8000-000000000001',
    ])
      expect(html).toContain(words);
  });

  test('of the notice hold what 6698 m.10 asks for, and ask for no consent', () => {
    const html = drawn(pages, EXAMPLES.find(({ name }) => name === 'notice') as Example);
    for (const words of [
      'T.C. Ticaret Bakanlığı',
      '9 uncu maddesinin üçüncü fıkrası',
      '(a) bendi',
      '(ç) bendi',
      'Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü',
      'MERSİS',
      'KVKK m.11',
      'Çankaya/Ankara',
      '2026-1',
      'Okudum, devam et',
      'açık rıza istenmez',
    ])
      expect(html).toContain(words);
    expect(html).not.toMatch(/kabul ediyorum|onaylıyorum|rıza gösteriyorum|checkbox|I agree|I accept/i);
  });
});

describe('templates', () => {
  const files = readdirSync(TEMPLATES).filter((file) => file.endsWith('.eta'));

  test.each(files)('%s writes nothing raw but parts and what a layout holds', (file) => {
    const text = readFileSync(join(TEMPLATES, file), 'utf8');
    const raw = [...text.matchAll(/<%~\s*(.{0,20})/g)].map(([, what]) => what ?? '');
    for (const what of raw) expect(what).toMatch(/^(include\('@|it\.body %>)/);
  });

  test('that are missing end the start', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pages-'));
    try {
      writeFileSync(join(folder, 'refused.eta'), '<p>');
      expect(() => createPages(folder)).toThrow('no page template announced.eta');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('are found without a folder being named, too', () => {
    expect(createPages().stylesheet).toEqual(pages.stylesheet);
  });

  test('the stylesheet is small, loads nothing, and its path tells its content', () => {
    const { path, body } = pages.stylesheet;
    expect(path).toMatch(/^\/stil\.[0-9a-f]{12}\.css$/);
    expect(Buffer.byteLength(body)).toBeLessThan(MAX_STYLESHEET_BYTES);
    expect(body).not.toMatch(/@import|url\(|@font-face/);
  });
});
