import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import { plainLane } from '../../audit/plain-lane.js';
import type { Maintenance } from '../../maintenance/known-windows.js';
import type { MersisSource } from '../port.js';
import { type Asked, askChunk } from './ask-chunk.js';
import { type BookTools, bookChunk } from './book.js';
import { type Claimed, claimLane } from './claim.js';
import { type Booking, faultOutcome, outcomeOf, problemOf } from './outcome.js';
import type { Pace } from './pace.js';
import { beginPause, endPause, isPaused, type Pause, type PauseReason, readPause } from './pause.js';
import { endRunLane, isWorthARun, openRunLane, type Run, type RunKind, readOpenRun } from './run.js';
import { chunkSize } from './schedule.js';
import { MAX_RUN_MS } from './settings.js';
import type { TakeIn, TakenReading } from './take-in-port.js';

/** What a step came to. `working`: there may be more at once; all others: not before a moment has passed. */
export type Step =
  | 'working'
  | 'idle'
  | 'waiting'
  | 'paused'
  | 'maintenance'
  | 'budget'
  | 'stopped'
  | 'closed';

/** What the operator's log and the metrics hear of. No number of a cooperative stands in it. */
export type PollEvent =
  | { readonly kind: 'run-started'; readonly runId: string }
  | {
      readonly kind: 'chunk';
      readonly asked: number;
      readonly counts: Readonly<Record<Booking['outcome']['kind'], number>>;
    }
  | { readonly kind: 'paused'; readonly reason: PauseReason; readonly until: Date }
  | { readonly kind: 'answered-again' }
  | { readonly kind: 'run-stopped'; readonly runId: string }
  | { readonly kind: 'run-ended'; readonly run: Run };

export interface PollTools extends BookTools {
  readonly log: Appender;
  readonly source: Pick<MersisSource, 'read'>;
  readonly takeIn: TakeIn;
  readonly pace: Pace;
  /** Of one call, ms. */
  readonly timeoutMs: number;
  /** Whether anything may be asked, as far as the log is concerned. */
  readonly isSound: () => boolean;
  readonly isStopping: () => boolean;
  readonly maintenance: Maintenance;
  readonly observe?: (event: PollEvent) => void;
}

/** Polls step by step. Whoever calls it leads; all that it knows stands in tables, so that the next one goes on where it stopped. */
export interface Poller {
  /** Opens or ends a run, or asks about one chunk of it. Errors: those of the log and the database; what was claimed comes due again. */
  step(): Promise<Step>;
  /** Opens a run of this kind where none is open and something is due; its id, null where nothing is due. */
  openRun(kind: RunKind): Promise<string | null>;
}

/** A poller over `tools`. */
export function createPoller(tools: PollTools): Poller {
  const { db, log, now, settings } = tools;
  const openRun = async (kind: RunKind): Promise<string | null> => {
    const before = await readOpenRun(db);
    const runId = await log.submit(openRunLane, { kind, settings });
    if (before === null && runId !== null) observe(tools, { kind: 'run-started', runId });
    return runId;
  };
  return {
    openRun,
    step: async () => {
      if (tools.isStopping() || !tools.isSound()) return 'closed';
      const run = await readOpenRun(db);
      if (run?.state === 'stopped') return 'stopped';
      const pause = await readPause(db);
      if (isPaused(pause, now())) return 'paused';
      if (tools.maintenance.currentWindow('mersis', now()) !== null) return 'maintenance';
      if (run !== null) return workOn(run, pause, tools);
      if (!(await isWorthARun(db, now(), settings.gatherMs))) return 'idle';
      return (await openRun('poll')) === null ? 'idle' : 'working';
    },
  };
}

async function workOn(run: Run, pause: Pause | null, tools: PollTools): Promise<Step> {
  const { log, now, settings, timeoutMs } = tools;
  const isOld = now().getTime() - run.startedAt.getTime() >= MAX_RUN_MS;
  if (isOld && (await endIfOver(run, tools))) return 'working';
  const size = chunkSize(pause !== null);
  const claimed = await log.submit(claimLane, { runId: run.runId, size, settings, timeoutMs });
  if (claimed.kind === 'claimed') return workThrough(run, claimed, pause, tools);
  // Ended by somebody, or stopped: the next step sees which.
  if (claimed.kind === 'not-running' || (await endIfOver(run, tools))) return 'working';
  return claimed.kind === 'budget' ? 'budget' : 'waiting';
}

