import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMasterKeys, type MasterKeys } from '../../../src/audit/master-keys.js';
import { personKeyPlace } from '../../../src/audit/person-keys.js';
import { createConfirmLane } from '../../../src/audit/retention/confirm-lane.js';
import {
  createRewrapLane,
  personKeyTarget,
  proposalTarget,
  REWRAP_AT_ONCE,
  type RewrapTarget,
  type RowKey,
  rowsUnderOldKeys,
} from '../../../src/audit/retention/rewrap.js';
import { asOwner } from '../support/log.js';
import { digitsOf, masterKeys as oldOnly } from '../support/parts.js';
import { doneOf, officerOf, Registry } from './support/registry.js';

const ADMIN = officerOf(60);
const TARGETS = [personKeyTarget, proposalTarget];

let registry: Registry;
/** As the settings have it after the change: the new key first, the old one behind it. */
let both: MasterKeys;
let newOnly: MasterKeys;

beforeEach(async () => {
  registry = await Registry.open();
  const fresh = { id: 'm2', key: randomBytes(32) };
  newOnly = createMasterKeys([fresh]);
  const unwrap: MasterKeys['unwrap'] = (box, place, id) =>
    (id === 'm2' ? newOnly : oldOnly).unwrap(box, place, id);
  both = { activeId: 'm2', wrap: newOnly.wrap, unwrap };
  // Running instances know the new key and still wrap under the old one.
  registry.masterKeys = { activeId: 'm1', wrap: oldOnly.wrap, unwrap };
});
afterEach(async () => {
  await registry.close();
});

const batch = (target: RewrapTarget, after: RowKey | null = null, known = ['m2', 'm1']) => {
  const lane = createRewrapLane({
    instance: 'test-1',
    masterKeys: both,
    knownIds: known,
    stillActs: registry.tools.stillActs,
  });
  return registry.log.appender.submit(lane, { officer: ADMIN, target, after });
};

/** Runs to the end, or until `batches` were made, as one process would. */
async function rewrap(target: RewrapTarget, batches = 1000): Promise<number> {
  let [count, after]: [number, RowKey | null] = [0, null];
  for (let i = 0; i < batches; i += 1) {
    const done: { count: number; last: RowKey | null } = doneOf(await batch(target, after));
    count += done.count;
    after = done.last;
    if (after === null) break;
  }
  return count;
}

const left = () => rowsUnderOldKeys(registry.test.db, TARGETS, 'm2');

/** Rows that wrap as many keys under the old master key, each at its place. */
async function manyKeys(count: number): Promise<void> {
  const rows = Array.from({ length: count }, () => {
    const [id, tag] = [randomUUID(), randomBytes(16)];
    const place = personKeyPlace(id, tag, 2026);
    return { id, tag, box: oldOnly.wrap(randomBytes(32), place) };
  });
  await registry.test.db.query({
    text: `INSERT INTO bridge.person_key (key_id, tag, year, side, tag_key_id, master_key_id, wrapped)
      SELECT id, tag, 2026, 'subject', 1, 'm1', box FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS r(id, tag, box)`,
    values: [rows.map((row) => row.id), rows.map((row) => row.tag), rows.map((row) => row.box)],
  });
}

async function opensWithNewKeyAlone(): Promise<boolean> {
  const { rows } = await registry.test.db.query({ text: 'SELECT * FROM bridge.person_key' });
  const keys = rows.map((row) =>
    newOnly.unwrap(
      row.wrapped as Buffer,
      personKeyPlace(row.key_id as string, row.tag as Buffer, row.year as number),
      row.master_key_id as string,
    ),
  );
  return keys.length > 0 && keys.every((key) => key.length === 32);
}

