import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Receipt } from '../../src/audit/entry.js';
import type { Database, Statement, Transaction } from '../../src/storage/database.js';
import { withConnection } from '../../src/storage/single-connection.js';
import { TEST_POOL, type TestDatabase } from '../support/database.js';
import { numberedDraft } from '../support/drafts.js';
import {
  asOwner,
  createLogDatabase,
  type Item,
  openLog,
  probeLane,
  readProbes,
  requireSoundLog,
} from './support/log.js';
import { numberOf } from './support/parts.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createLogDatabase();
  await asOwner(test, 'GRANT UPDATE ON bridge.probe TO bridge_app');
});
afterAll(() => test.drop());

/** What happens at one statement of a run. */
type Fault =
  | 'fails before it runs'
  | 'fails after it ran'
  | 'loses its connection before'
  | 'loses its connection after';
const FAULTS: readonly Fault[] = [
  'fails before it runs',
  'fails after it ran',
  'loses its connection before',
  'loses its connection after',
];
/** More statements than any run of these has: where the loop must have ended. */
const MANY = 200;

class Injected extends Error {}

/**
 * `db` with one fault at the `place`th step of everything that is sent through it, counted over all transactions: each
 * statement of the lanes, of `appendBatch`, and the step from the last one to COMMIT.
 */
function faulty(db: Database, place: number, fault: Fault) {
  const state = { steps: 0, struck: false };
  const strike = async (tx: Transaction, work: () => Promise<unknown>) => {
    state.steps += 1;
    if (state.struck || state.steps !== place) return work();
    state.struck = true;
    if (fault === 'fails before it runs') throw new Injected();
    if (fault === 'loses its connection before') await kill(tx);
    const result = await work();
    if (fault === 'loses its connection after') await kill(tx);
    if (fault === 'fails after it ran') throw new Injected();
    return result;
  };
  const wrapped: Database = {
    query: (statement) => db.query(statement),
    close: () => db.close(),
    transaction: (work, options) =>
      db.transaction(async (tx) => {
        const query: Transaction['query'] = <R extends object>(statement: Statement) =>
          strike(tx, () => tx.query<R>(statement)) as ReturnType<Transaction['query']> as never;
        const result = await work({ query, run: (sql) => tx.run(sql) });
        await strike(tx, async () => undefined);
        return result;
      }, options),
  };
  return { wrapped, state };
}

/** Ends the transaction's session from outside, as a crash of the server's process would. */
async function kill(tx: Transaction): Promise<void> {
  const { rows } = await tx.query<{ pid: number }>({ text: 'SELECT pg_backend_pid() AS pid' });
  await withConnection({ url: test.adminUrl, ...TEST_POOL }, (ask) =>
    ask('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid]),
  );
}

const lanes = [
  probeLane('1-reading', 30_000, (tx) => tx.query({ text: 'SELECT count(*) FROM bridge.probe' })),
  probeLane('2-locking', 30_000, (tx) =>
    tx.query({ text: 'SELECT 1 FROM bridge.probe ORDER BY n LIMIT 1 FOR UPDATE' }),
  ),
];
let used = 0;
const newItem = (): Item => {
  used += 1;
  const n = used;
  // A person of whom the log knows nothing yet, on each side: keys and tags are written too.
  return { n, draft: () => numberedDraft(n, [numberOf('subject', n)]) };
};

/** One run: items through two lanes beside another instance, with a fault at `place`. */
async function run(place: number, fault: Fault) {
  const fault_: { state?: { struck: boolean } } = {};
  const log = openLog(test.appUrl, {
    settings: { maxBatch: 3 },
    deps: { sleep: async () => undefined },
    wrap: (db) => {
      const { wrapped, state } = faulty(db, place, fault);
      fault_.state = state;
      return wrapped;
    },
  });
  const other = openLog(test.appUrl);
  const items = Array.from({ length: 6 }, newItem);
  const acknowledged = new Map<number, Receipt>();
  const refused: number[] = [];
  try {
    await Promise.all(
      items.map(async (item, i) => {
        const { appender } = i === 5 ? other : log;
        try {
          acknowledged.set(item.n, await appender.submit(lanes[i % 2] as (typeof lanes)[0], item));
        } catch (error) {
          if (!(error instanceof Injected)) throw error;
          refused.push(item.n);
        }
      }),
    );
  } finally {
    await log.close();
    await other.close();
  }
  return { struck: fault_.state?.struck === true, acknowledged, refused };
}

describe.each(FAULTS)('each statement of the appender in turn %s', (fault) => {
  it('nothing acknowledged is missing, nothing refused was written, no gap, no duplicate, one root', async () => {
    let place = 1;
    for (; place < MANY; place += 1) {
      const { struck, acknowledged, refused } = await run(place, fault);
      if (!struck) break;
      const probes = await readProbes(test.db);
      const { rows } = await test.db.query<{ leaf_index: bigint; leaf_hash: Buffer }>({
        text: 'SELECT leaf_index, leaf_hash FROM bridge.entry WHERE leaf_index = ANY($1::bigint[])',
        values: [[...acknowledged.values()].map(({ leafIndex }) => leafIndex)],
      });
      const hashes = new Map(rows.map((row) => [row.leaf_index, row.leaf_hash]));
      for (const [n, { leafIndex, leafHash }] of acknowledged) {
        expect([place, n, probes.get(n)]).toEqual([place, n, leafIndex]);
        expect(hashes.get(leafIndex)).toEqual(leafHash);
      }
      expect([place, refused.filter((n) => probes.has(n))]).toEqual([place, []]);
      expect(acknowledged.size + refused.length).toBe(6);
    }
    // Every statement had its turn: with new persons a batch alone has eight steps.
    expect(place).toBeGreaterThan(8);
    expect(place).toBeLessThan(MANY);
    const entries = await requireSoundLog(test.db);
    expect((await readProbes(test.db)).size).toBe(entries.length);
  });
});
