import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createPersonTagger } from '../../../src/audit/person-tags.js';
import { checkHistory } from '../../../src/authority/check-history.js';
import { masterKeys, tagger } from '../support/parts.js';
import { restore } from './support/backup.js';
import type { FullHouse } from './support/full-house.js';
import { found, openTwoDays } from './support/two-days.js';

let full: FullHouse;
let intent = 0;
let outcome = 0;
let granted = 0;

beforeAll(async () => {
  ({ full, intent, outcome, granted } = await openTwoDays());
});

afterEach(() => restore(full, 'today'));
afterAll(() => full.close());

async function tampered(sql: string): Promise<string> {
  await full.tamper(sql);
  return found(full);
}

describe('search rows changed by a superuser are found', () => {
  it.each([
    [
      'a person’s row deleted',
      () => `DELETE FROM bridge.log_tag WHERE leaf_index = ${intent}`,
      () => `search-tags ${intent}`,
    ],
    [
      'a person’s row added',
      () =>
        `INSERT INTO bridge.log_tag SELECT tag, ${outcome}, tag_key_id, year FROM bridge.log_tag WHERE leaf_index = ${intent} LIMIT 1`,
      () => `search-tags ${outcome}`,
    ],
    [
      'a person’s row that leads to somebody else',
      () => `UPDATE bridge.log_tag SET tag = '\\x00112233445566778899aabbccddeeff' WHERE (tag, leaf_index) =
        (SELECT tag, leaf_index FROM bridge.log_tag WHERE leaf_index = ${intent} LIMIT 1)`,
      () => `search-tags ${intent}`,
    ],
    [
      'a person’s row beyond the log',
      () => "INSERT INTO bridge.log_tag VALUES ('\\x00112233445566778899aabbccddeeff', 9999, 1, 2026)",
      () => 'search-tags 9999',
    ],
    [
      'a cooperative edited',
      () => `UPDATE bridge.log_search SET cooperative = '1' WHERE leaf_index = ${intent}`,
      () => `search-table ${intent}`,
    ],
    [
      'a row deleted',
      () => `DELETE FROM bridge.log_search WHERE leaf_index = ${intent}`,
      () => `search-table ${intent}`,
    ],
    [
      'a row added',
      () => "INSERT INTO bridge.log_search (leaf_index, kind) VALUES (9999, 'query.read')",
      () => 'search-table 9999',
    ],
    [
      'an outcome edited',
      () => `UPDATE bridge.log_search_outcome SET outcome = 'mismatch' WHERE leaf_index = ${intent}`,
      () => `search-table ${outcome}`,
    ],
    [
      'an outcome deleted',
      () => `DELETE FROM bridge.log_search_outcome WHERE leaf_index = ${intent}`,
      () => `search-table ${outcome}`,
    ],
    [
      'an outcome added',
      () => `INSERT INTO bridge.log_search_outcome VALUES (${intent}, 1, 'match', 'answered')`,
      () => `search-table ${intent}`,
    ],
    [
      'an index that claims too much',
      () => 'UPDATE bridge.log_indexed SET size = 9999',
      () => 'search-table',
    ],
  ])('%s', async (_name, sql, expected) => {
    expect(await tampered(sql())).toBe(expected());
  });
});

