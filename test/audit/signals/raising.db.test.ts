import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMasterKeys } from '../../../src/audit/master-keys.js';
import { sideTag } from '../../../src/audit/person-keys.js';
import { indexUpToHead } from '../../../src/audit/search/index-entries.js';
import { SIGNAL_APPLIERS } from '../../../src/audit/signals/appliers.js';
import { findSignals } from '../../../src/audit/signals/find-signals.js';
import { createRaiseLane } from '../../../src/audit/signals/raise-lane.js';
import type { SignalRule } from '../../../src/audit/signals/rule.js';
import { type OpenLog, openLog, readEntries, requireSoundLog } from '../support/log.js';
import { digitsOf, masterKeys, personOf, tagger } from '../support/parts.js';
import { SignalLog } from './support/signal-log.js';

const RULES: readonly SignalRule[] = [
  { code: 'many', measure: 'people-asked-about', threshold: 3, windowMinutes: 10 },
  { code: 'misses', measure: 'non-matches', threshold: 3, windowMinutes: 10 },
];
const USER = 1;
const NOON = '2026-05-04T09:00:00.000Z';

let log: SignalLog;
let other: OpenLog;
beforeAll(async () => {
  log = await SignalLog.open();
  other = openLog(log.database.appUrl, {
    deps: {
      now: () => log.clock,
      appliers: new Map(SIGNAL_APPLIERS.map((applier) => [applier.kind, applier])),
    },
  });
}, 60_000);
afterAll(async () => {
  await other.close();
  await log.close();
});
beforeEach(async () => {
  await log.clear(NOON);
  await log.look([]);
});

const signals = async () => (await readEntries(log.log.db)).filter(({ kind }) => kind === 'signal.raised');
const forgetPosition = () =>
  log.log.db.query({ text: `UPDATE bridge.log_state SET state = '{"leaf":0}' WHERE name = 'signals'` });
const destroyKeyOf = (user: number) =>
  log.log.db.query({
    text: 'DELETE FROM bridge.person_key WHERE tag = $1',
    values: [sideTag(tagger, 'actor', personOf(user))],
  });

