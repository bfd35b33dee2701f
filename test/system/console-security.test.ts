import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { EntryLook } from '../support/browser-entries.js';
import { browserFor } from '../support/browser-person.js';
import { ConsoleOfficer } from '../support/console-officer.js';
import { BUILT, type System, startSystem } from '../support/system.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let browser: Browser;
let people: People;
let board: Actor;
let look: EntryLook;
let officer: ConsoleOfficer;

beforeAll(async () => {
  system = await startSystem({ koopbis: true });
  browser = await browserFor(system.sandbox);
  people = new People(system.sandbox);
  board = people.actor('board');
  look = new EntryLook(system);
  for (let n = 0; n < 3; n += 1) await ask(n % 2);
  officer = await ConsoleOfficer.sit(browser, system.sandbox, officers()[0] as Officer, { name: 'security' });
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

type Officer = System['sandbox']['people'][number];

const officers = (): readonly Officer[] =>
  system.sandbox.people.filter(({ is }) => is.length === 1 && is[0] === 'security-officer');

async function ask(n: number): Promise<void> {
  const body = question(board.cooperative, people.subject(n));
  const token = await system.token(board.kimlikNo);
  expect((await system.call({ client: 'koopbis-core', token, body })).status).toBe(200);
}

async function basis(): Promise<void> {
  await officer.fill(/Dayanak: isteyen makam/, 'Teftiş Kurulu');
  await officer.fill(/Belge numarası/, 'T-2026/7');
  await officer.fill(/Belge tarihi/, '2026-01-05');
}

/** Opens the page of the work that was just begun until it has ended, and takes its file. */
async function made(): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  await officer.sat.met('job');
  await officer.page.getByRole('link', { name: 'Dosyayı indir' }).waitFor({ timeout: 60_000 });
  await officer.sat.met('job');
  return officer.download('link', 'Dosyayı indir');
}

/** What the offline verifier says of a ZIP that was downloaded. */
function verified(bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'konsol-'));
  writeFileSync(join(folder, 'taken.zip'), bytes);
  execFileSync('python3', ['-m', 'zipfile', '-e', 'taken.zip', 'out'], { cwd: folder });
  const root = execFileSync('find', ['out', '-name', 'export.json'], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  return execFileSync(
    process.execPath,
    [join(BUILT, 'src/cli.js'), 'audit', 'verify', join(folder, root, '..')],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '' },
    },
  );
}

