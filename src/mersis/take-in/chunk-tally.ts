import { draftOf } from '../../audit/draft.js';
import type { EntryDraft } from '../../audit/entry.js';
import type { Effect } from '../../audit/lane.js';
import type { Hold, HoldReason, Loss, RunCount } from '../guard.js';
import type { HeldRow, RunCounted } from './effects.js';
import type { LockedRun } from './lock-holds.js';
import type { TakenIn, TakenProblem } from './port.js';

/** Members of `mersis.held` and of its row; a cooperative has some dozens of seats. */
const MAX_LOST = 1000;

interface RunTally {
  losses: number;
  stops: boolean;
}

/** A loss that is to wait. */
export interface Waits {
  readonly mersisNo: string;
  readonly digest: string;
  readonly why: HoldReason;
  readonly run: RunCount | null;
  readonly hold: Hold | null;
  readonly secondAfter: Date;
  readonly loss: Loss;
  readonly counts: boolean;
}

/** What the readings of one chunk come to, in one place while they are judged one after the other. */
export interface ChunkTally {
  readonly results: Map<string, TakenIn>;
  readonly entries: EntryDraft[];
  /** The run as it stands behind the readings so far. */
  runNow(runId: string | null): RunCount | null;
  refuse(mersisNo: string, problem: TakenProblem, runId: string | null): void;
  change(mersisNo: string, runId: string | null, counts: boolean): void;
  wait(waits: Waits): void;
  drop(mersisNo: string): void;
  /** Entries of runs that stop, and every effect; called once, at the end. */
  close(): { readonly entries: readonly EntryDraft[]; readonly effects: readonly Effect[] };
}

/** A tally over runs as they were locked. `now`: of the transaction. */
export function createTally(runs: ReadonlyMap<string, LockedRun>, now: Date): ChunkTally {
  const tallies = new Map<string, RunTally>();
  const results = new Map<string, TakenIn>();
  const entries: EntryDraft[] = [];
  const put: HeldRow[] = [];
  const drop: string[] = [];
  const tallyOf = (runId: string): RunTally => {
    const tally = tallies.get(runId) ?? { losses: 0, stops: false };
    tallies.set(runId, tally);
    return tally;
  };
  const count = (runId: string | null, losses: number, stops: boolean) => {
    if (runId === null || (losses === 0 && !stops)) return;
    const tally = tallyOf(runId);
    tally.losses += losses;
    tally.stops ||= stops;
  };
  return {
    results,
    entries,
    runNow: (runId) => runAfter(runs, tallies, runId),
    refuse: (cooperative, problem, run) => {
      results.set(cooperative, { mersisNo: cooperative, result: 'refused', problem, secondAfter: null });
      entries.push(draftOf('mersis.refused', now, { cooperative, problem, run }));
    },
    change: (mersisNo, runId, counts) => {
      results.set(mersisNo, { mersisNo, result: 'changed', problem: null, secondAfter: null });
      count(runId, Number(counts), false);
    },
    wait: (waits) => {
      const { counts, hold, loss, mersisNo, run, secondAfter, why } = waits;
      const stops = why === 'run-stopped';
      const result = stops ? 'run-stopped' : 'held';
      results.set(mersisNo, { mersisNo, result, problem: null, secondAfter: stops ? null : secondAfter });
      // Told once: a reading that only says the same again changes nothing.
      if (hold?.digest === waits.digest && hold.why === why && hold.releasedAt === null && !counts) return;
      const runId = run?.runId ?? hold?.runId ?? null;
      put.push({ ...rowOf(waits, runId), seenAt: now });
      entries.push(heldEntry(mersisNo, why, loss, run?.runId ?? null, now));
      count(run?.runId ?? null, Number(counts), stops);
    },
    drop: (mersisNo) => {
      drop.push(mersisNo);
    },
    close: () => closeTally(runs, tallies, { entries, put, drop }, now),
  };
}

function runAfter(
  runs: ReadonlyMap<string, LockedRun>,
  tallies: ReadonlyMap<string, RunTally>,
  runId: string | null,
): RunCount | null {
  const seen = [...runs.values()].map((run): RunCount => {
    const tally = tallies.get(run.runId);
    const state = tally?.stops === true ? 'stopped' : run.state;
    return { ...run, state, losses: run.losses + (tally?.losses ?? 0) };
  });
  // Outside a run whatever is doubtful waits too while one stands stopped: what stopped it may have been seen here.
  if (runId === null) {
    const stopped = seen.find(({ state }) => state === 'stopped');
    return stopped === undefined ? null : { ...stopped, state: 'beside' };
  }
  return seen.find((run) => run.runId === runId) ?? { runId, state: 'over', losses: 0, lossLimit: 0 };
}

function rowOf({ digest, loss, mersisNo, secondAfter, why }: Waits, runId: string | null) {
  const { gained, inForce: held, lost } = loss;
  return { mersisNo, digest, why, runId, secondAfter, held, lost: lost.slice(0, MAX_LOST), gained };
}

function heldEntry(cooperative: string, why: HoldReason, loss: Loss, run: string | null, now: Date) {
  const { gained, inForce: held, lost } = loss;
  return draftOf('mersis.held', now, {
    cooperative,
    gained,
    held,
    lost: lost.slice(0, MAX_LOST),
    run,
    why,
  });
}

interface Made {
  readonly entries: readonly EntryDraft[];
  readonly put: readonly HeldRow[];
  readonly drop: readonly string[];
}

function closeTally(
  runs: ReadonlyMap<string, LockedRun>,
  tallies: ReadonlyMap<string, RunTally>,
  { entries, put, drop }: Made,
  now: Date,
) {
  const counted = [...tallies].map(
    ([runId, tally]): RunCounted => ({ kind: 'mersis-run-counted', runId, ...tally }),
  );
  // A run that was stopped already has its entry.
  const stopping = counted.filter(({ runId, stops }) => stops && runs.get(runId)?.state === 'running');
  const told = stopping.map(({ runId, losses }) => {
    const { asked, lossLimit, losses: before } = runs.get(runId) as LockedRun;
    return draftOf('mersis.run-stopped', now, { asked, lossLimit, losses: before + losses, run: runId });
  });
  const holds: readonly Effect[] =
    put.length + drop.length === 0 ? [] : [{ kind: 'mersis-held', put, drop } as Effect];
  return { entries: [...entries, ...told], effects: [...counted, ...holds] };
}
