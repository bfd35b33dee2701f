import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { browserFor } from '../support/browser-person.js';
import { ConsoleTab } from '../support/console-tab.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { Registry } from '../support/system-authority.js';
import { People, question } from '../support/system-people.js';
import { type Shown, SigningIn } from '../support/system-sign-in.js';

const SCRIPT = '<script>window.hostile=1;alert(1)</script>';
const IMAGE = '"><img src=x onerror="window.hostile=1;alert(1)">';
const BIDI = 'sağdan\u202Esola\u200Falert(1)';
const LONG = `alert(1)${'ğ'.repeat(292)}`;
const FORMULA = '=HYPERLINK("https://evil.example","alert(1)")';
const COMMAND = "+cmd|'/C alert(1)'!A0";
const VALUES = [SCRIPT, IMAGE, BIDI, LONG, FORMULA, COMMAND];
/** Those that fit into a field of a hundred characters. */
const SHORT = VALUES.filter((value) => value !== LONG);

let system: System;
let browser: Browser;
let signing: SigningIn;
let people: People;
let officer: ConsoleTab;
let finance: ConsoleTab;
let administrator: ConsoleTab;
let directorate: ConsoleTab;
/** Whose cooperatives have hostile names; one for each value. */
let renamed: readonly string[];

beforeAll(async () => {
  system = await startSystem({
    people: 300,
    cooperatives: 20,
    koopbis: true,
    settings: (yaml) => {
      yaml.audit.signals = [
        { code: 'many-people', measure: 'people-asked-about', threshold: 1, windowMinutes: 10 },
      ];
      const [first, ...others] = yaml.accounts;
      first.institution = FORMULA;
      first.administrativeUser.name = SCRIPT;
      for (const other of others) other.institution = IMAGE;
      for (const { signIn } of yaml.clients) if (signIn !== undefined) signIn.name = SCRIPT;
    },
  });
  browser = await browserFor(system.sandbox);
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  const board = people.actor('board');
  const token = await system.token(board.kimlikNo);
  for (let n = 0; n < 3; n += 1) {
    const body = question(board.cooperative, people.subject(n));
    expect((await system.call({ token, body })).status).toBe(200);
  }
  const open = (role: string) => ConsoleTab.open(signing, personOf(role));
  [officer, finance] = [await open('security-officer'), await open('finance')];
  [administrator, directorate] = [await open('administrator'), await open('directorate')];
  for (const one of [officer, finance, administrator]) await one.stepUp();
  renamed = await rename();
});
afterAll(async () => {
  await signing?.close();
  await browser?.close();
  await system?.stop();
});

function personOf(role: string) {
  const { kimlikNo } = people.staff((one) => one.split(':')[0] === role);
  return people.person((one) => one.kimlikNo === kimlikNo);
}

/** Gives cooperatives of the directorate's area hostile names: the registry's word, which the bridge believes. */
async function rename(): Promise<string[]> {
  const [area = ''] = personOf('directorate').is.map((one) => one.split(':')[1] ?? '');
  const own = system.sandbox.cooperatives.filter(
    ({ durum, il, ilgiliBakanlik }) => `${ilgiliBakanlik}/${il}` === area && durum === 'faal',
  );
  const registry = new Registry(system);
  const [one] = own;
  if (one === undefined) throw new Error('the directorate has no cooperative');
  // The stand-in itself takes no marks of direction.
  const names = [SCRIPT, IMAGE, LONG, FORMULA];
  const given = names.slice(0, own.length).map((unvan, n) => ({ mersisNo: own[n]?.mersisNo ?? '', unvan }));
  for (const { mersisNo, unvan } of given) await registry.patchAndRead(mersisNo, { unvan });
  return given.map(({ mersisNo }) => mersisNo);
}

/** What was typed comes back escaped or not at all; nothing of it broke anything. */
function expectHarmless({ status, text }: Shown, value: string): void {
  expect([value, status < 500]).toEqual([value, true]);
  for (const raw of [SCRIPT, IMAGE, '<img src=x', '<script>window']) expect(text.includes(raw)).toBe(false);
}

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const BASIS = { authority: 'Teftiş', documentNo: 'T-1', date: '2026-01-05' };

