import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { addDays } from '../../src/calendar/add-days.js';
import {
  istanbulDay,
  istanbulQuarter,
  previousQuarter,
  quarterBounds,
  quarterDays,
} from '../../src/calendar/istanbul-day.js';
import { formatCount, formatTl, kurus } from '../../src/fees/kurus.js';
import { pdfLines } from '../fees/export/support/pdf-text.js';
import { csvRows, csvTotal, readCsv, readSheets, sumBy } from '../fees/export/support/read-back.js';
import { EntryLook } from '../support/browser-entries.js';
import { browserFor } from '../support/browser-person.js';
import { ConsoleOfficer } from '../support/console-officer.js';
import { tableOf, tileOf } from '../support/console-tables.js';
import { type System, startSystem } from '../support/system.js';
import { Asking, plain } from '../support/system-asking.js';
import { expectSound, Registry } from '../support/system-authority.js';
import { type ShiftedClock, shiftClock } from '../support/system-clock.js';
import { boardMemberOn, signInAt } from '../support/system-past.js';

/** A quarter that can be closed, whatever today is: its last late outcome has come. */
const QUARTER = previousQuarter(istanbulQuarter(new Date(Date.now() - 3 * 86_400_000)));
const { from: FROM, to: TO } = quarterDays(QUARTER);
const THEN = new Date(quarterBounds(QUARTER).from.getTime() + 60.5 * 86_400_000);
const PATH = `/konsol/mali/ceyrek/${QUARTER}`;
/** KPS user name of the account that pays. */
const UNION = 'KRM-100002';
/** All of the quarter: the union's three answers and an unknown outcome at 2 kuruş, two of the ministry's, which pays nothing. */
const TOTAL = { queries: 6, units: 6, amountKurus: 8 };
const AMOUNT = '0,08 TL';
const PAGE_MS = 25_000;

type Person = System['sandbox']['people'][number];

let system: System;
let clock: ShiftedClock;
let browser: Browser;
let asking: Asking;
let look: EntryLook;
let first: ConsoleOfficer;
let second: ConsoleOfficer;
/** Who asked in that quarter. */
let user: string;

beforeAll(async () => {
  clock = shiftClock(THEN.getTime() - Date.now());
  system = await startSystem({
    people: 300,
    cooperatives: 30,
    koopbis: true,
    settings: (yaml) => {
      Object.assign(yaml.kps, { connectTimeoutMs: 500, timeoutMs: 700, stsTimeoutMs: 700 });
      yaml.limits = { answerDeadlineMs: 4000, queriesPerUserPerMinute: 2000 };
    },
  });
  asking = new Asking(system);
  await askThen('union-portal', ['match', 'match', 'match', 'hang']);
  await askThen('koopbis-core', ['match', 'match']);
  await system.bridge.stop();
  clock.setRight();
  await system.bridge.start();
  // What was read of the registry then is too old for anybody to act by.
  const registry = new Registry(system);
  const { cooperative } = asking.board;
  await registry.patchAndRead(cooperative, { il: registry.cooperative(cooperative).il });
  for (const n of [0, 1, 2]) await askToday(n);
  look = new EntryLook(system);
  browser = await browserFor(system.sandbox);
  first = await ConsoleOfficer.sit(browser, system.sandbox, finance(0), { name: 'finance' });
});
afterAll(async () => {
  clock?.setRight();
  await browser?.close();
  await system?.stop();
});

function finance(place: number): Person {
  const found = system.sandbox.people.filter(({ is }) => is.length === 1 && is[0] === 'finance')[place];
  if (found === undefined) throw new Error('there are no two finance officers');
  return found;
}

