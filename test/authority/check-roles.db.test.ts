import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { draftOf } from '../../src/audit/draft.js';
import { plainLane } from '../../src/audit/plain-lane.js';
import { type FullHouse, openFullHouse } from '../audit/check/support/full-house.js';
import type { OpenLog } from '../audit/support/log.js';
import { numberOf } from '../audit/support/parts.js';
import {
  decided,
  grant,
  MERSIS,
  registryCooperative,
  registryRoles,
  revoke,
  tagOf,
  word,
} from './roles/support.js';

const [ADMIN, OTHER, DESK, SENT, GONE] = [31, 32, 33, 34, 35];
const REPRESENTATIVE = `ministry-representative:${MERSIS}`;

let full: FullHouse;
let log: OpenLog;

beforeAll(async () => {
  full = await openFullHouse();
  log = { appender: full.log, db: full.house.test.db, close: async () => undefined };
  await registryRoles(log, [
    [ADMIN, 'administrator'],
    [OTHER, 'administrator'],
  ]);
  await registryCooperative(log, []);
  const today = new Date(full.house.now);
  const day = (ahead: number) => new Date(today.getTime() + ahead * 86_400_000).toISOString().slice(0, 10);
  const steps = [
    await grant(log, ADMIN, [decided(DESK, 'directorate:ticaret/Ankara'), decided(GONE, 'finance')]),
    await grant(log, DESK, [decided(SENT, REPRESENTATIVE, { from: day(5), to: day(7) })]),
    await revoke(log, OTHER, decided(GONE, 'finance')),
  ];
  expect(steps.map(word)).toEqual(['done', 'done', 'done']);
  await full.settle();
});
afterAll(() => full.close());

/** What the check says once `sql` has been done behind the log's back; put back by `undo`. */
async function tampered(sql: string, undo: string): Promise<string> {
  await full.tamper(sql);
  const { difference } = await full.check();
  await full.tamper(undo);
  return difference === null ? 'nothing' : difference.text.replace(/[0-9a-f-]{36}/, '…');
}

describe('audit check of roles by decision', () => {
  it('passes what persons decided, representatives with their days, and what they took away again', async () => {
    const { difference, passed } = await full.check();
    expect(difference).toBeNull();
    expect(passed.map(({ text }) => text).join()).toContain('4 roles, with 6 events, are what the log says');
  });

  it.each([
    [
      'a representative’s day moved',
      "UPDATE bridge.authority_role SET ends_on = ends_on + 1 WHERE role = 'ministry-representative'",
      "UPDATE bridge.authority_role SET ends_on = ends_on - 1 WHERE role = 'ministry-representative'",
      'role … is not bound to what was decided',
    ],
    [
      'a representative’s other cooperative',
      "UPDATE bridge.authority_role SET mersis_no = '0999999999000015' WHERE role = 'ministry-representative'",
      `UPDATE bridge.authority_role SET mersis_no = '${MERSIS}' WHERE role = 'ministry-representative'`,
      'role … is not bound to what was decided',
    ],
    [
      'days on a role of the registry',
      "UPDATE bridge.authority_role SET ends_on = '2030-01-01' WHERE role = 'administrator'",
      "UPDATE bridge.authority_role SET ends_on = NULL WHERE role = 'administrator'",
      'role … is not bound to what was decided',
    ],
    [
      'a decision made a reading',
      "UPDATE bridge.authority_role SET source = 'registry' WHERE role = 'directorate'",
      "UPDATE bridge.authority_role SET source = 'decision' WHERE role = 'directorate'",
      'role … is not what was granted',
    ],
    [
      'a role given to somebody else',
      `UPDATE bridge.authority_role SET person_tag = decode(reverse(encode(person_tag, 'hex')), 'hex') WHERE role = 'directorate'`,
      `UPDATE bridge.authority_role SET person_tag = decode(reverse(encode(person_tag, 'hex')), 'hex') WHERE role = 'directorate'`,
      'role … is held by another person than the log says',
    ],
  ])('tells %s', async (_name, sql, undo, expected) => {
    expect(await tampered(sql, undo)).toBe(expected);
    expect((await full.check()).difference).toBeNull();
  });

  it('tells a role that says persons decided it, where no entry says who', async () => {
    const roleId = randomUUID();
    const data = { il: null, ministry: null, role: 'finance', roleId, source: 'decision' };
    const about = numberOf('subject', GONE);
    await full.log.submit(plainLane, draftOf('role.granted', full.house.now, data, [about]));
    await full.settle();
    const tag = tagOf(GONE).toString('hex');
    const sql = `INSERT INTO bridge.authority_role (role_id, person_tag, role, source)
      VALUES ('${roleId}', '\\x${tag}', 'finance', 'decision')`;
    expect(await tampered(sql, 'SELECT 1')).toBe('no entry tells who decided on role …');
  });
});
