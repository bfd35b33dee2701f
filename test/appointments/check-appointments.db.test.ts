import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { checkAppointments } from '../../src/appointments/check-appointments.js';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import { FoundDifference } from '../../src/audit/check/difference.js';
import type { LineCheck } from '../../src/audit/check/line-check.js';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import { checkHistory } from '../../src/authority/check-history.js';
import type { HolderKeys } from '../../src/authority/check-holders.js';
import type { Transaction } from '../../src/storage/database.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { readEntries } from '../audit/support/log.js';
import { masterKeys, tagger } from '../audit/support/parts.js';
import { TEST_POOL } from '../support/database.js';
import {
  type AppointmentHouse,
  BOARD,
  DESK,
  openAppointmentHouse,
  SECOND,
  SUBJECT,
  seat,
  TODAY,
  tagOf,
  VKN,
} from './support.js';

type Open = (tx: Transaction, keys: HolderKeys) => Promise<LineCheck>;

const KEYS = { masterKeys, taggers: [tagger] };
const TABLES = ['appointment', 'authority_event', 'authority_head', 'authority_seat', 'log_detached'];

let house: AppointmentHouse;
let waiting: string;
let refused: string;
let accepted: string;

beforeAll(async () => {
  house = await openAppointmentHouse();
  refused = await house.applied();
  expect(await house.decide(DESK, refused, { decision: 'refuse', reason: 'eksik' })).toBe('refused');
  accepted = await house.applied({ decision: { ...DECISION, no: '2026/8' }, vkn: '9999999999' });
  expect(await house.decide(DESK, accepted, { correctedVkn: VKN })).toBe('accepted');
  waiting = await house.applied({ decision: { ...DECISION, no: '2026/9' } });
  const copies = TABLES.map((table) => `CREATE TABLE kept.${table} AS TABLE bridge.${table};`);
  await tamper(`CREATE SCHEMA kept; ${copies.join(' ')}`);
});
afterEach(() =>
  tamper(
    TABLES.map(
      (table) => `DELETE FROM bridge.${table}; INSERT INTO bridge.${table} SELECT * FROM kept.${table};`,
    ).join(' '),
  ),
);
afterAll(() => house.close());

const DECISION = { no: '2026/7', date: '2026-05-04', documentSha256: 'ab'.repeat(32) };

async function tamper(sql: string): Promise<void> {
  await withConnection({ url: house.test.adminUrl, ...TEST_POOL }, async (ask) => {
    await ask('SET session_replication_role = replica');
    await ask(sql);
  });
}

/** What the check says, as `bridge audit check` runs it: its sentence, or the difference. */
async function check(open: Open = checkAppointments, keys: HolderKeys = KEYS): Promise<string> {
  return house.test.db.transaction(async (tx) => {
    const line = await open(tx, keys);
    const entries = (await readEntries(tx)).map(({ leaf_index: leaf, leaf_hash: hash, line: text }) => {
      return { ...checkLine(text), leaf, hash, line: text } as never;
    });
    const size = BigInt(entries.length);
    try {
      await line.take({ from: 0n, end: size, entries });
      return await line.finish(size);
    } catch (error) {
      if (!(error instanceof FoundDifference)) throw error;
      return error.difference.text;
    }
  });
}