describe('wrapping anew', () => {
  it('leaves nothing under the old key but what is written meanwhile, and keeps every key what it was', async () => {
    const { leafIndex } = await registry.ask(1, 2);
    // The third row: the first entry of it is sealed by a process that still wraps under the old key.
    const first = await rewrap(personKeyTarget);
    expect(first + (await rewrap(personKeyTarget))).toBe(3);
    expect(await left()).toEqual([]);
    expect(await opensWithNewKeyAlone()).toBe(true);
    registry.masterKeys = newOnly;
    expect(await registry.reveal(leafIndex, 'subject.number')).toBe(digitsOf(2));
    expect(await registry.reveal(leafIndex, 'actor.number')).toBe(digitsOf(1));
    await registry.requireSound();
  });

  it('goes on where it was killed, and does nothing twice', async () => {
    const many = 2 * REWRAP_AT_ONCE + 10;
    await manyKeys(many);
    expect(await rewrap(personKeyTarget, 1)).toBe(REWRAP_AT_ONCE);
    const [rest] = await left();
    // One more than was left: the key that sealed who did it.
    expect(rest).toMatchObject({ keyId: 'm1', count: many - REWRAP_AT_ONCE + 1 });
    expect(await rewrap(personKeyTarget)).toBe(many - REWRAP_AT_ONCE + 1);
    expect(await left()).toEqual([]);
    expect(await opensWithNewKeyAlone()).toBe(true);
    const told = await registry.dataOf('keys.rewrapped');
    expect(told.reduce((sum, data) => sum + data.from.m1, 0)).toBe(many + 1);
    expect(told[0]).toMatchObject({ count: REWRAP_AT_ONCE, to: 'm2', table: 'person_key', damaged: 0 });
  });

  it('in two processes at once wraps every row once', async () => {
    await manyKeys(REWRAP_AT_ONCE);
    const other = registry.another();
    const lane = createRewrapLane({
      instance: 'test-2',
      masterKeys: both,
      knownIds: ['m2', 'm1'],
      stillActs: async () => true,
    });
    const item = { officer: ADMIN, target: personKeyTarget, after: null };
    const [a, b] = await Promise.all([batch(personKeyTarget), other.appender.submit(lane, item)]);
    await other.close();
    expect(doneOf(a).count + doneOf(b).count).toBeGreaterThanOrEqual(REWRAP_AT_ONCE);
    await rewrap(personKeyTarget);
    expect(await opensWithNewKeyAlone()).toBe(true);
  });

  it('does not bring back a key that is destroyed meanwhile', async () => {
    await registry.ask(1, 2);
    const { id } = doneOf(await registry.propose(officerOf(50), 2));
    await Promise.all([rewrap(personKeyTarget), registry.confirm(officerOf(51), id)]);
    expect(await registry.keysOf('subject', 2)).toEqual([]);
    await registry.requireSound();
  });

  it('takes proposals along: the second officer confirms without the old key', async () => {
    await registry.ask(1, 2);
    const { id } = doneOf(await registry.propose(officerOf(50), 2));
    expect(await rewrap(proposalTarget)).toBe(1);
    const lane = createConfirmLane({ ...registry.tools, masterKeys: newOnly });
    const confirmation = { officer: officerOf(51), proposal: id, whats: ['destroy'] as const, subject: null };
    const { leafIndex } = doneOf(await registry.log.appender.submit(lane, confirmation));
    expect(await registry.reveal(leafIndex, 'proposer.number')).toBe(digitsOf(50));
  });

  it('passes over a row that somebody changed, says so, and goes on', async () => {
    await manyKeys(3);
    await asOwner(
      registry.test,
      `UPDATE bridge.person_key SET wrapped = decode(repeat('00', 60), 'hex')
       WHERE key_id = (SELECT min(key_id::text)::uuid FROM bridge.person_key)`,
    );
    expect(doneOf(await batch(personKeyTarget))).toMatchObject({ count: 2, damaged: 1 });
    expect((await registry.dataOf('keys.rewrapped'))[0]).toMatchObject({ count: 2, damaged: 1 });
    expect(await left()).toMatchObject([{ keyId: 'm1' }]);
  });

  it('leaves rows of a key that the settings do not hold, and they are still told', async () => {
    await manyKeys(2);
    expect(doneOf(await batch(personKeyTarget, null, ['m2']))).toMatchObject({ count: 0, last: null });
    expect(await left()).toEqual([{ table: 'person_key', keyId: 'm1', count: 2 }]);
    expect(await registry.entries()).toEqual([]);
  });

  it('is refused to somebody who is no administrator any more', async () => {
    await manyKeys(2);
    registry.acts = false;
    expect(await batch(personKeyTarget)).toMatchObject({ code: 'TOKEN_INVALID' });
    expect(await left()).toMatchObject([{ count: 2 }]);
  });
});
