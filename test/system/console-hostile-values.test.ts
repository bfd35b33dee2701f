import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ACCESS, type AccessId } from '../../src/console/access.js';
import { browserFor } from '../support/browser-person.js';
import { type Alike, type Met, type MetForm, meetForms, rowAt, sendWith } from '../support/console-fields.js';
import { lookAtAll } from '../support/console-harm.js';
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
      // All sessions of this test come from one address.
      yaml.signIn.requestsPerMinutePerAddress = 10_000;
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
  await apply();
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

/** A cooperative of the directorate's ministry comes into its area, and a board member of it asks for an appointee. */
async function apply(): Promise<void> {
  const [area = ''] = personOf('directorate').is.map((one) => one.split(':')[1] ?? '');
  const [ministry, il] = area.split('/');
  const boards = system.sandbox.people.flatMap(({ edevletTotp, is, kimlikNo }) =>
    is.flatMap((one) =>
      edevletTotp !== null && one.startsWith('board:') ? [{ kimlikNo, mersisNo: one.slice(6) }] : [],
    ),
  );
  const held = system.sandbox.people.flatMap(({ is }) => is);
  const cooperativeOf = (mersisNo: string) => people.cooperative((one) => one.mersisNo === mersisNo);
  const applicant = boards.find(
    ({ mersisNo }) =>
      cooperativeOf(mersisNo).ilgiliBakanlik === ministry &&
      !held.includes(`appointee:${mersisNo}`) &&
      !renamed.includes(mersisNo),
  );
  if (applicant === undefined) throw new Error('no board of that ministry is without an appointee');
  await new Registry(system).patchAndRead(applicant.mersisNo, { il });
  const { ad, dogumTarihi, kimlikNo, soyad } = people.nobody();
  const date = day(0);
  const answer = await system.call({
    token: await system.token(applicant.kimlikNo),
    path: '/v1/appointments',
    body: {
      ...{ cooperative: applicant.mersisNo, vkn: cooperativeOf(applicant.mersisNo).vkn, from: date },
      decision: { no: '2026/1', date, documentSha256: '0'.repeat(64) },
      subject: { kimlikNo, ad, soyad, dogumTarihi },
    },
  });
  expect([answer.status, answer.body.state]).toEqual([201, 'applied']);
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

/** Addresses that the forms above were sent to. */
const FORM_PATHS = new Set<string>();

/** Pages and forms that this walk does not come to, and why. */
const NOT_MET: Readonly<Partial<Record<AccessId, string>>> = {
  // No pages, and no forms.
  'cooperatives.file': 'a file; “in files”',
  'job.file': 'a file; of the log’s own words',
  language: 'leads back',
  'operation.file': 'a file; “in files”',
  'quarter.file': 'a file; “in files”',
  returned: 'leads back',
  'roles.file': 'a file; “in files”',
  // A button and no text.
  'job.cancel': 'no text; only while work runs',
  'mersis.propose': 'no text; only where a run stands stopped',
  'quarter.seal': 'no text; only where a quarter is over and frozen',
  'webhooks.redrive': 'no text; only where a delivery has failed',
  // What needs figures or notices of the Interior Ministry, or a registry that contradicts a decision; tests with a database type into each.
  'difference.decide': 'console/finance/difference.db.test.ts',
  'difference.show': 'console/finance/difference.db.test.ts',
  'disagreement.settle': 'console/directorate/disagreements.db.test.ts',
  'quarter.payment':
    'console/finance/quarter-records.db.test.ts; its texts are read and drawn as those of a notice are',
  'reconciliation.import': 'console/finance/reconciliation.db.test.ts',
  'reconciliation.preview': 'console/finance/reconciliation.db.test.ts',
  'reconciliation.show': 'console/finance/reconciliation.db.test.ts',
};

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
      FORM_PATHS.add(await path());
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

/** Pages that no walk without results of its own leads to: an entry and the evidence of a query. */
async function ownPages(): Promise<string[]> {
  const [query] = await system.sql('SELECT query_id FROM bridge.identity_query LIMIT 1');
  const leaf = await leafOf('query.intent');
  return [`/konsol/guvenlik/kayit/${leaf}`, `/konsol/guvenlik/delil/${query.query_id}`];
}

/** What else a form needs, so that a text of it comes as far as it may. */
const chosen = (id: AccessId): Readonly<Record<string, string>> => {
  const { kimlikNo } = people.subject(1);
  if (id === 'agreement.request') return { konu: 'static-ip' };
  if (id === 'quarter.notice') return { 'bildirim-sorgu': '1', 'bildirim-tutar': '1,00' };
  if (id === 'user.look') return { actor: kimlikNo };
  return id === 'person.look' ? { person: kimlikNo } : {};
};
/** A state may stand against the deed that a text belongs to, or a queue be full; then it was judged, and is nowhere kept. */
const JUDGED = [200, 303, 422];
const STOOD_AGAINST = [404, 409, 429];

const lookedAll = (who: ConsoleTab, paths: readonly string[]) =>
  lookAtAll(browser, system.sandbox.web, who, paths);

describe('every field of text of the console', () => {
  const sent = new Map<string, readonly number[]>();
  const led: [ConsoleTab, string][] = [];
  const faults: string[] = [];
  let met: Met;

  /** Nobody's searches of this minute are counted yet. */
  const searchAnew = () => system.sql('DELETE FROM bridge.quota_use');

  /** Sends each hostile text through each field that has had none. */
  async function sendAll(): Promise<void> {
    for (const alike of met.forms)
      for (const field of alike[0]?.texts ?? []) {
        const name = `${alike[0]?.id} ${field}`;
        if (sent.has(name)) continue;
        await searchAnew();
        sent.set(name, await sendEach(alike, field, name));
      }
  }

  async function sendEach(alike: Alike, field: string, name: string): Promise<number[]> {
    const told: number[] = [];
    for (const [n, value] of VALUES.entries()) {
      const form = alike[n % alike.length] as MetForm;
      const shown = await sendWith({ ...form, values: { ...form.values, ...chosen(form.id) } }, field, value);
      expectHarmless(shown, value);
      if (shown.location !== null) {
        led.push([form.who, addressOf(shown)]);
        expectHarmless(await form.who.tab.follow(shown), value);
      }
      // Once a deed is done its form may be gone.
      const isThere = shown.text.includes(`action="${form.action}"`);
      if (shown.status === 422 && isThere && !shown.text.includes('<p class="error"'))
        faults.push(`${name}: refused without a word beside a field`);
      told.push(shown.status);
    }
    return told;
  }

  it('is met on a walk over the pages of each role, or is named here with what shows it', async () => {
    const others = [finance, administrator, directorate];
    // Of somebody who has no part in this: the session is ended on the way.
    const { kimlikNo } = people.actor('board');
    const found = await administrator.send('/konsol/yonetim/oturumlar', { kimlikNo });
    met = await meetForms([
      [officer, await ownPages()],
      [finance, []],
      [administrator, [addressOf(found)]],
      [directorate, []],
    ]);
    await sendAll();
    const before = met;
    await searchAnew();
    // What was begun by these has pages of its own.
    met = await meetForms(
      [officer, ...others].map((tab) => [tab, led.flatMap(([who, path]) => (who === tab ? [path] : []))]),
    );
    await sendAll();
    const served = new Set(
      [...before.forms, ...met.forms].flatMap(([form]) => (form === undefined ? [] : [form.id])),
    );
    for (const path of FORM_PATHS) served.add(rowAt(path, 'POST') as AccessId);
    const pages = new Set([...before.pages, ...met.pages]);
    const missing = (Object.keys(ACCESS) as AccessId[]).filter((id) =>
      ACCESS[id].method === 'POST' ? !served.has(id) : !pages.has(id),
    );
    expect(missing.sort()).toEqual(Object.keys(NOT_MET).sort());
  });

  it('takes each hostile text as text, or refuses it harmlessly', () => {
    expect(faults).toEqual([]);
    const odd = [...sent].filter(
      ([, told]) =>
        !told.some((status) => JUDGED.includes(status)) ||
        told.some((status) => ![...JUDGED, ...STOOD_AGAINST].includes(status)),
    );
    expect(odd).toEqual([]);
    expect(sent.size).toBeGreaterThan(45);
  });

  it('shows what was kept of them as text, on every page that the walk came to', async () => {
    for (const who of [officer, finance, administrator, directorate]) {
      const paths = met.paths.flatMap(([one, path]) => (one === who ? [path] : []));
      await searchAnew();
      // Two of each: a page of results is a search, and searches of a minute have their limit.
      const ids = paths.map((path) => rowAt(path.split('?')[0] ?? '', 'GET'));
      const some = paths.filter((_, n) => ids.slice(0, n).filter((id) => id === ids[n]).length < 2);
      expect((await lookedAll(who, some)).faults).toEqual([]);
    }
  });
});

const addressOf = ({ location }: Shown) => `${location?.pathname ?? ''}${location?.search ?? ''}`;

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