describe('audit check of appointments', () => {
  it('passes what was applied for, refused and accepted', async () => {
    expect(await check()).toBe('3 applications and appointments are what the log says');
    expect(await check(checkHistory)).toContain('are what the log says');
  });

  const other = `'\\x${tagOf(BOARD).toString('hex')}'`;
  it.each([
    ['a waiting one made accepted', () => `SET state = 'accepted' WHERE appointment_id = '${waiting}'`],
    ['a refused one made accepted', () => `SET state = 'accepted' WHERE appointment_id = '${refused}'`],
    ['an accepted one made ended', () => `SET state = 'ended' WHERE appointment_id = '${accepted}'`],
    [
      'an accepted one opened again',
      () =>
        `SET state = 'applied', decided_leaf = NULL, decided_at = NULL, seat_id = NULL WHERE appointment_id = '${accepted}'`,
    ],
    ['another cooperative', () => `SET mersis_no = '0999999999000015'`],
    ['another seat', () => `SET seat_id = gen_random_uuid() WHERE appointment_id = '${accepted}'`],
    [
      'a refused one given a seat',
      () => `SET seat_id = gen_random_uuid() WHERE appointment_id = '${refused}'`,
    ],
    ['another applicant’s seat', () => 'SET applicant_seat = gen_random_uuid()'],
    ['another decision', () => "SET decision_no = '1'"],
    ['another day of the decision', () => "SET decision_date = '2020-01-01'"],
    ['another document', () => "SET document_sha256 = ''"],
    ['another VKN', () => `SET vkn = '9999999999' WHERE appointment_id <> '${accepted}'`],
    ['the VKN before its correction', () => `SET vkn = '9999999999' WHERE appointment_id = '${accepted}'`],
    ['another first day', () => "SET starts_on = '2020-01-01'"],
    ['another end', () => "SET ends_on = '2040-01-01'"],
    ['another check of the person', () => 'SET query_id = gen_random_uuid()'],
    ['another entry of its application', () => 'SET applied_leaf = 1'],
    ['another entry of its decision', () => 'SET decided_leaf = 1'],
    ['another reason', () => "SET reason = 'x'"],
    ['another person', () => `SET person_tag = ${other}`],
    [
      'a number that does not open',
      () => 'SET person_box = set_byte(person_box, 20, get_byte(person_box, 20) # 1)',
    ],
  ])('tells %s', async (_name, sql) => {
    await tamper(`UPDATE bridge.appointment ${sql()}`);
    expect(await check()).not.toContain('are what the log says');
  });

  const typeIn = () =>
    tamper(`INSERT INTO bridge.appointment SELECT gen_random_uuid(), mersis_no, person_tag, person_box, 'gone', applicant_tag,
      applicant_seat, state, decision_no, decision_date, document_sha256, vkn, starts_on, ends_on, query_id, applied_at, applied_leaf,
      decided_at, decided_leaf, seat_id, reason FROM bridge.appointment WHERE appointment_id = '${accepted}'`);

  it('tells one that was typed in', async () => {
    await typeIn();
    expect(await check()).toMatch(/^appointment [-0-9a-f]{36} was applied for by no entry$/);
  });

  it('tells one that is gone', async () => {
    await tamper(`DELETE FROM bridge.appointment WHERE appointment_id = '${refused}'`);
    expect(await check()).toBe(`appointment ${refused} is gone`);
  });

  it('tells a person who is known under no tag key, and only counts whom no master key opens', async () => {
    const stranger = createPersonTagger({ id: 2, key: randomBytes(32) });
    expect(await check(checkAppointments, { masterKeys, taggers: [stranger] })).toContain('another person');
    await tamper("UPDATE bridge.appointment SET master_key_id = 'gone'");
    expect(await check()).toContain('persons of 3 not compared');
  });

  it('only counts what detached ranges alone could tell', async () => {
    await typeIn();
    await tamper("INSERT INTO bridge.log_detached VALUES (0, decode(repeat('00', 32), 'hex'), 1)");
    expect(await check()).toContain('; 1 told of in detached ranges only');
  });
});

describe('audit check of the feed', () => {
  it('tells an event deleted in the middle, also where those behind it are numbered anew', async () => {
    await tamper('DELETE FROM bridge.authority_event WHERE position = 2');
    expect(await check(checkHistory)).toContain('not whole');
    await tamper(`UPDATE bridge.authority_event SET position = position - 1 WHERE position > 2;
      UPDATE bridge.authority_head SET last_event = last_event - 1`);
    expect(await check(checkHistory)).toContain('is not what its row is marked with');
  });

  it('tells a loss that a new board has brought, deleted with the grant in front of it', async () => {
    await house.read({ seats: [seat(SECOND, { startsOn: TODAY, registeredOn: TODAY })] });
    expect(await check(checkHistory)).toContain('are what the log says');
    const gone = `SELECT basis FROM bridge.authority_event WHERE person_tag = '\\x${tagOf(SUBJECT).toString('hex')}'
      OR kind = 'lost' LIMIT 1`;
    await tamper(`DELETE FROM bridge.authority_event WHERE basis IN (${gone})`);
    expect(await check(checkHistory)).toContain('not whole');
  });
});