/** Every form that keeps a text: who sends it, where, and the fields; `value` goes into each text of it that may hold it. */
type Form = readonly [
  name: string,
  who: () => ConsoleTab,
  path: () => Promise<string> | string,
  fields: (value: string, n: number) => Record<string, string> | Promise<Record<string, string>>,
  values: readonly string[],
];
const FORMS: readonly Form[] = [
  [
    'maintenance',
    () => administrator,
    () => '/konsol/yonetim/bakim',
    (neden, n) => ({ sistem: 'mersis', bas: `${day(5 + n)}T10:00`, son: `${day(5 + n)}T11:00`, neden }),
    VALUES,
  ],
  [
    'grant of a role',
    () => administrator,
    () => '/konsol/yonetim/roller',
    (neden, n) => ({
      ...{ rol: 'security-officer', kimlikNo: people.subject(10 + n).kimlikNo },
      ...{ neden, yaziNo: neden.slice(0, 90), yaziTarihi: '2026-01-05' },
    }),
    VALUES,
  ],
  [
    'legal hold',
    () => officer,
    () => '/konsol/guvenlik/saklama/tutma',
    (value, n) => ({
      ...{ person: people.subject(20 + n).kimlikNo, yearFrom: '2026', yearTo: '2026' },
      ...{ authority: value.slice(0, 190), number: value.slice(0, 90), date: '2026-01-05', reason: value },
    }),
    VALUES,
  ],
  [
    'destruction',
    () => officer,
    () => '/konsol/guvenlik/saklama/imha',
    (reason, n) => ({
      ...{ person: people.subject(30 + n).kimlikNo, yearFrom: '2026', yearTo: '2026', side: 'subject' },
      ...{ authority: 'court', number: reason.slice(0, 90), date: '2026-01-05', reason },
    }),
    VALUES,
  ],
  [
    'search',
    () => officer,
    () => '/konsol/guvenlik/arama',
    (value) => ({ ...BASIS, authority: value.slice(0, 190), documentNo: value.slice(0, 90) }),
    VALUES,
  ],
  [
    'opened value',
    () => officer,
    async () => `/konsol/guvenlik/kayit/${await leafOf('query.intent')}/ac`,
    (reason) => ({ field: 'subject.number', reason }),
    VALUES,
  ],
  [
    'decision on a signal',
    () => officer,
    async () => `/konsol/guvenlik/uyarilar/${await signalId()}`,
    (note) => ({ decision: 'justified', note }),
    [LONG, BIDI, IMAGE, SCRIPT],
  ],
  [
    'letter to NVİ',
    () => finance,
    () => '/konsol/mali/protokoller/talep',
    (value) => ({
      ...{ hesap: account(), konu: 'static-ip', istenen: value, 'yazi-no': value, 'yazi-gunu': '2026-01-05' },
    }),
    SHORT,
  ],
  [
    'tariff',
    () => finance,
    () => '/konsol/mali/tarife',
    async (gerekce) => ({ satir: await firstOf('/konsol/mali/tarife', 'satir'), gun: day(40), gerekce }),
    VALUES,
  ],
  [
    'budget',
    () => finance,
    () => '/konsol/mali/butce',
    async (gerekce) => ({
      hesap: await firstOf('/konsol/mali/butce', 'hesap'),
      nasil: 'tamamen',
      gerekce,
    }),
    VALUES,
  ],
];

const settings = () => readFileSync(system.layout.configFile, 'utf8');
const account = () => /accounts:\n\s*- id: (\S+)/.exec(settings())?.[1] ?? '';
/** The first choice of a list on a page. */
async function firstOf(path: string, name: string): Promise<string> {
  const { text } = await finance.get(path);
  return new RegExp(`<select[^>]*name="${name}"[\\s\\S]*?<option value="([^"]+)"`).exec(text)?.[1] ?? '';
}

async function leafOf(kind: string): Promise<string> {
  const text = 'SELECT leaf_index FROM bridge.entry WHERE kind = $1 ORDER BY leaf_index LIMIT 1';
  return String((await system.sql(text, [kind]))[0]?.leaf_index);
}