describe('what other rooms keep beside the log', () => {
  it.each([
    [
      'a line of the book changed',
      () => `UPDATE bridge.fee_line SET il = 'x' WHERE outcome_leaf = ${outcome}`,
      () => `fee-book ${outcome}`,
    ],
    [
      'units taken away',
      () => `UPDATE bridge.fee_line SET units = 0, amount_kurus = 0 WHERE outcome_leaf = ${outcome}`,
      () => `fee-book ${outcome}`,
    ],
    [
      'a line deleted',
      () => `DELETE FROM bridge.fee_line WHERE outcome_leaf = ${outcome}`,
      () => `fee-book ${outcome}`,
    ],
    [
      'a line added',
      () => `INSERT INTO bridge.fee_line SELECT gen_random_uuid(), 1, account_id, fee_class, client_id, service, service_version, purpose,
        cooperative, il, ministry, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus, unit, basis
        FROM bridge.fee_line WHERE outcome_leaf = ${outcome}`,
      () => 'fee-book 1',
    ],
    [
      'a match made a mismatch',
      () => `UPDATE bridge.identity_query SET outcome = 'mismatch' WHERE outcome_leaf = ${outcome}`,
      () => `queries ${outcome}`,
    ],
    [
      'an ended query opened again',
      () =>
        `UPDATE bridge.identity_query SET state = 'open', outcome_leaf = NULL WHERE outcome_leaf = ${outcome}`,
      () => `queries ${outcome}`,
    ],
    [
      'the receipt of a query changed',
      () => `UPDATE bridge.identity_query SET outcome_hash = '\\x00' WHERE outcome_leaf = ${outcome}`,
      () => `queries ${outcome}`,
    ],
    [
      'the row of a query deleted',
      () => `DELETE FROM bridge.identity_query WHERE outcome_leaf = ${outcome}`,
      () => `queries ${outcome}`,
    ],
    [
      'a query invented with its answer',
      () => `INSERT INTO bridge.identity_query SELECT gen_random_uuid(), client_id, account_id, actor_tag, state, sent_at, deadline,
        intent_leaf, guess_key, guess_window, idempotency_scope, outcome, problem, units, checked_at, 1, outcome_hash
        FROM bridge.identity_query WHERE outcome_leaf = ${outcome}`,
      () => 'queries 1',
    ],
    [
      'a legal hold invented',
      () => `INSERT INTO bridge.legal_hold SELECT gen_random_uuid(), actor_tag, actor_tag, 2020, 2030, '{}', 1, NULL
        FROM bridge.identity_query LIMIT 1`,
      () => 'legal-holds 1',
    ],
    [
      'a seat typed in',
      () =>
        `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on) SELECT gen_random_uuid(), person_tag, mersis_no, 'board', starts_on, ends_on, registered_on FROM bridge.authority_seat LIMIT 1`,
      () => 'authority-history 2',
    ],
    [
      'a term made longer',
      () => "UPDATE bridge.authority_seat SET ends_on = '2040-01-01'",
      () => 'authority-history 1',
    ],
    [
      'a version',
      () => 'UPDATE bridge.authority_cooperative SET version = version + 1',
      () => 'authority-history 2',
    ],
    [
      'a suspension lifted or made',
      () => "UPDATE bridge.authority_cooperative SET suspended_by = 'x'",
      () => 'authority-history 2',
    ],
    [
      'a seat given to somebody else',
      () => "UPDATE bridge.authority_seat SET person_tag = '\\x00112233445566778899aabbccddeeff'",
      () => 'authority-history 1',
    ],
    [
      'a status made another',
      () => "UPDATE bridge.authority_cooperative SET durum = 'terkin'",
      () => 'authority-history 2',
    ],
    [
      'the past of a cooperative made another',
      () =>
        `UPDATE bridge.authority_history SET facts = jsonb_set(facts, '{seats,0,startsOn}', '"2001-01-01"')`,
      () => 'authority-history 2',
    ],
    [
      'the past of a seat given to somebody else',
      () =>
        `UPDATE bridge.authority_history SET facts = jsonb_set(facts, '{seats,0,tag}', '"00112233445566778899aabbccddeeff"')`,
      () => 'authority-history 2',
    ],
    [
      'the past of a cooperative taken out',
      () => 'DELETE FROM bridge.authority_history',
      () => 'authority-history 2',
    ],
    [
      'a cooperative typed in',
      () =>
        `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at) SELECT '0000000000000099', unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at FROM bridge.authority_cooperative LIMIT 1`,
      () => 'authority-history',
    ],
    [
      'a role that nobody granted',
      () =>
        "INSERT INTO bridge.authority_role VALUES (gen_random_uuid(), '\\x00112233445566778899aabbccddeeff', 'security-officer', NULL, NULL)",
      () => 'authority-history',
    ],
    [
      'a role made larger',
      () => 'UPDATE bridge.authority_role SET il = NULL',
      () => `authority-history ${granted}`,
    ],
    [
      'a role given to somebody else',
      () =>
        'UPDATE bridge.authority_role SET person_tag = (SELECT person_tag FROM bridge.authority_seat LIMIT 1)',
      () => `authority-history ${granted}`,
    ],
    [
      'a role that nobody revoked',
      () => 'DELETE FROM bridge.authority_role',
      () => `authority-history ${granted}`,
    ],
  ])('%s', async (_name, sql, expected) => {
    expect(await tampered(sql())).toBe(expected());
  });
});

