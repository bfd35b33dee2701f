import type { Lane, Settled } from '../../audit/lane.js';
import { mergeReading } from '../../authority/merge-reading.js';
import type { CooperativeRecord } from '../../authority/record.js';
import type { HeldRecord, RecordChange } from '../../authority/recording/port.js';
import { lockRecords } from '../../authority/recording/records.js';
import { hasChanged, settleChanges } from '../../authority/recording/settle-changes.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Transaction } from '../../storage/database.js';
import { type Hold, judgeReading, lossOf } from '../guard.js';
import { type ChunkTally, createTally, type Waits } from './chunk-tally.js';
import { lockHolds, lockRuns } from './lock-holds.js';
import type { TakeInTools, TakenIn, TakenProblem, TakenReading } from './port.js';
import { readingDigest } from './reading-digest.js';

/** Readings of one transaction, no two of the same cooperative. `unstorable`: known to hold what no table takes. */
export interface Chunk {
  readonly readings: readonly TakenReading[];
  readonly unstorable: boolean;
}

/** What is known of the cooperative of an item, under its lock. */
interface Under {
  readonly held: HeldRecord | null;
  readonly hold: Hold | null;
  readonly now: Date;
  readonly today: string;
}

/** Nobody waits for it; the next reading comes anyway. */
const PATIENCE_MS = 30_000;

/**
 * Exclusive: a reading may take a right away, and from its COMMIT on no intent rests on it. Locks head, cooperatives, runs, what is held,
 * in this order. Answers what became of each cooperative of the chunk.
 */
export function readingLane(tools: TakeInTools): Lane<Chunk, readonly TakenIn[]> {
  return {
    name: '5-mersis-reading',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, chunks, now) => {
      const settled: Settled<readonly TakenIn[]>[] = [];
      for (const chunk of chunks) settled.push(await settleChunk(tx, chunk, tools, now));
      return settled;
    },
  };
}

async function settleChunk(
  tx: Transaction,
  { readings, unstorable }: Chunk,
  tools: TakeInTools,
  now: Date,
): Promise<Settled<readonly TakenIn[]>> {
  const numbers = readings.map(({ reading }) => reading.mersisNo);
  const records = await lockRecords(tx, numbers);
  const runs = await lockRuns(
    tx,
    readings.flatMap(({ runId }) => runId ?? []),
  );
  const holds = await lockHolds(tx, numbers);
  const tally = createTally(runs, now);
  const today = istanbulDay(now);
  const changes = readings.flatMap((one): readonly RecordChange[] => {
    const { mersisNo } = one.reading;
    if (unstorable) tally.refuse(mersisNo, 'not-storable', one.runId);
    if (unstorable) return [];
    const under = { held: records.get(mersisNo) ?? null, hold: holds.get(mersisNo) ?? null, now, today };
    const change = settleReading(one, under, tools, tally);
    return change === null ? [] : [change];
  });
  const own = tally.close();
  const recorded = await settleChanges(tx, changes, tools.ports, now);
  return {
    entries: [...own.entries, ...recorded.entries],
    effects: [...own.effects, ...recorded.effects],
    answer: () => numbers.map((mersisNo) => tally.results.get(mersisNo) as TakenIn),
  };
}

/** What a reading changes; null where it changes nothing, which the tally then says. */
function settleReading(
  one: TakenReading,
  under: Under,
  tools: TakeInTools,
  tally: ChunkTally,
): RecordChange | null {
  const { asOf, readAt, reading, runId } = one;
  const { mersisNo } = reading;
  const { held, hold, now, today } = under;
  const after = mergedOf(one, held, today, tools);
  if (typeof after === 'string') {
    tally.refuse(mersisNo, after, runId);
    return null;
  }
  const before = held?.record ?? null;
  const run = tally.runNow(runId);
  const digest = readingDigest(tools.ports.tagger, reading);
  const times = { heldAsOf: held?.asOf ?? null, asOf, readAt, now, today };
  const verdict = judgeReading({ before, after, ...times, digest, hold, run }, tools.policy);
  const waits = (why: Waits['why'], secondAfter: Date, counts: boolean) =>
    tally.wait({
      ...{ mersisNo, digest, why, run, hold, secondAfter, counts },
      loss: lossOf(before, after, today),
    });
  const plain = { mersisNo, problem: null, secondAfter: null };
  if (verdict.kind === 'refuse') tally.refuse(mersisNo, verdict.problem, runId);
  else if (verdict.kind === 'hold') waits(verdict.why, verdict.secondAfter, verdict.counts);
  else if (verdict.kind === 'stop-run') waits('run-stopped', readAt, verdict.counts);
  else if (verdict.kind === 'leave')
    tally.results.set(mersisNo, { ...plain, result: 'run-stopped', problem: 'run-over' });
  else if (before !== null && !hasChanged(before, after))
    tally.results.set(mersisNo, { ...plain, result: 'unchanged' });
  else {
    tally.change(mersisNo, runId, verdict.counts);
    if (hold !== null) tally.drop(mersisNo);
    const persons = new Map(reading.seats.map(({ tag, person }) => [tag, person]));
    return { before: held, after, source: 'mersis', asOf, readAt, persons, lead: [] };
  }
  return null;
}

/** What would stand if the reading were believed; a word where it cannot. */
export function mergedOf(
  { reading }: Pick<TakenReading, 'reading'>,
  held: HeldRecord | null,
  today: string,
  { newId }: Pick<TakeInTools, 'newId'>,
): CooperativeRecord | TakenProblem {
  try {
    return mergeReading(held?.record ?? null, reading, today, newId);
  } catch (error) {
    if (error instanceof RangeError) return 'duplicate-seat';
    throw error;
  }
}