describe('raising', () => {
  it('happens once where several instances look at once', async () => {
    for (let user = 0; user < 5; user += 1) await log.askMany(user, 4);
    const looks = await Promise.all([
      ...[1, 2, 3].map(() => log.look(RULES)),
      ...[1, 2, 3].map(() => log.look(RULES, { log: other })),
    ]);
    const raised = looks.map((look) => look?.raised.get('many') ?? 0);
    expect(raised.reduce((sum, one) => sum + one, 0)).toBe(5);
    expect(await signals()).toHaveLength(5);
    await requireSoundLog(log.log.db);
  });

  it('happens once where the position was lost and the same leaves are looked at by two at once', async () => {
    await log.askMany(USER, 4);
    // As if the one had lost its lock with the connection: nothing but the rows keeps the other from telling it again.
    const lookBy = async (one: OpenLog) => {
      const rule = RULES[0] as SignalRule;
      const found = await findSignals(one.db, rule, { first: 0n, end: 4n });
      return { one, found, lane: createRaiseLane({ masterKeys: masterKeys, instance: 'test-1' }) };
    };
    await indexUpToHead(log.log.db);
    const looks = [await lookBy(log.log), await lookBy(other)];
    const answers = await Promise.all(
      looks.flatMap(({ one, found, lane }) => found.map((finding) => one.appender.submit(lane, finding))),
    );
    expect(answers.sort()).toEqual(['known', 'raised']);
    expect(await signals()).toHaveLength(1);
  });

  it('happens once where the process died between the entry and the position', async () => {
    await log.askMany(USER, 4);
    await log.look(RULES);
    await forgetPosition();
    const again = await log.look(RULES);
    expect([...(again?.raised ?? [])]).toEqual([]);
    expect(await signals()).toHaveLength(1);
  });

  it('ends between two slices when the process stops, and goes on from there', async () => {
    await log.askMany(USER, 4);
    const look = await log.look(RULES, { stopping: () => true });
    expect(look?.lookedTo).toBe(0n);
    expect(await signals()).toEqual([]);
    expect((await log.look(RULES))?.lookedTo).toBe(4n);
    expect(await signals()).toHaveLength(1);
  });

  it('does not happen for a user whose key is destroyed, and makes no new key for them', async () => {
    await log.askMany(USER, 4);
    await log.askMany(2, 4);
    await destroyKeyOf(USER);
    const look = await log.look(RULES);
    expect([look?.raised.get('many'), look?.unreadable]).toEqual([1, 0]);
    const { rows } = await log.log.db.query({
      text: 'SELECT 1 FROM bridge.person_key WHERE tag = $1',
      values: [sideTag(tagger, 'actor', personOf(USER))],
    });
    expect(rows).toEqual([]);
  });

  it('does not happen where the key is destroyed between the finding and the telling', async () => {
    await log.askMany(USER, 4);
    await indexUpToHead(log.log.db);
    const [finding] = await findSignals(log.log.db, RULES[0] as SignalRule, { first: 0n, end: 4n });
    if (finding === undefined) throw new Error('nothing was found');
    await destroyKeyOf(USER);
    const lane = createRaiseLane({ masterKeys: masterKeys, instance: 'test-1' });
    expect(await log.log.appender.submit(lane, finding)).toBe('destroyed');
    expect(await signals()).toEqual([]);
  });

  it('tells that a number did not open because somebody changed a key', async () => {
    await log.askMany(USER, 4);
    await log.log.db.query({
      text: 'UPDATE bridge.person_key SET wrapped = $2 WHERE tag = $1',
      values: [sideTag(tagger, 'actor', personOf(USER)), randomBytes(60)],
    });
    const look = await log.look(RULES);
    expect([look?.raised.size, look?.unreadable]).toEqual([0, 1]);
    expect(await signals()).toEqual([]);
  });

  it('does not happen where the master key is not among the settings', async () => {
    await log.askMany(USER, 4);
    const keys = createMasterKeys([{ id: 'm2', key: randomBytes(32) }]);
    expect((await log.look(RULES, { keys }))?.raised.size).toBe(0);
  });
});

describe('a signal', () => {
  it('holds the user sealed alone: no number stands in entry, row or state', async () => {
    await log.endMany(USER, 4, 'mismatch');
    await log.look(RULES);
    expect((await signals()).length).toBe(2);
    const tables = ['bridge.signal', 'bridge.log_state', 'bridge.log_search', 'bridge.entry'];
    for (const table of tables) {
      const { rows } = await log.log.db.query<{ text: string }>({
        text: `SELECT t::text AS text FROM ${table} t`,
      });
      for (const n of [USER, 1000, 1001, 1002, 1003])
        expect(rows.filter(({ text }) => text.includes(digitsOf(n)))).toEqual([]);
    }
  });

  it('is found under the user’s tag, whoever searches for them', async () => {
    await log.askMany(USER, 4);
    await log.look(RULES);
    const [entry] = await signals();
    const { rows } = await log.log.db.query({
      text: 'SELECT leaf_index FROM bridge.log_tag WHERE tag = $1 AND leaf_index = $2',
      values: [sideTag(tagger, 'actor', personOf(USER)), entry?.leaf_index],
    });
    expect(rows).toHaveLength(1);
  });

  it('loses its tag with the user’s key, and stays', async () => {
    await log.askMany(USER, 4);
    await log.askMany(2, 4);
    await log.look(RULES);
    await destroyKeyOf(USER);
    const told = await log.told([USER, 2]);
    expect(told.map(({ user }) => user).sort()).toEqual([-1, 2]);
  });

  it('keeps its tag where the key of another year is destroyed', async () => {
    await log.askMany(USER, 4);
    await log.look(RULES);
    await log.at('2027-02-01T09:00:00Z').ask(USER, 5);
    await log.log.db.query({
      text: 'DELETE FROM bridge.person_key WHERE tag = $1 AND year = 2027',
      values: [sideTag(tagger, 'actor', personOf(USER))],
    });
    expect((await log.told([USER])).map(({ user }) => user)).toEqual([USER]);
  });
});
