import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BridgeError } from '../../src/errors/bridge-error.js';
import type { Database, Statement, Transaction } from '../../src/storage/database.js';
import type { TestDatabase } from '../support/database.js';
import { numberedDraft } from '../support/drafts.js';
import {
  createLogDatabase,
  failureOf,
  type Item,
  openLog,
  probeLane,
  readHead,
  requireSoundLog,
} from './support/log.js';
import { numberOf } from './support/parts.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createLogDatabase();
});
afterAll(() => test.drop());

let used = 0;
/** An item about a person of whom the log knows nothing yet. */
const newItem = (): Item => {
  used += 1;
  const n = used;
  return { n, draft: () => numberedDraft(n, [numberOf('subject', n)]) };
};

/** Fails the `place`-th statement of a transaction once, before or after it ran; `most` counts statements. */
function faultyOnce(db: Database, place: number, when: 'before' | 'after', error: Error) {
  const state = { seen: 0, most: 0, done: false };
  const wrapped: Database = {
    query: (statement) => db.query(statement),
    close: () => db.close(),
    transaction: (work, options) =>
      db.transaction((tx) => {
        if (state.done) return work(tx);
        state.seen = 0;
        const query: Transaction['query'] = async <R extends object>(statement: Statement) => {
          const hit = !state.done && state.seen++ === place;
          state.most = Math.max(state.most, state.seen);
          if (hit) state.done = true;
          if (hit && when === 'before') throw error;
          const rows = await tx.query<R>(statement);
          if (hit) throw error;
          return rows;
        };
        return work({ query, run: (sql) => tx.run(sql) });
      }, options),
  };
  return { wrapped, state };
}

describe('a fault in any statement of a batch', () => {
  // Reading (the lane), keys, new keys, keys again, head, entries, effect: what a batch with new persons sends.
  const STATEMENTS = 7;
  const reading = probeLane('1-probe', 20_000, (tx) =>
    tx.query({ text: 'SELECT count(*) FROM bridge.probe' }),
  );
  const places = Array.from({ length: STATEMENTS }, (_, i) => i);
  const faulty = (place: number, when: 'before' | 'after', error: Error) => {
    const fault: { state?: { most: number; done: boolean } } = {};
    const open = openLog(test.appUrl, {
      wrap: (db) => {
        const { wrapped, state } = faultyOnce(db, place, when, error);
        fault.state = state;
        return wrapped;
      },
      deps: { sleep: async () => undefined },
    });
    return { open, fault };
  };
  const counts = async () => {
    const { rows } = await test.db.query<Record<string, bigint>>({
      text: `SELECT (SELECT count(*) FROM bridge.entry) AS entries, (SELECT count(*) FROM bridge.log_tag) AS tags,
        (SELECT count(*) FROM bridge.person_key) AS keys, (SELECT count(*) FROM bridge.probe) AS probes`,
    });
    return rows[0] ?? {};
  };
  const grown = (before: Record<string, bigint>, by: bigint) =>
    Object.fromEntries(Object.entries(before).map(([name, count]) => [name, count + by]));

  it(`is one of ${STATEMENTS}`, async () => {
    const { open, fault } = faulty(Number.POSITIVE_INFINITY, 'before', new Error('never'));
    await open.appender.submit(reading, newItem());
    await open.close();
    expect(fault.state?.most).toBe(STATEMENTS);
  });

  it.each(places.flatMap((place) => [[place, 'before'] as const, [place, 'after'] as const]))(
    'leaves nothing half written (statement %i, %s it ran)',
    async (place, when) => {
      const { open, fault } = faulty(place, when, new Error('injected'));
      const [before, head] = [await counts(), await readHead(test.db)];
      const item = newItem();
      expect(await failureOf(open.appender.submit(reading, item))).toMatchObject({ message: 'injected' });
      expect(fault.state?.done).toBe(true);
      expect(await counts()).toEqual(before);
      expect(await readHead(test.db)).toEqual(head);
      await open.appender.submit(reading, item);
      await open.close();
      expect(await counts()).toEqual(grown(before, 1n));
      await requireSoundLog(test.db);
    },
  );

  it.each(places.flatMap((place) => [[place, 'DATABASE_UNAVAILABLE'] as const, [place, '40P01'] as const]))(
    'that is not the batch’s own is met with another try (statement %i, %s)',
    async (place, code) => {
      const error =
        code === 'DATABASE_UNAVAILABLE'
          ? new BridgeError(code, 'x')
          : Object.assign(new Error('deadlock'), { code });
      const { open, fault } = faulty(place, 'after', error);
      const before = await counts();
      await Promise.all([1, 2, 3].map(() => open.appender.submit(reading, newItem())));
      await open.close();
      expect(fault.state?.done).toBe(true);
      expect(await counts()).toEqual(grown(before, 3n));
      await requireSoundLog(test.db);
    },
  );
});