async function askThen(client: 'koopbis-core' | 'union-portal', ends: readonly string[]): Promise<void> {
  const actor = boardMemberOn(system, istanbulDay(THEN));
  user = actor.kimlikNo;
  const token = await signInAt(system, { at: THEN, client, person: actor });
  for (const [n, end] of ends.entries()) {
    if (end !== 'match') await system.control.fault({ system: 'kps', kind: end });
    const about = { subject: plain(asking.people.subject(n)) };
    const { body } = await asking.ask({ actor, client, token, about });
    if (end !== 'match') await system.control.clear();
    expect(body.code ?? body.outcome).toBe(end === 'match' ? 'match' : 'KPS_OUTCOME_UNKNOWN');
  }
}

async function askToday(n: number): Promise<void> {
  const about = { subject: plain(asking.people.subject(20 + n)) };
  const { body } = await asking.ask({ client: 'union-portal', about });
  expect(body.code ?? body.outcome).toBe('match');
}

/** What the service API says, for the same officer. */
async function api(path: string) {
  const token = await system.token(finance(0).kimlikNo, 'koopbis-reports');
  const { body, status } = await system.call({ client: 'koopbis-reports', token, path });
  expect(status).toBe(200);
  return body;
}

const pieces = async function* (bytes: Buffer) {
  yield bytes;
};
const money = (amount: number) => formatTl(kurus(BigInt(amount)));

/** The file of a piece of long work, once it is there. */
async function made(): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await first.page.getByRole('link', { name: 'Dosyayı indir' }).waitFor({ timeout: 90_000 });
  await first.sat.met('job');
  return first.download('link', 'Dosyayı indir');
}

