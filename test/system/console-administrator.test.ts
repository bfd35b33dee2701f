import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { readCsv, readSheets } from '../fees/export/support/read-back.js';
import { EntryLook } from '../support/browser-entries.js';
import { browserFor } from '../support/browser-person.js';
import { ConsoleOfficer } from '../support/console-officer.js';
import { tableOf } from '../support/console-tables.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { expectSound } from '../support/system-authority.js';
import type { Answer } from '../support/system-call.js';
import { bridgeCommand } from '../support/system-command.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let browser: Browser;
let people: People;
let board: Actor;
let look: EntryLook;
let administrator: ConsoleOfficer;
let subjects = 0;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 20, koopbis: true });
  browser = await browserFor(system.sandbox);
  people = new People(system.sandbox);
  board = people.actor('board');
  look = new EntryLook(system);
  administrator = await sit('administrator');
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

function sit(role: string): Promise<ConsoleOfficer> {
  const { kimlikNo } = people.staff((one) => one === role);
  const person = people.person((one) => one.kimlikNo === kimlikNo);
  return ConsoleOfficer.sit(browser, system.sandbox, person, { name: `administration-${role}` });
}

async function ask(): Promise<Answer> {
  subjects = (subjects + 1) % 50;
  const body = question(board.cooperative, people.subject(subjects));
  return system.call({ token: await system.token(board.kimlikNo), body });
}

/** At each instance within about a second. */
const knownEverywhere = () => sleep(1_500);
const told = ({ body, status }: Answer) => [status, body.code ?? body.outcome];

/** The row of KPS on the page of the operation, once it says so: each instance writes what it sees every few seconds. */
async function kpsSays(state: string): Promise<void> {
  await until(async () => {
    await administrator.sat.open(`${system.sandbox.web}/konsol/yonetim`);
    const rows = await administrator.page.getByRole('row', { name: /^KPS/ }).allTextContents();
    return rows.some((row) => row.includes(state));
  }, 40_000);
  await administrator.sat.met('operation');
}

describe('the state of the national systems', () => {
  it('KPS works after a query, and does not answer once it refuses connections', async () => {
    expect(told(await ask())).toEqual([200, 'match']);
    await kpsSays('Çalışıyor');
    await system.control.fault({ system: 'kps', kind: 'refuse-connection' });
    expect((await ask()).status).toBeGreaterThanOrEqual(500);
    await kpsSays('Cevap vermiyor');
    await system.control.clear();
  });
});

describe('a window of maintenance', () => {
  it('is opened with the second step: checks are told of it until it is closed', async () => {
    await administrator.stepUp();
    await administrator.open('/konsol/yonetim/bakim', 'maintenance');
    await administrator.page.getByRole('radio', { name: 'KPS' }).check();
    const to = new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 16);
    await administrator.fill('Bitiş', to);
    await administrator.fill('Neden', 'duyurulan bakım');
    await look.since();
    expect(await administrator.press('Bakım zamanını aç')).toBe(200);
    await administrator.sat.met('maintenance');
    expect((await look.since(/^maintenance\./)).map(({ kind }) => kind)).toEqual(['maintenance.opened']);
    await knownEverywhere();
    expect(told(await ask())).toEqual([503, 'MAINTENANCE']);
    await administrator.open('/konsol/yonetim/bakim', 'maintenance');
    expect(await administrator.press(/^Kapat/)).toBe(200);
    await knownEverywhere();
    expect(told(await ask())).toEqual([200, 'match']);
  });
});

function secretsOf({ layout }: System): readonly string[] {
  return readdirSync(layout.secrets, { withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ name }) => readFileSync(join(layout.secrets, name), 'utf8').trim())
    .filter((text) => text.length >= 8);
}

describe('what is in force', () => {
  it('settings show no secret, and neither does any other page of the administrator', async () => {
    const secrets = secretsOf(system);
    expect(secrets.length).toBeGreaterThan(5);
    const pages = {
      settings: 'ayarlar',
      clients: 'istemciler',
      webhooks: 'bildirimler',
      mersis: 'mersis',
      'all-sessions': 'oturumlar',
      roles: 'roller',
    };
    for (const [name, path] of Object.entries(pages)) {
      expect(await administrator.open(`/konsol/yonetim/${path}`, name)).toBe(200);
      const html = await administrator.page.content();
      expect([name, secrets.filter((secret) => html.includes(secret))]).toEqual([name, []]);
    }
    await administrator.open('/konsol/yonetim/istemciler', 'clients');
    expect(await administrator.sat.text('main')).toContain('koopbis-core');
    await administrator.open('/konsol/yonetim/bildirimler', 'webhooks');
  });
});

const pieces = async function* (bytes: Buffer) {
  yield bytes;
};