async function signalId(): Promise<string> {
  await until(async () => (await system.sql('SELECT 1 FROM bridge.signal')).length > 0, 75_000);
  return (await system.sql('SELECT signal_id FROM bridge.signal LIMIT 1'))[0].signal_id;
}

describe('texts that are typed', () => {
  it.each(FORMS)(
    '%s: each hostile text is kept as text, or refused beside its field',
    async (_n, who, path, fields, values) => {
      const told: [string, number][] = [];
      for (const [n, value] of values.entries()) {
        const shown = await who().send(await path(), await fields(value, n));
        expectHarmless(shown, value);
        if (shown.location !== null) expectHarmless(await who().tab.follow(shown), value);
        told.push([value.slice(0, 20), shown.status]);
      }
      // At least one of them was good enough for this form.
      expect(told.filter(([, status]) => status === 200 || status === 303)).not.toEqual([]);
      expect(told.filter(([, status]) => ![200, 303, 409, 422].includes(status))).toEqual([]);
    },
  );
});

/** Opens a page with this session and gives everything that must not be. */
async function looked(page: Page, path: string): Promise<string[]> {
  const response = await page.goto(`${system.sandbox.web}${path}`, { waitUntil: 'load' });
  const raw = (await response?.text()) ?? '';
  const faults = (await page.evaluate(`(() => {
    const faults = [];
    if (window.hostile !== undefined) faults.push('a script ran');
    if (document.querySelector('script:not([src]), [onerror], img[src="x"]')) faults.push('an element came from a value');
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let at = texts.nextNode(); at !== null; at = texts.nextNode())
      if (/alert\\(1\\)|\\u202e/.test(at.data) && at.parentElement.closest('bdi, code, option, textarea, pre') === null)
        faults.push('not kept apart: ' + at.data.slice(0, 60));
    return faults;
  })()`)) as string[];
  if (raw.includes(SCRIPT) || raw.includes('<img src=x')) faults.push('raw in the page');
  for (const width of [360, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    if ((await page.evaluate('document.documentElement.scrollWidth')) !== width)
      faults.push(`wider than ${width}`);
  }
  return faults.map((fault) => `${path}: ${fault}`);
}

/** All these pages in a browser of that session. `seen`: on how many of them a hostile text stands. */
async function lookedAll(
  who: ConsoleTab,
  paths: readonly string[],
): Promise<{ faults: string[]; seen: string[] }> {
  const context = await who.browserOf(browser);
  const page = await context.newPage();
  const faults: string[] = [];
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  for (const path of paths) {
    faults.push(...(await looked(page, path)));
    if (((await page.locator('body').textContent()) ?? '').includes('alert(1)')) seen.push(path);
  }
  await context.close();
  return { faults, seen };
}

describe('where they are shown', () => {
  it('to the security officer they are text: retention, decisions, signal, and every entry as a story', async () => {
    const entries = await system.sql(
      "SELECT min(leaf_index) AS leaf, kind FROM bridge.entry WHERE line LIKE '%alert(1)%' GROUP BY kind ORDER BY kind",
    );
    expect(entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['log.revealed', 'log.searched', 'maintenance.opened', 'signal.decided']),
    );
    const last = await system.sql(
      "SELECT max(leaf_index) AS leaf FROM bridge.entry WHERE line LIKE '%alert(1)%' GROUP BY kind",
    );
    const stories = [...entries, ...last].map(({ leaf }) => `/konsol/guvenlik/kayit/${leaf}`);
    const fixed = [
      '/konsol/guvenlik',
      '/konsol/guvenlik/saklama',
      '/konsol/guvenlik/uyarilar',
      '/konsol/oturumlarim',
    ];
    const signal = `/konsol/guvenlik/uyarilar/${await signalId()}`;
    const pages = [...fixed, signal, ...(await proposals(officer)), ...new Set(stories)];
    const { faults, seen } = await lookedAll(officer, pages);
    expect(faults).toEqual([]);
    expect(seen).toEqual(expect.arrayContaining(['/konsol/guvenlik/saklama', signal, ...stories]));
  });

  it('to the finance officer: names of institutions and users, letters, proposals', async () => {
    const fixed = ['/konsol/mali', '/konsol/mali/protokoller', '/konsol/mali/tarife', '/konsol/mali/butce'];
    const pages = [...fixed, '/konsol/mali/ceyrekler', await quarterPath(), ...(await proposals(finance))];
    const { faults, seen } = await lookedAll(finance, pages);
    expect(faults).toEqual([]);
    expect(seen).toContain('/konsol/mali/protokoller');
  });

  it('to the administrator: maintenance, clients, settings, sessions, roles, decisions', async () => {
    const fixed = ['bakim', 'istemciler', 'ayarlar', 'oturumlar', 'roller', 'mersis', 'bildirimler'];
    const own = fixed.map((name) => `/konsol/yonetim/${name}`);
    const { faults, seen } = await lookedAll(administrator, [...own, ...(await proposals(administrator))]);
    expect(faults).toEqual([]);
    expect(seen).toEqual(expect.arrayContaining(['/konsol/yonetim/bakim', '/konsol/yonetim/istemciler']));
  });

  it('to a directorate: cooperatives as their registry names them', async () => {
    const own = renamed.map((mersisNo) => `/konsol/mudurluk/kooperatif/${mersisNo}`);
    const lists = ['/konsol/mudurluk', '/konsol/mudurluk/kooperatifler', '/konsol/mudurluk/uyusmazliklar'];
    const { faults, seen } = await lookedAll(directorate, [...lists, ...own]);
    expect(faults).toEqual([]);
    expect(seen).toEqual(expect.arrayContaining(['/konsol/mudurluk/kooperatifler', ...own]));
  });
});