describe('the feed and the numbers behind tags', () => {
  const EVENT = 'bridge.authority_event';
  const HEAD = 'bridge.authority_head';
  const COOPERATIVE = 'bridge.authority_cooperative';
  const OTHER = "'\\x00112233445566778899aabbccddeeff'";
  const whole = () => 'authority-history';
  const seat = () => 'authority-history 2';
  const role = () => `authority-history ${granted}`;

  it.each([
    ['the first event deleted', `DELETE FROM ${EVENT} WHERE position = 1`, whole],
    ['the last event deleted', `DELETE FROM ${EVENT} WHERE position = 2`, whole],
    ['all events deleted', `DELETE FROM ${EVENT}`, whole],
    [
      'the last event deleted, and the last number with it',
      `DELETE FROM ${EVENT} WHERE position = 2; UPDATE ${HEAD} SET last_event = 1`,
      whole,
    ],
    ['the last number raised', `UPDATE ${HEAD} SET last_event = 3`, whole],
    ['the last number lowered', `UPDATE ${HEAD} SET last_event = 1`, whole],
    ['the first number raised', `UPDATE ${HEAD} SET first_event = 2`, whole],
    ['an event made a loss', `UPDATE ${EVENT} SET kind = 'lost' WHERE position = 1`, seat],
    [
      'an event invented at the end',
      `INSERT INTO ${EVENT} SELECT 3, at, 'lost', person_tag, mersis_no, basis, data || '{"reason":"gone"}', leaf_index FROM ${EVENT}
        WHERE position = 1; UPDATE ${HEAD} SET last_event = 3; UPDATE bridge.authority_seat SET told = false`,
      seat,
    ],
    ['an event about another person', `UPDATE ${EVENT} SET person_tag = ${OTHER} WHERE position = 1`, seat],
    [
      'a role’s event about another person',
      `UPDATE ${EVENT} SET person_tag = ${OTHER} WHERE position = 2`,
      role,
    ],
    ['an event about another seat', `UPDATE ${EVENT} SET basis = gen_random_uuid() WHERE position = 1`, seat],
    ['an event of another cooperative', `UPDATE ${EVENT} SET mersis_no = '1' WHERE position = 1`, seat],
    ['an event of another time', `UPDATE ${EVENT} SET at = at - interval '1 day' WHERE position = 1`, seat],
    [
      'an event with another entry',
      `UPDATE ${EVENT} SET leaf_index = 1 WHERE position = 1`,
      () => 'authority-history 1',
    ],
    ...['role', 'ministry', 'il', 'from', 'to', 'registeredOn', 'reason'].map(
      (member) =>
        [
          `an event that says something else: ${member}`,
          `UPDATE ${EVENT} SET data = jsonb_set(data, '{${member}}', '"2031-01-01"') WHERE position = 1`,
          seat,
        ] as const,
    ),
    [
      'a role’s event with another place',
      `UPDATE ${EVENT} SET data = jsonb_set(data, '{il}', '"Bolu"') WHERE position = 2`,
      role,
    ],
    ['the mark that a seat was told of', 'UPDATE bridge.authority_seat SET told = false', whole],
    ['the mark that a role was told of', 'UPDATE bridge.authority_role SET told = false', whole],
    ['the VKN of a cooperative', `UPDATE ${COOPERATIVE} SET vkn = '1234567890'`, whole],
    ['a reading of a time to come', `UPDATE ${COOPERATIVE} SET read_at = '2999-01-01'`, whole],
    ['a word of a time to come', `UPDATE ${COOPERATIVE} SET as_of = '2999-01-01'`, whole],
    ['the entry of a seat', 'UPDATE bridge.authority_seat SET leaf_index = 0', () => 'authority-history 1'],
    ['the entry of a cooperative', `UPDATE ${COOPERATIVE} SET leaf_index = 1`, seat],
    [
      'a number that does not open',
      'UPDATE bridge.authority_person SET person_box = set_byte(person_box, 20, get_byte(person_box, 20) # 1)',
      whole,
    ],
    ['a number moved to another tag', `UPDATE bridge.authority_person SET person_tag = ${OTHER}`, whole],
  ])('%s', async (_name, sql, expected) => {
    expect(await tampered(sql)).toBe(expected());
  });

  it('only counts numbers whose master key is not at hand', async () => {
    await full.tamper("UPDATE bridge.authority_person SET master_key_id = 'gone'");
    const { difference, passed } = await full.check();
    expect(difference).toBeNull();
    expect(passed.find(({ check }) => check === 'authority-history')?.text).toContain('1 numbers not opened');
  });

  it('only counts what was told by events that are purged', async () => {
    await full.tamper(`DELETE FROM ${EVENT} WHERE position = 1; UPDATE ${HEAD} SET first_event = 2`);
    const { difference, passed } = await full.check();
    expect(difference).toBeNull();
    expect(passed.find(({ check }) => check === 'authority-history')?.text).toContain(
      '1 granted by events that are purged',
    );
  });
});

describe('the holder of a role', () => {
  const other = createPersonTagger({ id: 2, key: randomBytes(32) });
  const checkUnder = (...taggers: readonly (typeof tagger)[]) =>
    full.check({ beside: [(tx) => checkHistory(tx, { masterKeys, taggers })] });

  it('is told as exchanged by role and leaf, without naming anybody', async () => {
    await full.tamper("UPDATE bridge.authority_role SET person_tag = '\\x00112233445566778899aabbccddeeff'");
    const [role] = await full.rows<{ id: string }>('SELECT role_id AS id FROM bridge.authority_role');
    expect((await full.check()).difference).toEqual({
      check: 'authority-history',
      text: `role ${role?.id} is held by another person than the log says`,
      leaf: BigInt(granted),
    });
  });

  it('passes where the row stands under the active tag key or an older one, and under no other', async () => {
    const { difference, passed } = await checkUnder(tagger);
    expect(difference).toBeNull();
    expect(passed.at(-1)?.text).toBe(
      '1 cooperatives with 1 seats in 1 versions, and 1 roles, with 2 events, are what the log says',
    );
    expect((await checkUnder(other, tagger)).difference).toBeNull();
    // The first person that is compared is that of the seat.
    expect((await checkUnder(other)).difference?.leaf).toBe(1n);
  });
});
