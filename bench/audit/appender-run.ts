import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAppender } from '../../src/audit/appender.js';
import type { EntryDraft } from '../../src/audit/entry.js';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import type { Database } from '../../src/storage/database.js';
import { clocked, type Speed } from './clocked.js';
import { queryLane } from './query-lane.js';

/** The bridge's own defaults (src/config/schema/audit.ts). */
const SETTINGS = { maxBatch: 256, maxQueue: 2000 };
const KEYS = {
  masterKeys: createMasterKeys([{ id: 'bench', key: randomBytes(32) }]),
  tagger: createPersonTagger({ id: 1, key: randomBytes(32) }),
};

export interface AppenderRun {
  readonly speed: Speed;
  /** Entries of each transaction, in order. */
  readonly batches: readonly number[];
}

/**
 * The log's own way: `concurrency` callers hand in drafts, each its next one as soon as it has the receipt, for `ms` or
 * until there are no more. `introductions` are written before, unmeasured.
 */
export async function runAppender(
  db: Database,
  postmaster: number,
  work: {
    drafts: readonly EntryDraft[];
    introductions: readonly EntryDraft[];
    concurrency: number;
    ms: number;
  },
): Promise<AppenderRun> {
  const batches: number[] = [];
  let failed = 0;
  const appender = createAppender(SETTINGS, {
    db,
    ...KEYS,
    appliers: new Map(),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
    observe: (batch) => {
      if (batch.failed) failed += 1;
      else batches.push(batch.items);
    },
  });
  await Promise.all(work.introductions.map((draft) => appender.submit(queryLane, draft)));
  batches.length = 0;
  const speed = await clocked(postmaster, () => submitAll(work));
  await appender.close();
  if (failed > 0) throw new Error(`${failed} batches failed`);
  return { speed, batches };

  async function submitAll({ drafts, concurrency, ms }: typeof work): Promise<number> {
    const end = performance.now() + ms;
    let next = 0;
    const caller = async () => {
      for (let draft = drafts[next++]; draft && performance.now() < end; draft = drafts[next++]) {
        await appender.submit(queryLane, draft);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, caller));
    return batches.reduce((sum, items) => sum + items, 0);
  }
}
