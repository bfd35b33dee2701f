import { isOfRegistry } from '../authority/merge-reading.js';
import { type CooperativeRecord, statusOn } from '../authority/record.js';
import { inForceOn } from '../authority/transitions.js';

/** What is not believed at once (settings `mersis.guard`). */
export interface GuardPolicy {
  readonly secondReadingS: number;
  readonly largeLossPercent: number;
  readonly lossesPerRun: number;
  readonly lossSharePercent: number;
  readonly maxAgeHours: number;
  readonly clockSkewS: number;
}

/** What is wrong with the time of which the registry's word is. */
export type TimeProblem = 'stale' | 'from-future' | 'out-of-order';
/** Why one reading alone waits for a second one. */
type Doubt = 'empty-board' | 'large-loss';
export type HoldReason = Doubt | 'run-stopped';

/** A loss that waits. `digest`: keyed, hex, of all that the reading said. */
export interface Hold {
  readonly digest: string;
  readonly why: HoldReason;
  readonly runId: string | null;
  readonly secondAfter: Date;
  /** Two persons have let this reading pass. */
  readonly releasedAt: Date | null;
}

/**
 * The run that a reading belongs to. `over`: it has ended, or persons have decided on it, while the answer was on its way. `beside`: the
 * reading belongs to none, one person having asked for it, and this run stands stopped.
 */
export interface RunCount {
  readonly runId: string;
  readonly state: 'running' | 'stopped' | 'over' | 'beside';
  readonly losses: number;
  readonly lossLimit: number;
}

/** One reading, and what it is held against. */
export interface JudgedReading {
  readonly before: CooperativeRecord | null;
  /** The instant of which the registry's word was that stands now. */
  readonly heldAsOf: Date | null;
  /** What would stand if the reading were believed. */
  readonly after: CooperativeRecord;
  readonly asOf: Date;
  readonly readAt: Date;
  readonly now: Date;
  /** The day of `now` in Europe/Istanbul. */
  readonly today: string;
  readonly digest: string;
  readonly hold: Hold | null;
  /** Null outside a run, where none is stopped. */
  readonly run: RunCount | null;
}

/**
 * What becomes of a reading. `counts`: it is one loss more of its run. `hold`: `secondAfter` is when a second reading may confirm it.
 * `stop-run`: it waits for two persons, and so does the run. `leave`: neither taken in nor held; its run is over, the next one reads anew.
 */
export type Verdict =
  | { readonly kind: 'apply'; readonly counts: boolean }
  | { readonly kind: 'refuse'; readonly problem: TimeProblem }
  | { readonly kind: 'hold'; readonly why: Doubt; readonly secondAfter: Date; readonly counts: boolean }
  | { readonly kind: 'stop-run'; readonly counts: boolean }
  | { readonly kind: 'leave' };

/** Seats of the registry that a reading takes out of force today, and those that it brings into force. */
export interface Loss {
  readonly inForce: number;
  readonly lost: readonly string[];
  readonly gained: number;
  /** True where somebody acted in the board's place, and nobody does any longer though the cooperative is active. */
  readonly emptied: boolean;
}

/** Losses that a run of a small register may have: below it every third run of elections would stop. */
const LEAST_LIMIT = 5;
const HOUR_MS = 3_600_000;
/** Who acts for a cooperative: the board, or who stands in its place. */
const ACTING = ['board', 'liquidator', 'trustee'];

/**
 * Whether a reading is believed. Pure. Readings from a wrong time never are. What takes nothing away is taken in, and so is what two
 * persons have released. Any loss counts in its run, one that the registry states an end for too, and beyond the run's limit, or while a
 * run stands stopped, nothing is taken away but ordinary losses that one person has read anew. An empty board or a large loss waits until a reading after `secondAfter` says the same.
 */