describe('what an administrator takes away', () => {
  it('who holds which role, as XLSX and CSV, is what the page says, without a number, each with an entry', async () => {
    await administrator.open('/konsol/yonetim/roller', 'roles');
    const { rows } = await tableOf(administrator.page, 'Roller');
    await look.since();
    const xlsx = await administrator.download('link', 'Verilmiş roller: XLSX');
    const csv = await administrator.download('link', 'Verilmiş roller: CSV');
    expect((await look.since(/^console\.opened/)).map(({ data }) => [data.page, data.about])).toEqual([
      ['roles.file', 'xlsx'],
      ['roles.file', 'csv'],
    ]);
    const records = await readCsv(pieces(csv.bytes));
    const [{ count }] = await system.sql('SELECT count(*)::int AS count FROM bridge.authority_role');
    expect([records.length, rows.length > 5]).toEqual([count, true]);
    expect(records.slice(0, rows.length).map((one) => Object.values(one))).toEqual(
      rows.map((row) => row.slice(0, 4)),
    );
    const sheet = (await readSheets(pieces(xlsx.bytes))).get('Roller') ?? [];
    expect(sheet.slice(-count)).toEqual(records.map((one) => Object.values(one)));
    expect(csv.bytes.toString('utf8')).not.toMatch(/(?<!\d)[1-9]\d{10}(?!\d)/);
  });

  it('certificates, keys and secrets with their days left are what the page says, without any secret', async () => {
    await administrator.open('/konsol/yonetim', 'operation');
    const ends = await tableOf(administrator.page, 'Süresi dolacak sertifika ve anahtarlar');
    const secrets = await tableOf(administrator.page, 'Gizli bilgiler');
    const { bytes, name } = await administrator.download('link', /gizli bilgiler: CSV$/);
    expect(name).toMatch(/^sureler-.*\.csv$/);
    const records = await readCsv(pieces(bytes));
    const days = ({ Ad, ...one }: (typeof records)[number]) => [Ad, one['Kalan gün']];
    expect(records.map(days)).toEqual([
      ...ends.rows.map((row) => [row[1], row[3]]),
      ...secrets.rows.map((row) => [row[0], row[2] === '–' ? '' : row[2]]),
    ]);
    expect(Math.min(ends.rows.length, secrets.rows.length)).toBeGreaterThan(0);
    const xlsx = await administrator.download('link', /gizli bilgiler: XLSX$/);
    expect((await readSheets(pieces(xlsx.bytes))).get('Süreler')?.slice(-1)[0]?.[1]).toBe(records.at(-1)?.Ad);
    const text = bytes.toString('utf8');
    expect(secretsOf(system).filter((secret) => text.includes(secret))).toEqual([]);
  });
});

describe('sessions of a person', () => {
  it('are found by the number, which stands in no address, and ended for a reason', async () => {
    const person = people.nobody();
    const visitor = await ConsoleOfficer.sit(browser, system.sandbox, person, {
      name: 'administration-ended',
    });
    await administrator.open('/konsol/yonetim/oturumlar', 'all-sessions');
    const find = administrator.page.locator('form', { hasText: 'Bir kişinin oturumlarını bul' });
    await find.getByLabel(/Kimlik numarası/).fill(person.kimlikNo);
    expect(await administrator.press('Bul')).toBe(200);
    expect(administrator.page.url()).not.toMatch(/\d{11}/);
    expect(await administrator.follow(/^Kapat/)).toBe(200);
    await administrator.sat.met('all-sessions');
    const form = administrator.page.locator('form[action*="/kapat"]');
    await form.getByLabel(/Neden/).fill('kayıp bilgisayar');
    await look.since();
    await Promise.all([administrator.page.waitForEvent('load'), form.getByRole('button').click()]);
    expect(await administrator.sat.text('main')).toContain('açık oturumu yok');
    const kinds = (await look.since(/^session\./)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['session.end-ordered', 'session.ended']));
    await visitor.sat.open(`${system.sandbox.web}/konsol`);
    await visitor.sat.met('password');
    expect(await visitor.leave()).toEqual([]);
  });
});

/** How the list of roles names one. */
async function optionOf(role: string): Promise<string> {
  return (await administrator.page.locator(`select[name=ver] option[value="${role}"]`).textContent()) ?? '';
}