async function proposals(who: ConsoleTab): Promise<string[]> {
  const { text } = await who.get('/konsol/kararlar');
  return ['/konsol/kararlar', ...new Set(text.match(/\/konsol\/kararlar\/[0-9A-Za-z-]+/g) ?? [])];
}

async function quarterPath(): Promise<string> {
  const { text } = await finance.get('/konsol/mali/ceyrekler');
  return /\/konsol\/mali\/ceyrek\/[^"/?]+/.exec(text)?.[0] ?? '';
}

describe('in files', () => {
  it('a name that begins like a formula is none in CSV and XLSX', async () => {
    const path = await quarterPath();
    const csv = await finance.get(`${path}/dosya?bicim=csv`);
    expect(csv.status).toBe(200);
    expect(csv.text).toContain('HYPERLINK');
    const cells = csv.text.split(/[;\r\n]/).map((cell) => cell.replace(/^\ufeff?"?/, ''));
    expect(cells.filter((cell) => /^[=+@\t]/.test(cell))).toEqual([]);
    expect(csv.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    expect(String(csv.headers['content-disposition'])).toMatch(/^attachment; /);
    expect(String(csv.headers['content-security-policy'])).toContain("frame-ancestors 'none'");

    const folder = mkdtempSync(join(tmpdir(), 'konsol-'));
    writeFileSync(join(folder, 'taken.xlsx'), await bytesOf(`${path}/dosya?bicim=xlsx`));
    execFileSync('python3', ['-m', 'zipfile', '-e', 'taken.xlsx', 'out'], { cwd: folder });
    const parts = execFileSync('find', ['out', '-name', '*.xml', '-o', '-name', '*.rels'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const xml = parts
      .trim()
      .split('\n')
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    expect(xml).toContain('HYPERLINK');
    expect(xml).not.toMatch(/<f[ >]|<hyperlink|TargetMode="External"|<script|<img/i);
  });
});

/** A file as its bytes: the browser's own way of taking it. */
async function bytesOf(path: string): Promise<Buffer> {
  const context = await finance.browserOf(browser);
  const page = await context.newPage();
  const [given] = await Promise.all([
    page.waitForEvent('download'),
    page.goto(`${system.sandbox.web}${path}`).catch(() => null),
  ]);
  const bytes = readFileSync(await given.path());
  await context.close();
  return bytes;
}
