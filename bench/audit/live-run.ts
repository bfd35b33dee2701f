import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAppender } from '../../src/audit/appender.js';
import { createPublisher } from '../../src/audit/checkpoint/publisher.js';
import { startPublishing } from '../../src/audit/checkpoint/start-publishing.js';
import type { EntryDraft } from '../../src/audit/entry.js';
import { createMasterKeys } from '../../src/audit/master-keys.js';
import { createSigner } from '../../src/audit/note/note.js';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import type { Database } from '../../src/storage/database.js';
import { percentile } from '../common/figures.js';
import { queryLane } from './query-lane.js';

/** The bridge's own defaults (src/config/schema/audit.ts). */
const SETTINGS = { maxBatch: 256, maxQueue: 2000 };
const PUBLISH_EVERY_MS = 500;
const PER_SECOND = 1000;
const ORIGIN = 'bench.example/log';
/** Beyond this something is broken, and the bench says so instead of waiting. */
const MAX_UNCOVERED_MS = 10_000;

/** Times of one run at a steady rate, ms. `covered` is null without a publisher. */
export interface LiveRun {
  readonly entries: number;
  readonly waitP50Ms: number;
  readonly waitP99Ms: number;
  readonly coveredP50Ms: number | null;
  readonly coveredP99Ms: number | null;
}

interface Written {
  readonly leaf: bigint;
  readonly at: number;
}

/**
 * Hands in `drafts` at 1,000 a second, whatever the answers do (a queue that grows shows), and sees how long each waits from
 * the moment it was due. With `folder`, a publisher works beside: how long until a stored checkpoint covers each.
 */
export async function runLive(
  db: Database,
  work: { drafts: readonly EntryDraft[]; introductions: readonly EntryDraft[]; ms: number },
  folder: string | null,
): Promise<LiveRun> {
  const appender = createAppender(SETTINGS, {
    db,
    masterKeys: createMasterKeys([{ id: 'bench', key: randomBytes(32) }]),
    tagger: createPersonTagger({ id: 1, key: randomBytes(32) }),
    appliers: new Map(),
    now: () => new Date(),
    sleep: (ms) => sleep(ms),
  });
  await Promise.all(work.introductions.map((draft) => appender.submit(queryLane, draft)));
  const heads: Written[] = [];
  const failures: unknown[] = [];
  const stop =
    folder === null ? undefined : await startPublisher(db, folder, heads, (error) => failures.push(error));
  const waits: number[] = [];
  const written: Written[] = [];
  const start = performance.now();
  const submitted: Promise<void>[] = [];
  const count = Math.min(work.drafts.length, Math.floor((work.ms / 1000) * PER_SECOND));
  while (submitted.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - start) / 1000) * PER_SECOND) + 1);
    while (submitted.length < due) {
      const dueAt = start + (submitted.length * 1000) / PER_SECOND;
      const draft = work.drafts[submitted.length] as EntryDraft;
      submitted.push(
        appender.submit(queryLane, draft).then(({ leafIndex }) => {
          const at = performance.now();
          waits.push(at - dueAt);
          written.push({ leaf: leafIndex, at });
        }),
      );
    }
    await sleep(1);
  }
  await Promise.all(submitted);
  const size = BigInt(work.introductions.length + count);
  for (let waited = 0; stop !== undefined && (heads.at(-1)?.leaf ?? 0n) < size; waited += 5) {
    if (waited > MAX_UNCOVERED_MS)
      throw new Error('no checkpoint covers the last entry', { cause: failures[0] });
    await sleep(5);
  }
  await stop?.();
  await appender.close();
  const covered = heads.length === 0 ? null : coveredTimes(written, heads);
  return {
    entries: count,
    waitP50Ms: percentile(waits, 0.5),
    waitP99Ms: percentile(waits, 0.99),
    coveredP50Ms: covered === null ? null : percentile(covered, 0.5),
    coveredP99Ms: covered === null ? null : percentile(covered, 0.99),
  };
}

/** As the bridge runs it. `heads`: size and moment of each checkpoint, once its COMMIT was answered. */
async function startPublisher(
  db: Database,
  folder: string,
  heads: Written[],
  onFailure: (error: unknown) => void,
): Promise<() => Promise<void>> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publisher = createPublisher({
    db,
    signer: createSigner(ORIGIN, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string),
    oldKeys: [],
    origin: ORIGIN,
    witnessFile: join(mkdtempSync(join(folder, 'witness-')), 'checkpoint'),
    now: () => new Date(),
    observe: (event) => {
      if (event.type === 'signed') heads.push({ leaf: event.size, at: performance.now() });
    },
  });
  await publisher.publish();
  return startPublishing(publisher, PUBLISH_EVERY_MS, onFailure);
}

function coveredTimes(written: readonly Written[], heads: readonly Written[]): number[] {
  return written.map(({ leaf, at }) => {
    const head = heads.find((one) => one.leaf > leaf);
    if (head === undefined) throw new Error('an entry was never covered');
    // A checkpoint may be there before the writer has its own answer.
    return Math.max(0, head.at - at);
  });
}