describe('a role by two persons', () => {
  it('one proposes, another approves; not oneself, and not twice', async () => {
    const officer = await sit('security-officer');
    await officer.stepUp();
    await administrator.open('/konsol/yonetim/roller', 'roles');
    await administrator.choose('Verilecek rol', await optionOf('security-officer'));
    expect(await administrator.press('Devam')).toBe(200);
    await administrator.fill(/Kimlik numarası/, people.subject(60).kimlikNo);
    await administrator.fill(/^Neden/, 'yeni görevli');
    expect(await administrator.press('Öner')).toBe(200);
    await officer.open('/konsol/kararlar', 'decisions');
    const href = await officer.page.locator('main a[href^="/konsol/kararlar/"]').first().getAttribute('href');
    expect(await administrator.open(String(href), 'decision')).toBe(200);
    expect(await administrator.page.getByRole('button', { name: /^Onayla/ }).count()).toBe(0);
    await officer.open(String(href), 'decision');
    expect(await officer.sat.text('main')).not.toContain(people.subject(60).kimlikNo);
    await look.since();
    expect(await officer.press(/^Onayla/)).toBe(200);
    await officer.sat.met('decision');
    expect((await look.since(/^role\./)).map(({ kind }) => kind)).toEqual(['role.granted', 'role.decided']);
    // The way back leads to the page as it is now, where nothing is left to be approved.
    await officer.page.goBack();
    expect(await officer.page.getByRole('button', { name: /^Onayla/ }).count()).toBe(0);
    expect(await officer.leave()).toEqual([]);
  });
});

describe('a stopped run of MERSİS', () => {
  const seats = async (): Promise<number> =>
    (
      await system.sql(
        "SELECT count(*)::int AS n FROM bridge.authority_seat WHERE told AND source = 'mersis'",
      )
    )[0].n;
  const held = async (): Promise<number> =>
    (await system.sql('SELECT count(*)::int AS n FROM bridge.mersis_held'))[0].n;
  const sync = async () =>
    bridgeCommand(
      system,
      ['mersis', 'sync', '--all', '--json'],
      await system.token(people.staff((one) => one === 'administrator').kimlikNo),
    );
  /** Everything that was due was read, and no run is open any longer. */
  const settled = () =>
    until(async () => {
      const open = "SELECT 1 FROM bridge.mersis_run WHERE state IN ('running', 'stopped')";
      const left = 'SELECT 1 FROM bridge.mersis_cooperative WHERE due_at <= now() OR wished_at IS NOT NULL';
      return (await system.sql(open)).length === 0 && (await system.sql(left)).length === 0;
    }, 60_000);
  let officer: ConsoleOfficer;
  let proposal: string;
  let before: number;

  it('takes nothing away; what it holds is shown and its release proposed by one who cannot approve it', async () => {
    await settled();
    before = await seats();
    await system.control.fault({ system: 'mersis', kind: 'empty-board' });
    expect(JSON.parse((await sync()).out).end).toBe('stopped');
    expect(await seats()).toBe(before);
    await administrator.open('/konsol/yonetim/mersis', 'mersis');
    const { rows } = await tableOf(administrator.page, 'Kooperatif kooperatif');
    expect([rows.length, rows.length > 0]).toEqual([await held(), true]);
    await administrator.page.getByRole('radio', { name: /^Serbest bırak/ }).check();
    await administrator.fill(/^Neden$/, 'Sicil yazısı 2026/9: kurullar düşmüştür');
    await look.since();
    expect(await administrator.press('Öner')).toBe(200);
    await administrator.sat.met('mersis');
    const proposed = await look.since(/^(proposal|mersis)\./);
    expect(proposed.map(({ kind }) => kind)).toEqual(['mersis.reviewed', 'proposal.made']);
    await administrator.follow('Öneriyi aç');
    await administrator.sat.met('decision');
    proposal = new URL(administrator.page.url()).pathname;
    expect(await administrator.page.getByRole('button', { name: /^Onayla/ }).count()).toBe(0);
    expect(await seats()).toBe(before);
  });

  it('is released by a second person, and then what it held is in force', async () => {
    officer = await sit('security-officer');
    await officer.stepUp();
    await officer.open('/konsol/kararlar', 'decisions');
    await officer.page.locator(`main a[href="${proposal}"]`).click();
    await officer.page.waitForURL(`**${proposal}`);
    await officer.sat.met('decision');
    expect(await officer.sat.text('main')).toContain('kurullar düşmüştür');
    await look.since();
    expect(await officer.press(/^Onayla/)).toBe(200);
    await officer.sat.met('decision');
    const [released] = await look.since(/^mersis\.released/);
    expect(released?.data).toMatchObject({ decision: 'released' });
    await settled();
    expect([await seats(), await held()]).toEqual([0, 0]);
    await administrator.open('/konsol/yonetim/mersis', 'mersis');
    expect(await administrator.sat.text('main')).not.toContain('Tur durdu');
  });

  it('that a later reading names again are back, and the log and its tables agree', async () => {
    await system.control.clear();
    expect((await sync()).code).toBe(0);
    await settled();
    expect(await seats()).toBe(before);
    await expectSound(system);
    expect([await administrator.leave(), await officer.leave()]).toEqual([[], []]);
  });
});
