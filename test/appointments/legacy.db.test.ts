import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { importLegacy } from '../../src/appointments/legacy/import-legacy.js';
import { readLegacyFile } from '../../src/appointments/legacy/read-legacy-file.js';
import { readRecords } from '../../src/authority/recording/records.js';
import { failureOf } from '../audit/support/log.js';
import { digitsOf } from '../audit/support/parts.js';
import { cooperativeReading, recordReadings } from '../support/authority.js';
import { OFFICER, officerPorts } from './officer.js';
import {
  APPLICATION,
  type AppointmentHouse,
  BOARD,
  DESK,
  factsOf,
  MERSIS,
  NOW,
  openAppointmentHouse,
  SUBJECT,
  tagOf,
} from './support.js';

const SHA = 'cd'.repeat(32);
let house: AppointmentHouse;
beforeEach(async () => {
  house = await openAppointmentHouse();
});
afterEach(() => house.close());

const lineOf = (n: number, { cooperative = MERSIS, from = '2020-01-01', to = '2021-06-01' } = {}) =>
  `${cooperative};${digitsOf(n)};${from};${to}`;
const bring = (lines: readonly string[], acts = true, told: number[] = []) => {
  const { rows, bad } = readLegacyFile(lines.join('\n'), '2022-10-26');
  expect(bad).toEqual([]);
  const given = { rows, fileSha256: SHA, officer: OFFICER, osUser: 'tester' };
  return importLegacy(house.log.appender, house.test.db, officerPorts(acts), given, (n) => told.push(n));
};
const seats = async (mersisNo = MERSIS) =>
  ((await readRecords(house.test.db, [mersisNo])).get(mersisNo)?.record.seats ?? []).filter(
    ({ role }) => role === 'legacy-appointee',
  );

describe('appointees of the closed system', () => {
  it('are brought in as ended, each with a seat and an entry under a sealed number, and may do nothing', async () => {
    expect(await bring([lineOf(SUBJECT), lineOf(10, { to: '' })])).toEqual({
      kind: 'imported',
      imported: 2,
      lines: 2,
    });
    expect(
      (await seats()).map(({ endsOn, registeredOn, source }) => [endsOn, registeredOn, source]).sort(),
    ).toEqual([
      ['2021-06-01', null, 'legacy'],
      ['2022-10-26', null, 'legacy'],
    ]);
    const entries = (await house.entries()).slice(-4);
    expect(entries.map(({ kind }) => kind)).toEqual([
      'seat.recorded',
      'seat.recorded',
      'authority.recorded',
      'legacy.imported',
    ]);
    expect(entries[3]).toMatchObject({ data: { fileSha256: SHA, imported: 2, osUser: 'tester' } });
    expect(await house.inForce(SUBJECT)).toEqual([]);
    expect(await house.apply(SUBJECT)).toBe('NOT_AUTHORISED_FOR_COOPERATIVE legacy-ended');
    const { rows } = await house.test.db.query({
      text: "SELECT 1 FROM bridge.authority_event WHERE data->>'role' = 'legacy-appointee'",
    });
    expect(rows).toEqual([]);
    const text = await house.text();
    for (const n of [SUBJECT, 10, 70]) expect(text).not.toContain(digitsOf(n));
  });

  it('are the same when they come again: nothing is written, and no reading grows younger', async () => {
    await bring([lineOf(SUBJECT)]);
    const before = [(await house.kinds()).length, await seats()];
    house.now = new Date(NOW.getTime() + 3_600_000);
    expect(await bring([lineOf(SUBJECT)])).toEqual({ kind: 'imported', imported: 0, lines: 1 });
    expect([(await house.kinds()).length, await seats()]).toEqual(before);
    expect((await factsOf(house.test, BOARD))?.cooperative?.readAt).toEqual(NOW);
  });

  it('are corrected by a file that gives another end: the seat stays the same', async () => {
    await bring([lineOf(SUBJECT)]);
    const [before] = await seats();
    expect(await bring([lineOf(SUBJECT, { to: '2021-07-01' })])).toMatchObject({ imported: 1 });
    expect(await seats()).toEqual([{ ...before, endsOn: '2021-07-01' }]);
  });

  it('need a decision later than the day of the closing', async () => {
    await bring([lineOf(SUBJECT)]);
    const old = { ...APPLICATION.decision, date: '2022-10-26' };
    expect(await house.apply(BOARD, { decision: old, from: '2022-10-26' })).toBe(
      'STATE_CONFLICT decision-too-old',
    );
    expect(house.askedRegistry).toEqual([]);
    const id = await house.applied({ decision: { ...old, date: '2022-10-27' }, from: '2026-05-04' });
    expect((await house.row(id))?.person_tag).toEqual(tagOf(SUBJECT));
  });

  it('do not count as appointees of now', async () => {
    await bring([lineOf(10)]);
    expect(await house.decide(DESK, await house.applied())).toBe('accepted');
    expect(await house.inForce(SUBJECT)).toEqual(['appointee']);
  });

  it('come in whole or not at all: one cooperative that nobody knows, and nothing is brought in', async () => {
    const lines = [lineOf(SUBJECT), lineOf(10, { cooperative: '0999999999000015' }), lineOf(11)];
    const before = (await house.kinds()).length;
    expect(await bring(lines)).toEqual({
      kind: 'refused',
      bad: [{ line: 2, reason: 'cooperative-unknown' }],
    });
    expect([await seats(), (await house.kinds()).length]).toEqual([[], before]);
  });

  it('come in parts of whole cooperatives, each with its entry', async () => {
    const numbers = Array.from({ length: 5 }, (_, n) => `0${String(200_000_000_000_000 + n)}`);
    const readings = numbers.map((no) => cooperativeReading(no));
    await recordReadings(house.log.appender, house.test.db, officerPorts(), readings, NOW);
    const lines = numbers.flatMap((cooperative) =>
      Array.from({ length: 60 }, (_, n) => lineOf(100 + n, { cooperative })),
    );
    const told: number[] = [];
    expect(await bring(lines, true, told)).toEqual({ kind: 'imported', imported: 300, lines: 300 });
    expect(told).toEqual([180, 300]);
    expect((await house.kinds()).filter((kind) => kind === 'legacy.imported')).toHaveLength(2);
    for (const no of numbers) expect(await seats(no)).toHaveLength(60);
  });

  it('come in by nobody whose session or role has ended', async () => {
    expect(await failureOf(bring([lineOf(SUBJECT)], false))).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await seats()).toEqual([]);
  });
});