describe('a security officer before the console', () => {
  it('sees today and the state of the log', async () => {
    expect(await officer.open('/konsol/guvenlik', 'security')).toBe(200);
    const text = await officer.sat.text('main');
    expect(text).toContain('Bugünkü sorgular 3');
    expect(text).toContain('Son imzalı kontrol noktası');
  });

  it('finds who looked a person up, with nothing of the person in the address, and each page is an entry', async () => {
    const subject = people.subject(0);
    await officer.open('/konsol/guvenlik/kisi', 'person');
    await officer.fill(/Hakkında sorgu yapılan kişi|kimlik/i, subject.kimlikNo);
    await basis();
    await look.since();
    expect(await officer.press('Göster')).toBe(200);
    await officer.sat.met('person.page');
    expect(officer.page.url()).not.toMatch(/\d{11}/);
    expect(await officer.sat.text('main')).not.toContain(subject.kimlikNo);
    expect(await officer.page.locator('figure.chart img').count()).toBe(1);
    const entries = await look.since(/^log\.searched/);
    expect(entries).toHaveLength(1);
    expect(entries[0]?.data).toMatchObject({ client: 'konsol', criteria: { person: true, actor: false } });
  });

  it('reads one look-up as a story, and opens one value for a reason after the second step', async () => {
    const href = await officer.page
      .locator('main a[href^="/konsol/guvenlik/kayit/"]')
      .last()
      .getAttribute('href');
    await officer.open(String(href), 'story');
    const story = await officer.sat.text('main');
    for (const word of ['e-Devlet', board.cooperative, 'BilesikKutukSorgulaKimlikNoServis'])
      expect(story).toContain(word);
    const subject = people.subject(0).kimlikNo;
    expect(story).not.toContain(subject);
    await officer.page.locator('input[name=field][value="subject.number"]').check();
    await officer.fill('Neden', 'Şikâyet dosyası 12');
    await look.since();
    expect(await officer.press('Değeri aç')).toBe(403);
    await officer.sat.met('story.reveal', 'STEP_UP_REQUIRED');
    expect(await officer.stepUpAndSendAgain()).toBe(200);
    expect(await officer.sat.text('main')).toContain(subject);
    const kinds = (await look.since(/^(log\.revealed|console\.refused)/)).map(({ kind }) => kind);
    expect(kinds).toEqual(['console.refused', 'log.revealed']);
  });

  it('takes an export away that a stranger can verify', async () => {
    await officer.open('/konsol/guvenlik/disa-aktar', 'export');
    await basis();
    await officer.fill('Gerekçe', 'Teftiş');
    expect(await officer.press('Dışa aktarmayı başlat')).toBe(200);
    const { name, bytes } = await made();
    expect(name).toMatch(/\.zip$/);
    expect(verified(bytes)).not.toContain('FAIL');
  });

  it('answers a citizen with a PDF in which the look-ups stand, and the day by which it was due', async () => {
    await officer.open('/konsol/guvenlik/kvkk', 'kvkk');
    await officer.fill(/Başvuranın T.C. kimlik numarası/, people.subject(0).kimlikNo);
    await officer.fill('Başvuru numarası', 'KVKK-2026-1');
    await officer.fill('Başvurunun alındığı gün', '2026-11-02');
    expect(await officer.press('Cevabı hazırla')).toBe(200);
    const { name, bytes } = await made();
    expect(name).toMatch(/\.pdf$/);
    expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    const [answer] = (await look.since(/^kvkk\.answered/)).map(({ data }) => data);
    expect(answer).toMatchObject({ requestNo: 'KVKK-2026-1', dueBy: '2026-12-02', entries: 2 });
  });

  it('proposes a destruction that only another officer carries out, once', async () => {
    await officer.open('/konsol/guvenlik/saklama', 'retention');
    const form = officer.page.locator('form', { hasText: 'İmhayı öner' });
    await form.getByLabel(/T.C. kimlik/).fill(people.subject(1).kimlikNo);
    await form.getByLabel('İlk yıl').fill('2026');
    await form.getByLabel('Son yıl').fill('2026');
    await form.getByLabel('Belge numarası').fill('2026/44');
    await form.getByLabel('Belge tarihi').fill('2026-10-01');
    await form.getByLabel('Gerekçe').fill('Mahkeme kararı');
    for (const group of await form.getByRole('group').all()) await group.getByRole('radio').first().check();
    expect(await officer.press('İmhayı öner')).toBe(200);
    await officer.open('/konsol/kararlar', 'decisions');
    expect(await officer.sat.text('main')).toMatch(/imha/i);
    const second = await ConsoleOfficer.sit(browser, system.sandbox, officers()[1] as Officer, {
      name: 'security-second',
    });
    await second.open('/konsol/kararlar', 'decisions');
    const href = await second.page.locator('main a[href^="/konsol/kararlar/"]').first().getAttribute('href');
    await officer.open(String(href), 'decision');
    expect(await officer.page.getByRole('button', { name: /^Onayla/ }).count()).toBe(0);
    await second.stepUp();
    await second.open(String(href), 'decision');
    await second.page
      .getByLabel(/kimlik/i)
      .first()
      .fill(people.subject(1).kimlikNo);
    expect(await second.press(/^Onayla/)).toBe(200);
    expect((await look.since(/^retention\.destroyed/)).map(({ kind }) => kind)).toEqual([
      'retention.destroyed',
    ]);
    await second.open(String(href), 'decision');
    expect(await second.page.getByRole('button', { name: /^Onayla/ }).count()).toBe(0);
    expect(await second.leave()).toEqual([]);
  });

  it('leaves nothing personal behind', async () => {
    expect(await officer.leave()).toEqual([]);
  });
});
