import { foldWindow } from '../../src/fees/book/fold.js';
import type { Database } from '../../src/storage/database.js';
import { type Ask, withConnection } from '../../src/storage/single-connection.js';

const LIMITS = { applicationName: 'bench', statementTimeoutMs: 3_600_000, connectTimeoutMs: 10_000 };
/** Windows that are copied too: enough for a median, and no second book on the disk. */
const COPIED_WINDOWS = 10;
/** Leaves that `foldWindow` takes at once; held against what it did. */
const WINDOW = 200_000n;

/** Folding window by window, and copying the same lines. */
export interface FoldRun {
  readonly lines: number;
  readonly ms: number;
  /** Of the windows that were copied too, by turns: lines a second both ways. */
  readonly pairs: readonly { readonly foldPerSecond: number; readonly copyPerSecond: number }[];
}

const SIZE = 'SELECT size FROM bridge.fee_fold';
const COUNT =
  'SELECT count(*) AS lines FROM bridge.fee_line WHERE outcome_leaf >= $1::bigint AND outcome_leaf < $2::bigint';
const COPY =
  'INSERT INTO bench_copy SELECT * FROM bridge.fee_line WHERE outcome_leaf >= $1::bigint AND outcome_leaf < $2::bigint';

/** Folds everything. The first windows are also copied into a table without an index; who is first turns from window to window. */
export function runFold(db: Database, adminUrl: string): Promise<FoldRun> {
  return withConnection({ url: adminUrl, ...LIMITS }, async (ask) => {
    await ask('CREATE TABLE bench_copy (LIKE bridge.fee_line)');
    const pairs: FoldRun['pairs'][number][] = [];
    let ms = 0;
    let lines = 0;
    for (let more = true, window = 0; more; window += 1) {
      const isPair = window < COPIED_WINDOWS;
      const copyAfter = isPair && window % 2 === 0;
      const from = await foldedSize(ask);
      const to = await nextSize(ask, from);
      // Read once before either, so that neither finds the lines colder than the other.
      const count = await linesBetween(ask, from, to);
      const before = isPair && !copyAfter ? await timed(() => ask(COPY, [from, to])) : 0;
      const fold = await timed(async () => {
        more = await db.transaction((tx) => foldWindow(tx));
      });
      if ((await foldedSize(ask)) !== to) throw new Error('a window is not what was copied');
      const copy = copyAfter ? await timed(() => ask(COPY, [from, to])) : before;
      ms += fold;
      lines += count;
      if (isPair && count > 0)
        pairs.push({ foldPerSecond: (count / fold) * 1000, copyPerSecond: (count / copy) * 1000 });
    }
    await ask('DROP TABLE bench_copy');
    return { lines, ms, pairs };
  });
}

async function foldedSize(ask: Ask): Promise<bigint> {
  const [row] = await ask<{ size: bigint | string }>(SIZE);
  return BigInt(row?.size ?? 0);
}

/** Where the next window will end: what `foldWindow` takes at once. */
async function nextSize(ask: Ask, from: bigint): Promise<bigint> {
  const [row] = await ask<{ size: bigint | string }>('SELECT size FROM bridge.log_head');
  const head = BigInt(row?.size ?? 0);
  return from + WINDOW < head ? from + WINDOW : head;
}

async function linesBetween(ask: Ask, from: bigint, to: bigint): Promise<number> {
  const [row] = await ask<{ lines: bigint | string }>(COUNT, [from, to]);
  return Number(row?.lines ?? 0);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