describe('a finance officer looks at what was used', () => {
  it('sees the quarter that runs at a glance, with the numbers of the service API', async () => {
    await look.since();
    expect(await first.open('/konsol/mali', 'fees')).toBe(200);
    const { accounts, total } = await api('/v1/fees/usage');
    expect(total).toMatchObject({ queries: 3, amountKurus: 6 });
    expect(await tileOf(first.page, 'Sorgu')).toBe(formatCount(total.queries));
    expect(await tileOf(first.page, 'Ücret birimi')).toBe(formatCount(total.units));
    expect(await tileOf(first.page, 'Tutar')).toBe(money(total.amountKurus));
    expect(await tileOf(first.page, 'Son ödeme günü')).toMatch(/^\d{2}\.\d{2}\.\d{4}$/);
    const { foot, rows } = await tableOf(first.page, 'Hesaplara göre');
    const sums = (cells: readonly string[]) => cells.slice(3, 6);
    expect(rows.map((row) => [row[0], ...sums(row)])).toEqual(
      accounts.map((one: Record<string, number>) => [
        one.account,
        formatCount(one.queries ?? 0),
        formatCount(one.units ?? 0),
        money(one.amountKurus ?? 0),
      ]),
    );
    expect(sums(foot)).toEqual(['3', '3', '0,06 TL']);
    expect(await first.page.locator('figure.chart img').count()).toBeGreaterThan(0);
    const reads = await look.since(/^fees\.read/);
    expect(reads.map(({ data }) => [data.detail, data.client])).toEqual([
      ['usage', 'konsol'],
      ['usage', 'koopbis-reports'],
    ]);
  });

  it('goes from the history of quarters to a statement and down to its lines, which add up', async () => {
    await first.follow('Tüm çeyrekler');
    await first.sat.met('quarters');
    await first.page.locator(`main a[href="${PATH}"]`).first().click();
    await first.page.waitForURL(`**${PATH}`, { timeout: PAGE_MS });
    await first.sat.met('quarter');
    const { total } = await api(`/v1/fees/quarters/${QUARTER}`);
    expect(total).toEqual(TOTAL);
    const { foot } = await tableOf(first.page, 'Hesaplara göre cetvel');
    expect([foot[3], foot[8], foot[9]]).toEqual(['6', '6', AMOUNT]);
    await first.follow('Satırlar');
    await first.sat.met('quarter.lines');
    const lines = await tableOf(first.page, 'Sorgu satırları');
    expect(lines.rows).toHaveLength(TOTAL.queries);
    expect([lines.foot[4], lines.foot[6]]).toEqual(['6', AMOUNT]);
    expect(lines.rows.filter((row) => row[1]?.startsWith('birlik')).map((row) => row[6])).toEqual([
      '0,02 TL',
      '0,02 TL',
      '0,02 TL',
      '0,02 TL',
    ]);
    expect(await first.sat.text('main')).not.toMatch(/\b[1-9]\d{10}\b/);
  });

  it('takes the totals away as XLSX, CSV and PDF, which say what the page says', async () => {
    await first.open(PATH, 'quarter');
    const xlsx = await first.download('link', 'Toplamlar: XLSX');
    const csv = await first.download('link', 'Toplamlar: CSV');
    const pdf = await first.download('link', 'Toplamlar: PDF');
    expect([xlsx.name, csv.name, pdf.name].map((name) => name.split('.').at(-1))).toEqual([
      'xlsx',
      'csv',
      'pdf',
    ]);
    const sheet = (await readSheets(pieces(xlsx.bytes))).get('Özet');
    const total = sheet?.findLast((row) => row.includes(TOTAL.amountKurus / 100)) ?? [];
    expect(total).toContain(TOTAL.units);
    const summary = csvTotal(await readCsv(pieces(csv.bytes)), 'özet');
    expect([summary.sorgu, summary.birim_adedi, summary.tutar_kurus, summary.tutar]).toEqual([
      '6',
      '6',
      '8',
      AMOUNT,
    ]);
    expect(pdf.bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    const text = pdfLines(pdf.bytes).map((line) => line.join(' '));
    expect(text.some((line) => line.includes(AMOUNT))).toBe(true);
  });

  it('asks for a file with every line, leaves the page, and finds the file under the own work', async () => {
    await first.choose('Tek tek sorgu satırları ve düzeltmeler');
    await first.choose('CSV');
    expect(await first.press('Dosyayı hazırla')).toBe(200);
    await first.open('/konsol', 'home');
    await first.open('/konsol/isler', 'jobs');
    await first.page.locator('main td a').first().click();
    const { bytes, name } = await made();
    expect(name).toMatch(/\.csv$/);
    const rows = csvRows(await readCsv(pieces(bytes)), 'satırlar');
    expect([rows.length, sumBy(rows, 'kayıtlı_tutar_kurus')]).toEqual([
      TOTAL.queries,
      BigInt(TOTAL.amountKurus),
    ]);
  });
});

describe('numbers of users', () => {
  it('are masked, and are opened for a reason after the second step, which is an entry', async () => {
    expect(await first.open(`${PATH}/kullanicilar`, 'quarter.users')).toBe(200);
    expect((await tableOf(first.page, 'Kullanıcılar')).rows.map(([name]) => name)).toEqual([
      '*** (1)',
      '*** (2)',
    ]);
    expect(await first.sat.text('main')).not.toContain(user);
    await first.fill('Gerekçe', 'Sayıştay denetimi 2026/3');
    await look.since();
    expect(await first.press('Numaraları aç')).toBe(403);
    await first.sat.met('quarter.reveal', 'STEP_UP_REQUIRED');
    expect(await first.stepUpAndSendAgain()).toBe(200);
    await first.sat.met('quarter.reveal');
    expect((await tableOf(first.page, 'Kullanıcılar')).rows.map(([name]) => name)).toEqual([user, user]);
    const entries = await look.since(/^(fees\.read|console\.refused)/);
    expect(entries.map(({ kind }) => kind)).toEqual(['console.refused', 'fees.read']);
    expect(entries[1]?.data).toMatchObject({
      detail: 'users',
      revealed: true,
      reason: 'Sayıştay denetimi 2026/3',
    });
    await first.follow('Numaraları kapat');
    await first.sat.met('quarter.users');
    expect(await first.sat.text('main')).not.toContain(user);
  });
});

describe('the Interior Ministry’s figures', () => {
  const count = async () => Number((await system.sql('SELECT count(*) FROM bridge.fee_import'))[0].count);

  async function upload(content: string, officer = first): Promise<number> {
    await officer.upload(/^Dosya$/, { name: 'nvi.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
    await officer.choose('Hesap', 'birlik');
    await officer.fill('İlk gün', FROM);
    await officer.fill('Son gün (dahil)', addDays(TO, -1));
    return officer.press('Oku ve önizle');
  }

  it('are chosen once: the second step is asked for first, leads back, and the file then goes through', async () => {
    second = await ConsoleOfficer.sit(browser, system.sandbox, finance(1), { name: 'finance-second' });
    await second.open('/konsol/mali/mutabakat', 'reconciliation');
    expect(await second.page.locator('input[type=file]').count()).toBe(0);
    await look.since();
    await second.follow('İkinci adımı doğrula');
    await second.giveCode(second.page);
    await second.sat.met('reconciliation');
    expect(await upload(await system.control.figures(UNION, FROM, TO), second)).toBe(200);
    await second.sat.met('reconciliation.preview');
    expect(await look.since(/^console\.refused/)).toEqual([]);
    expect(await count()).toBe(0);
  });

  it('in a file that is wrong are refused with the line, and nothing is taken in', async () => {
    const good = await system.control.figures(UNION, FROM, TO);
    await first.open('/konsol/mali/mutabakat', 'reconciliation');
    expect(await upload(good.replace(';4;', ';dört;'))).toBe(422);
    await first.sat.met('reconciliation.upload');
    expect(await first.sat.text('main')).toMatch(/Satır 2: /);
    expect(await first.page.getByLabel('İlk gün').inputValue()).toBe(FROM);
    expect(await count()).toBe(0);
  });

  it('are previewed before anything is taken in, and then taken in', async () => {
    const more = (await system.control.figures(UNION, FROM, TO)).replaceAll(';4;0,08', ';5;0,10');
    expect(await upload(more)).toBe(200);
    await first.sat.met('reconciliation.preview');
    const sides = await tableOf(first.page, 'Gün ve hizmete göre');
    expect(sides.foot.slice(2)).toEqual(['5', '4', '+1', '0,10 TL', '0,08 TL', '+0,02 TL']);
    expect(await count()).toBe(0);
    expect(await first.press('İçe al')).toBe(200);
    await first.sat.met('reconciliation.show');
    expect(await count()).toBe(1);
    const { foot, rows } = await tableOf(first.page, 'Türüne göre farklar');
    expect(rows).toEqual([
      ['Sonucu bilinmeyenler', '1', '0', '0,00 TL', '1'],
      ['Yalnız onlarda', '1', '+1', '+0,02 TL', '1'],
    ]);
    expect(foot).toEqual(['Toplam', '2', '+1', '+0,02 TL', '2']);
  });

  it('each difference is decided with a note; a note with somebody’s number in it is refused', async () => {
    const show = first.page.url();
    const decide = async (kind: string, decision: string, note: string) => {
      await first.page.goto(show, { timeout: PAGE_MS });
      await first.page.locator('main a[href*="/fark/"]', { hasText: kind }).click();
      await first.page.waitForURL('**/fark/*', { timeout: PAGE_MS });
      await first.sat.met('difference.show');
      await first.choose(decision);
      await first.fill(/^Not$/, note);
      return first.press('Kararı kaydet');
    };
    await look.since();
    expect(await decide('Yalnız onlarda', 'İtiraz', `${user} sordu`)).toBe(422);
    await first.sat.met('difference.decide');
    await first.fill(/^Not$/, 'NVİ’ye soruldu, 2026/17');
    expect(await first.press('Kararı kaydet')).toBe(200);
    expect(
      await decide('Sonucu bilinmeyenler', 'Onların sayısına göre kesinleştir', 'ekranlarına göre'),
    ).toBe(200);
    await first.page.goto(show, { timeout: PAGE_MS });
    await first.sat.met('reconciliation.show');
    expect((await tableOf(first.page, 'Türüne göre farklar')).foot.at(-1)).toBe('0');
    const decided = await look.since(/^fees\.(difference-decided|unknown-settled)/);
    expect(decided.map(({ kind }) => kind).sort()).toEqual([
      'fees.difference-decided',
      'fees.difference-decided',
      'fees.unknown-settled',
    ]);
  });
});

describe('closing the quarter', () => {
  let proposal: string;

  it('the first officer freezes it', async () => {
    await first.open(PATH, 'quarter');
    await first.fill('Not (isteğe bağlı)', 'cetvel hazır');
    await look.since();
    expect(await first.press('Cetveli dondur ve onaya sun')).toBe(200);
    await first.sat.met('quarter');
    expect((await look.since(/^fees\.quarter/)).map(({ kind }) => kind)).toEqual(['fees.quarter-frozen']);
    await first.follow('Öneriyi gör ya da geri çek');
    await first.sat.met('decision');
    proposal = new URL(first.page.url()).pathname;
  });

  it('and cannot approve it: there is no button, and a forged form is refused and written down', async () => {
    expect(await first.page.getByRole('button', { name: /^Onayla/ }).count()).toBe(0);
    await first.page.locator('input[name=karar]').evaluate((field) => field.setAttribute('value', 'approve'));
    await look.since();
    expect(await first.press('Öneriyi geri çek')).toBe(409);
    await first.sat.met('decision.decide', 'SECOND_PERSON_REQUIRED');
    const refused = await look.since(/^(console\.refused|fees\.quarter)/);
    expect(refused.map(({ kind, data }) => [kind, data.action, data.code])).toEqual([
      ['console.refused', 'decision.decide', 'SECOND_PERSON_REQUIRED'],
    ]);
  });

  it('the second one finds it in the inbox and approves it; the same form sent once more is refused', async () => {
    await second.open('/konsol/kararlar', 'decisions');
    await second.page.locator(`main a[href="${proposal}"]`).click();
    await second.page.waitForURL(`**${proposal}`, { timeout: PAGE_MS });
    await second.sat.met('decision');
    const text = await second.sat.text('main');
    expect(text).toContain('cetvel hazır');
    const stale = await second.page.context().newPage();
    await stale.goto(second.page.url(), { timeout: PAGE_MS });
    expect(await second.press('Onayla ve uygula')).toBe(200);
    await second.sat.met('decision');
    await look.since();
    const [answer] = await Promise.all([
      stale.waitForResponse((one) => one.request().method() === 'POST', { timeout: PAGE_MS }),
      stale.getByRole('button', { name: 'Onayla ve uygula' }).click(),
    ]);
    await stale.waitForLoadState('load');
    expect([answer.status(), await stale.locator('main').getAttribute('data-code')]).toEqual([
      409,
      'STATE_CONFLICT',
    ]);
    expect((await look.since(/^console\.refused/)).map(({ data }) => data.code)).toEqual(['STATE_CONFLICT']);
    await stale.close();
  });

  it('and seals it; its statement never changes again', async () => {
    await second.open(PATH, 'quarter');
    expect(await second.press('Çeyreği mühürle')).toBe(200);
    await second.sat.met('quarter');
    expect(await tileOf(second.page, 'Tutar')).toBe(AMOUNT);
    expect(await second.sat.text('main')).toContain('Çeyrek mühürlendi');
    const { state, statementSha256, total } = await api(`/v1/fees/quarters/${QUARTER}`);
    expect([state, total]).toEqual(['sealed', TOTAL]);
    expect(await second.page.locator('main').textContent()).toContain(statementSha256);
    const [quarter] = (await look.since(/^fees\.quarter-sealed/)).map(({ data }) => data.quarter);
    expect(quarter).toBe(QUARTER);
  });

  it('leaves the book and the log agreeing, and nothing personal behind in either browser', async () => {
    await expectSound(system);
    expect([await first.leave(), await second.leave()]).toEqual([[], []]);
  });
});
