import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { readCsv, readSheets } from '../fees/export/support/read-back.js';
import { EntryLook } from '../support/browser-entries.js';
import { browserFor } from '../support/browser-person.js';
import { ConsoleOfficer } from '../support/console-officer.js';
import { tableOf, tileOf } from '../support/console-tables.js';
import { type System, startSystem } from '../support/system.js';
import { confirmedAnew, decisionOn, expectSound, Registry } from '../support/system-authority.js';
import { People } from '../support/system-people.js';

type Person = System['sandbox']['people'][number];
type Cooperative = System['sandbox']['cooperatives'][number];

const LIST = '/konsol/mudurluk/kooperatifler';
const APPLICATIONS = '/konsol/mudurluk/basvurular';

let system: System;
let browser: Browser;
let people: People;
let look: EntryLook;
let officer: ConsoleOfficer;
/** A cooperative in the area of an official, one of its board, and an official of another area. */
let cooperative: Cooperative;
let applicant: string;
let official: Official;
let stranger: Official;
/** Two who are nobody yet. */
let appointees: readonly Person[];

interface Official {
  readonly person: Person;
  readonly ministry: string;
  readonly il: string;
}

beforeAll(async () => {
  system = await startSystem({ people: 400, cooperatives: 40, koopbis: true });
  people = new People(system.sandbox);
  look = new EntryLook(system);
  const pair = pairOf(officials());
  applicant = pair.applicant;
  official = pair.official;
  cooperative = { ...pair.cooperative, il: official.il };
  // Into the official's area, if it is not there.
  await new Registry(system).patchAndRead(cooperative.mersisNo, { il: official.il });
  stranger = officials().find(
    ({ il, ministry }) => il !== official.il || ministry !== official.ministry,
  ) as Official;
  appointees = system.sandbox.people
    .filter(({ dogumTarihi, durum, is, kimlikNo, soyad }) => {
      const plain = soyad !== '' && !kimlikNo.startsWith('9') && !dogumTarihi.includes('-00');
      return plain && is.includes('nobody') && durum === 'açık';
    })
    .slice(0, 2);
  browser = await browserFor(system.sandbox);
  officer = await ConsoleOfficer.sit(browser, system.sandbox, official.person, { name: 'directorate' });
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

function officials(): readonly Official[] {
  return system.sandbox.people.flatMap((person) => {
    const { durum, edevletTotp, is } = person;
    const [ministry, il] = is[0]?.startsWith('directorate:') ? (is[0].split(':')[1]?.split('/') ?? []) : [];
    const able = edevletTotp !== null && durum === 'açık' && is.length === 1;
    return able && ministry !== undefined && il !== undefined ? [{ person, ministry, il }] : [];
  });
}

/** A board member of a cooperative without an appointee, and an official of its ministry. */
function pairOf(known: readonly Official[]) {
  for (let place = 0; ; place += 1) {
    const actor = people.actor('board', place);
    const found = people.cooperative(({ mersisNo }) => mersisNo === actor.cooperative);
    const held = system.sandbox.people.some(({ is }) => is.includes(`appointee:${actor.cooperative}`));
    const own = known.find(({ ministry }) => ministry === found.ilgiliBakanlik);
    if (own !== undefined && !held) return { applicant: actor.kimlikNo, official: own, cooperative: found };
  }
}

const pieces = async function* (bytes: Buffer) {
  yield bytes;
};

/** As the registry has it now. */
function registered(): readonly Cooperative[] {
  return system.sandbox.cooperatives.map((one) =>
    one.mersisNo === cooperative.mersisNo ? cooperative : one,
  );
}

const isOwn = ({ il, ilgiliBakanlik }: Cooperative) =>
  il === official.il && ilgiliBakanlik === official.ministry;

/** A board member asks for this person, as an application of the ministry's would; the id. */
async function apply(place: number): Promise<string> {
  const today = istanbulDay(new Date());
  const { ad, dogumTarihi, kimlikNo, soyad } = appointees[place] as Person;
  const documentSha256 = createHash('sha256').update(`karar ${place}`).digest('hex');
  const answer = await system.call({
    token: await system.token(applicant),
    path: '/v1/appointments',
    body: {
      cooperative: cooperative.mersisNo,
      vkn: cooperative.vkn,
      decision: { no: `2026/${place + 1}`, date: today, documentSha256 },
      from: today,
      subject: { kimlikNo, ad, soyad, dogumTarihi },
    },
  });
  expect([answer.status, answer.body.state]).toEqual([201, 'applied']);
  return answer.body.id;
}

const mayAct = (place: number) =>
  decisionOn(system, { cooperative: cooperative.mersisNo, person: appointees[place]?.kimlikNo ?? '' });

/** Opens the one application that waits. */
async function openWaiting(before: ConsoleOfficer): Promise<void> {
  await before.open('/konsol/mudurluk', 'area');
  expect(await tileOf(before.page, 'Karar bekleyen yetkili başvurusu')).toBe('1');
  await before.open(APPLICATIONS, 'applications');
  await before.follow('İncele');
  await before.sat.met('application');
}

describe('a directorate user looks at cooperatives', () => {
  it('sees those of the own ministry and il, and no other', async () => {
    expect(await officer.open('/konsol/mudurluk', 'area')).toBe(200);
    expect(await officer.sat.text('main')).toContain(official.il);
    await officer.page.locator(`main .tiles a[href="${LIST}"]`).click();
    await officer.page.waitForURL(`**${LIST}`, { timeout: 25_000 });
    await officer.sat.met('cooperatives');
    const { rows } = await tableOf(officer.page, 'Kooperatifler');
    const own = registered().filter(isOwn);
    expect(rows.map((row) => row[1]).sort()).toEqual(own.map(({ mersisNo }) => mersisNo).sort());
    expect(new Set(rows.map((row) => row[3]))).toEqual(new Set([official.il]));
  });

  it('sees who may act in one and by what, without anybody’s number', async () => {
    await look.since();
    await officer.follow(cooperative.unvan);
    await officer.sat.met('cooperative');
    const path = `/v1/cooperatives/${cooperative.mersisNo}/authorities`;
    const { body } = await system.call({ client: 'koopbis-reports', path });
    const authorities: readonly object[] = body.authorities;
    const { rows } = await tableOf(officer.page, 'Adına işlem yapabilenler');
    expect([rows.length, authorities.length > 0]).toEqual([authorities.length, true]);
    expect(rows.every(([, person]) => /^\*\*\* \(\d+\)$/.test(person ?? ''))).toBe(true);
    expect(rows.every((row) => row[4]?.includes('m.'))).toBe(true);
    const text = await officer.sat.text('main');
    expect(text).toContain(cooperative.vkn);
    expect(text).not.toMatch(/(?<!\d)[1-9]\d{10}(?!\d)/);
    const opened = await look.since(/^console\.opened/);
    expect(opened.map(({ data }) => [data.page, data.about])).toEqual([
      ['cooperative', cooperative.mersisNo],
    ]);
  });

  it('takes the list away as XLSX and CSV, which say what it and the pages say, each with an entry', async () => {
    await officer.open(LIST, 'cooperatives');
    const listed = (await tableOf(officer.page, 'Kooperatifler')).rows;
    await look.since();
    const xlsx = await officer.download('link', 'Kooperatifler ve işlem yapabilenler: XLSX');
    const csv = await officer.download('link', 'Kooperatifler ve işlem yapabilenler: CSV');
    const taken = await look.since(/^console\.opened/);
    expect(taken.map(({ data }) => [data.page, data.about])).toEqual([
      ['cooperatives.file', 'xlsx'],
      ['cooperatives.file', 'csv'],
    ]);
    expect([xlsx.name, csv.name]).toEqual([
      expect.stringMatching(/^kooperatifler-\d{4}-\d\d-\d\d\.xlsx$/),
      expect.stringMatching(/^kooperatifler-\d{4}-\d\d-\d\d\.csv$/),
    ]);
    const said: (readonly (string | undefined)[])[] = [];
    for (const [unvan, mersisNo, tur, il, durum] of listed) {
      await officer.open(`/konsol/mudurluk/kooperatif/${mersisNo}`, 'cooperative');
      const { rows } = await tableOf(officer.page, 'Adına işlem yapabilenler');
      const own = [unvan, mersisNo, tur, il, durum];
      const acting = rows.filter((row) => row.length > 1).map((row) => [...own, ...row.slice(0, 4)]);
      said.push(...(acting.length === 0 ? [[...own, '', '', '', '']] : acting));
    }
    const records = await readCsv(pieces(csv.bytes));
    const titles = ['Ünvan', 'MERSİS no', 'Tür', 'İl', 'Durum', 'Sıfat', 'Kişi', 'Görev süresi', 'Tescil'];
    expect(records.map((one) => titles.map((title) => one[title]))).toEqual(said);
    const sheet = (await readSheets(pieces(xlsx.bytes))).get('Kooperatifler') ?? [];
    const head = sheet.findIndex(([title]) => title === 'Ünvan');
    const places = titles.map((title) => sheet[head]?.indexOf(title) ?? -1);
    expect(sheet.slice(head + 1).map((row) => places.map((place) => row[place] ?? ''))).toEqual(said);
    expect(csv.bytes.toString('utf8')).not.toMatch(/(?<!\d)[1-9]\d{10}(?!\d)/);
  });

  it('is refused another il’s cooperative by its address, and that is written down', async () => {
    const other = registered().find((one) => !isOwn(one)) as Cooperative;
    await look.since();
    const status = await officer.open(
      `/konsol/mudurluk/kooperatif/${other.mersisNo}`,
      'cooperative',
      'OUTSIDE_OWN_AREA',
    );
    expect(status).toBe(403);
    expect(await officer.sat.text('main')).not.toContain(other.unvan);
    const entries = await look.since(/^console\./);
    expect(entries.map(({ data, kind }) => [kind, data.action, data.code, data.about])).toEqual([
      ['console.refused', 'cooperative', 'OUTSIDE_OWN_AREA', other.mersisNo],
    ]);
  });
});

describe('an application for a KOOPBİS yetkilisi', () => {
  it('is for nobody of another directorate, whoever knows its address', async () => {
    const id = await apply(0);
    const elsewhere = await ConsoleOfficer.sit(browser, system.sandbox, stranger.person, {
      name: 'directorate-elsewhere',
    });
    await elsewhere.open(APPLICATIONS, 'applications');
    expect(await elsewhere.sat.text('main')).toContain('Bekleyen başvuru yok');
    await look.since();
    expect(await elsewhere.open(`${APPLICATIONS}/${id}`, 'application', 'OUTSIDE_OWN_AREA')).toBe(403);
    expect((await look.since(/^console\./)).map(({ kind }) => kind)).toEqual(['console.refused']);
    expect(await elsewhere.leave()).toEqual([]);
  });

  it('is accepted by keyboard alone, and the person may act', async () => {
    const hand = await ConsoleOfficer.sit(browser, system.sandbox, official.person, {
      name: 'directorate-keyboard',
      hand: 'keyboard',
    });
    await openWaiting(hand);
    expect(await hand.sat.text('main')).toContain('Kabule engel bir kural görünmüyor');
    expect(await hand.sat.text('main')).not.toContain(appointees[0]?.kimlikNo);
    await hand.choose('Kabul: kişi bugünden itibaren yetkilidir');
    await look.since();
    expect(await hand.press('Kararı kaydet')).toBe(200);
    await hand.sat.met('application');
    expect(await hand.sat.text('main')).toContain('Kabul edildi');
    expect((await look.since(/^appointment\./)).map(({ kind }) => kind)).toEqual(['appointment.decided']);
    await confirmedAnew();
    expect(await mayAct(0)).toBe('granted');
    await hand.open(LIST, 'cooperatives');
    const { bytes } = await hand.download('link', 'Kooperatifler ve işlem yapabilenler: CSV');
    const acting = (await readCsv(pieces(bytes))).filter((one) => one['MERSİS no'] === cooperative.mersisNo);
    expect(acting.filter((one) => one.Sıfat?.includes('KOOPBİS yetkilisi'))).toHaveLength(1);
    expect(await hand.leave()).toEqual([]);
  });

  it('that must not be accepted says why; a refusal without a reason is told beside the field; refused, nobody acts', async () => {
    const id = await apply(1);
    await openWaiting(officer);
    await officer.choose(/^Kabul:/);
    expect(await officer.press('Kararı kaydet')).toBe(409);
    await officer.sat.met('application.decide');
    expect(await officer.sat.text('main')).toContain('en çok izin verilen sayıya ulaşıldı');
    await officer.choose(/^Ret$/);
    expect(await officer.press('Kararı kaydet')).toBe(422);
    await officer.sat.met('application.decide');
    expect(await officer.sat.text('.field.wrong')).toContain('Reddin gerekçesini yazın.');
    await officer.fill(/^Gerekçe$/, 'Kooperatifin yetkilisi vardır.');
    await look.since();
    expect(await officer.press('Kararı kaydet')).toBe(200);
    await officer.sat.met('application');
    expect(await officer.sat.text('main')).toContain('Kooperatifin yetkilisi vardır.');
    expect(await officer.page.getByRole('button', { name: 'Kararı kaydet' }).count()).toBe(0);
    const [decided] = (await look.since(/^appointment\.decided/)).map(({ data }) => data);
    expect(decided).toMatchObject({ appointment: id, decision: 'refused' });
    await confirmedAnew();
    expect(await mayAct(1)).toBe('no-seat');
  });
});

describe('without scripts', () => {
  it('the list and a cooperative say the same, the appointee among those who may act', async () => {
    const plain = await ConsoleOfficer.sit(browser, system.sandbox, official.person, {
      name: 'directorate-no-scripts',
      javaScriptEnabled: false,
    });
    await plain.open(LIST, 'cooperatives');
    await plain.fill('Ünvanın başı', cooperative.unvan);
    expect(await plain.press('Süz')).toBe(200);
    await plain.sat.met('cooperatives');
    expect(await plain.page.getByLabel('Ünvanın başı').inputValue()).toBe(cooperative.unvan);
    await plain.follow(cooperative.unvan);
    await plain.sat.met('cooperative');
    const { rows } = await tableOf(plain.page, 'Adına işlem yapabilenler');
    expect(rows.filter(([role]) => role?.includes('KOOPBİS yetkilisi'))).toHaveLength(1);
    expect(await plain.leave()).toEqual([]);
  });

  it('and nothing personal is left behind, while the log and its tables agree', async () => {
    expect(await officer.leave()).toEqual([]);
    await expectSound(system);
  });
});
