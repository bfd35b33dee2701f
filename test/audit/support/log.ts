import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import {
  type Appender,
  type AppenderDeps,
  type AppenderSettings,
  createAppender,
} from '../../../src/audit/appender.js';
import { decodeRange, rangeRoot } from '../../../src/audit/compact-range.js';
import type { EntryDraft, Receipt } from '../../../src/audit/entry.js';
import type { Effect, EffectApplier, Lane } from '../../../src/audit/lane.js';
import type { Database, Queryable, Transaction } from '../../../src/storage/database.js';
import { openDatabase } from '../../../src/storage/pool.js';
import { withConnection } from '../../../src/storage/single-connection.js';
import { createTestDatabase, TEST_POOL, type TestDatabase } from '../../support/database.js';
import { canonicalize } from './oracle.js';
import { masterKeys, tagger } from './parts.js';
import { plainLeafHash, recursiveRoot } from './recursive-root.js';

/** The effect of the tests: one row of `bridge.probe`, whose key refuses a second one. */
export interface ProbeEffect extends Effect {
  readonly kind: 'probe';
  readonly n: number;
}

export const probeApplier: EffectApplier<ProbeEffect> = {
  kind: 'probe',
  apply: async (tx, placed) => {
    await tx.query({
      text: 'INSERT INTO bridge.probe (n, leaf_index) SELECT * FROM unnest($1::int[], $2::bigint[])',
      values: [placed.map((p) => p.effect.n), placed.map((p) => p.receipt.leafIndex)],
    });
  },
};

/** A database with the log and the table of the probe effect. */
export async function createLogDatabase(): Promise<TestDatabase> {
  const test = await createTestDatabase({ migrations: true });
  await asOwner(
    test,
    'CREATE TABLE bridge.probe (n int PRIMARY KEY CHECK (n >= 0), leaf_index bigint NOT NULL)',
  );
  await asOwner(test, 'GRANT SELECT, INSERT ON bridge.probe TO bridge_app');
  return test;
}

export async function asOwner(test: TestDatabase, sql: string): Promise<void> {
  await withConnection({ url: test.ownerUrl, ...TEST_POOL }, (ask) => ask(sql));
}

export interface OpenLog {
  readonly appender: Appender;
  readonly db: Database;
  close(): Promise<void>;
}

/** An appender on a pool of its own, as another process would have it. */
export function openLog(
  url: string,
  options: {
    settings?: Partial<AppenderSettings>;
    pool?: Partial<Parameters<typeof openDatabase>[0]>;
    deps?: Partial<AppenderDeps>;
    wrap?: (db: Database) => Database;
  } = {},
): OpenLog {
  const db = openDatabase({ ...TEST_POOL, url, ...options.pool });
  const appender = createAppender(
    { maxBatch: 64, maxQueue: 10_000, ...options.settings },
    {
      db: options.wrap?.(db) ?? db,
      masterKeys,
      tagger,
      appliers: new Map([[probeApplier.kind, probeApplier as EffectApplier]]),
      now: () => new Date(),
      sleep: (ms) => sleep(ms),
      ...options.deps,
    },
  );
  const close = async () => {
    await appender.close();
    await db.close();
  };
  return { appender, db, close };
}

/** An item of the tests. `n` becomes a probe row, so that a second writing of it fails. */
export interface Item {
  readonly n: number;
  readonly draft: () => EntryDraft;
}

/** A lane that gives each item one entry and one probe row. `before` runs first, inside the transaction. */
export function probeLane(
  name: string,
  patienceMs = 20_000,
  before: (tx: Transaction, items: readonly Item[]) => Promise<unknown> = async () => undefined,
): Lane<Item, Receipt> {
  return {
    name,
    patienceMs,
    settle: async (tx, items) => {
      await before(tx, items);
      return items.map((item) => ({
        entries: [item.draft()],
        effects: [{ kind: 'probe', n: item.n } as Effect],
        answer: ([receipt]) => receipt as Receipt,
      }));
    },
  };
}

export interface EntryRow {
  leaf_index: bigint;
  entry_id: string;
  at: Date;
  kind: string;
  leaf_hash: Buffer;
  line: string;
}

export async function readEntries(db: Queryable): Promise<EntryRow[]> {
  const text = 'SELECT leaf_index, entry_id, at, kind, leaf_hash, line FROM bridge.entry ORDER BY leaf_index';
  return (await db.query<EntryRow>({ text })).rows;
}

export async function readHead(db: Queryable): Promise<{ size: bigint; range: Buffer; lastAt: Date }> {
  const text = 'SELECT size, compact_range AS range, last_at AS "lastAt" FROM bridge.log_head';
  const { rows } = await db.query<{ size: bigint; range: Buffer; lastAt: Date }>({ text });
  return rows[0] as { size: bigint; range: Buffer; lastAt: Date };
}

/** The probe rows as `n → leaf`. */
export async function readProbes(db: Queryable): Promise<Map<number, bigint>> {
  const { rows } = await db.query<{ n: number; leaf_index: bigint }>({ text: 'SELECT * FROM bridge.probe' });
  return new Map(rows.map((row) => [row.n, row.leaf_index]));
}

/**
 * Recomputes the log from its lines alone and holds it against what the appender kept: indices without a gap, hashes,
 * columns, canonical bytes, times that never run backwards, the head's root, each entry id once.
 */
export async function requireSoundLog(db: Queryable): Promise<EntryRow[]> {
  const rows = await readEntries(db);
  const head = await readHead(db);
  expect(rows.map((row) => row.leaf_index)).toEqual(rows.map((_, i) => BigInt(i)));
  expect(new Set(rows.map((row) => row.entry_id)).size).toBe(rows.length);
  let before = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const { at, id, kind } = JSON.parse(row.line) as { at: string; id: string; kind: string };
    expect(row.line).toBe(canonicalize(JSON.parse(row.line)));
    expect([at, id, kind]).toEqual([row.at.toISOString(), row.entry_id, row.kind]);
    expect(row.leaf_hash.equals(plainLeafHash(row.line))).toBe(true);
    expect(row.at.getTime()).toBeGreaterThanOrEqual(before);
    before = row.at.getTime();
  }
  expect(head.size).toBe(BigInt(rows.length));
  const root = recursiveRoot(rows.map((row) => plainLeafHash(row.line)));
  expect(rangeRoot(decodeRange(head.size, head.range)).equals(root)).toBe(true);
  return rows;
}

/** A promise and its end, for tests that decide when something goes on. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** What a promise was rejected with; undefined where it was resolved. */
export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