async function endIfOver(run: Run, tools: PollTools): Promise<boolean> {
  const ended = await tools.log.submit(endRunLane, run.runId);
  if (ended !== null) observe(tools, { kind: 'run-ended', run: ended });
  return ended !== null;
}

async function workThrough(
  { runId }: Run,
  { claimedAt, mersisNos, until }: Extract<Claimed, { kind: 'claimed' }>,
  pause: Pause | null,
  tools: PollTools,
): Promise<Step> {
  const asked = await askChunk(mersisNos, { runId, until }, tools);
  // Before anything that may fail: a log that is away must not have the other side asked in vain again and again.
  await followAnswers(asked, pause, tools);
  const { bookings, stopped } = await takeAnswers(asked, runId, tools);
  // Beyond its time the claim is somebody else's, and what that one has booked stands.
  if (tools.now() < until) await bookChunk({ runId, claimedAt, bookings }, tools);
  observe(tools, { kind: 'chunk', asked: asked.answers.length, counts: countsOf(bookings) });
  if (stopped) observe(tools, { kind: 'run-stopped', runId });
  return stopped ? 'stopped' : 'working';
}

/** Nobody answers, or nobody lets us in: then nothing is asked for a while. One answer ends that. */
async function followAnswers(asked: Asked, before: Pause | null, tools: PollTools): Promise<void> {
  if (asked.pause !== null) {
    const { reason, until } = await beginPause(tools.db, asked.pause, tools.now());
    return observe(tools, { kind: 'paused', reason, until });
  }
  const isAnswer = ({ reply }: TakenReading) => reply.kind !== 'fault' || reply.fault.kind === 'invalid';
  if (before === null || !asked.answers.some(isAnswer)) return;
  await endPause(tools.db);
  observe(tools, { kind: 'answered-again' });
}

async function takeAnswers({ answers, unasked }: Asked, runId: string, tools: PollTools) {
  const found = answers.filter(({ reply }) => reply.kind === 'found');
  const others = answers.filter(({ reply }) => reply.kind !== 'found');
  const results = new Map(
    found.length === 0 ? [] : (await tools.takeIn(found)).map((taken) => [taken.mersisNo, taken]),
  );
  await recordRefused(others, runId, tools);
  const bookings: Booking[] = [
    ...found.map(({ mersisNo, readAt }): Booking => {
      const taken = results.get(mersisNo);
      // Whatever nobody spoke of was not taken in.
      return { mersisNo, readAt, outcome: taken === undefined ? { kind: 'unasked' } : outcomeOf(taken) };
    }),
    ...others.map((reading): Booking => ({ ...reading, outcome: faultOutcome(reading) })),
    ...unasked.map((mersisNo): Booking => ({ mersisNo, readAt: tools.now(), outcome: { kind: 'unasked' } })),
  ];
  return { bookings, stopped: [...results.values()].some(({ result }) => result === 'run-stopped') };
}

/** What is no record of a cooperative is written down as not believed; nothing is taken away for it. */
async function recordRefused(
  readings: readonly TakenReading[],
  run: string,
  { log }: PollTools,
): Promise<void> {
  const drafts = readings.flatMap((reading) => {
    const problem = problemOf(reading);
    const { mersisNo: cooperative, readAt } = reading;
    return problem === null ? [] : [draftOf('mersis.refused', readAt, { cooperative, problem, run })];
  });
  await Promise.all(drafts.map((draft) => log.submit(plainLane, draft)));
}

function countsOf(bookings: readonly Booking[]) {
  const counts = { read: 0, waiting: 0, refused: 0, failed: 0, unasked: 0 };
  for (const { outcome } of bookings) counts[outcome.kind] += 1;
  return counts;
}

/** Whatever metrics and log do: the run goes on. */
function observe({ observe: tell }: PollTools, event: PollEvent): void {
  try {
    tell?.(event);
  } catch {
    // told is enough
  }
}