export function judgeReading(judged: JudgedReading, policy: GuardPolicy): Verdict {
  const problem = timeProblem(judged, policy);
  if (problem !== null) return { kind: 'refuse', problem };
  const { after, before, digest, hold, readAt, run, today } = judged;
  const loss = lossOf(before, after, today);
  if (loss.lost.length === 0) return { kind: 'apply', counts: false };
  const same = hold !== null && hold.digest === digest ? hold : null;
  if (same !== null && same.releasedAt !== null) return { kind: 'apply', counts: false };
  if (run?.state === 'over') return { kind: 'leave' };
  // A hold of the same run was counted when it came.
  const doubt = doubtOf(loss, policy);
  // An ordinary loss that somebody asks about is none of what stopped the run; whatever is doubtful waits with it for two persons.
  if (run?.state === 'beside' && doubt === null && hold === null) return { kind: 'apply', counts: false };
  const counts = run !== null && hold?.runId !== run.runId;
  const isStopped = run?.state === 'stopped' || run?.state === 'beside';
  if (run !== null && (isStopped || run.losses + Number(counts) > run.lossLimit))
    return { kind: 'stop-run', counts };
  if (doubt === null) return { kind: 'apply', counts };
  // What a stopped run held persons alone may let pass; here it is read for the first time.
  if (same === null || same.why === 'run-stopped')
    return {
      kind: 'hold',
      why: doubt,
      secondAfter: new Date(readAt.getTime() + policy.secondReadingS * 1000),
      counts,
    };
  if (readAt.getTime() >= same.secondAfter.getTime()) return { kind: 'apply', counts };
  return { kind: 'hold', why: same.why, secondAfter: same.secondAfter, counts };
}

/** What is wrong with the time of the registry's word; null where nothing is. Pure. */
export function timeProblem(
  { asOf, heldAsOf, now }: Pick<JudgedReading, 'asOf' | 'heldAsOf' | 'now'>,
  { clockSkewS, maxAgeHours }: Pick<GuardPolicy, 'clockSkewS' | 'maxAgeHours'>,
): TimeProblem | null {
  const ageMs = now.getTime() - asOf.getTime();
  // An instant that is none is older than everything.
  if (!(ageMs <= maxAgeHours * HOUR_MS)) return 'stale';
  if (ageMs < -clockSkewS * 1000) return 'from-future';
  return heldAsOf !== null && asOf.getTime() < heldAsOf.getTime() ? 'out-of-order' : null;
}

/** What `after` takes away on `today` and what it brings. Seats that other sources gave are no matter of a reading. Pure. */
export function lossOf(before: CooperativeRecord | null, after: CooperativeRecord, today: string): Loss {
  const held = before === null ? [] : standingSeats(before, today);
  const next = standingSeats(after, today);
  const [heldIds, nextIds] = [held, next].map((seats) => new Set(seats.map(({ seatId }) => seatId)));
  const acts = ({ role }: { readonly role: string }) => ACTING.includes(role);
  return {
    inForce: held.length,
    lost: held.filter(({ seatId }) => !nextIds?.has(seatId)).map(({ seatId }) => seatId),
    gained: next.filter(({ seatId }) => !heldIds?.has(seatId)).length,
    emptied: held.some(acts) && !next.some(acts) && statusOn(after, today) === 'faal',
  };
}

/** Above so many losses a run stops: the smaller of a count and a share of all cooperatives. Pure. */
export function lossLimitOf(
  { lossesPerRun, lossSharePercent }: Pick<GuardPolicy, 'lossesPerRun' | 'lossSharePercent'>,
  cooperatives: number,
): number {
  return Math.min(lossesPerRun, Math.max(LEAST_LIMIT, Math.ceil((lossSharePercent * cooperatives) / 100)));
}

function standingSeats(record: CooperativeRecord, today: string) {
  const running = inForceOn(record, today);
  return record.seats.filter((seat) => isOfRegistry(seat) && running.has(seat.seatId));
}

/** A whole new board that is registered at once is an election: as many come as go. */
function doubtOf(
  { emptied, gained, inForce, lost }: Loss,
  { largeLossPercent }: Pick<GuardPolicy, 'largeLossPercent'>,
): Doubt | null {
  if (emptied) return 'empty-board';
  const isLarge = lost.length * 100 > largeLossPercent * inForce || lost.length === inForce;
  return isLarge && gained < lost.length ? 'large-loss' : null;
}
