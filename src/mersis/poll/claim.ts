import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Lane, Settled } from '../../audit/lane.js';
import type { Transaction } from '../../storage/database.js';
import { lockBudget, type SpentBudget } from './budget.js';
import { lockOpenRun } from './run.js';
import { allowance, claimMs } from './schedule.js';
import type { PollSettings } from './settings.js';

/** What one instance wants to ask about next. */
export interface Claiming {
  readonly runId: string;
  /** Cooperatives at the most. */
  readonly size: number;
  readonly settings: Pick<PollSettings, 'instance' | 'dailyBudget' | 'requestsPerSecond' | 'concurrent'>;
  /** Of one call, ms. */
  readonly timeoutMs: number;
}

/** Cooperatives that are this instance's to ask until `until`; or why there are none. */
export type Claimed =
  | {
      readonly kind: 'claimed';
      readonly mersisNos: readonly string[];
      readonly claimedAt: Date;
      readonly until: Date;
    }
  | { readonly kind: 'nothing-due' | 'budget' | 'not-running' };

/** Rows that nobody else picks meanwhile, and the run's count of what was asked. */
export interface ClaimedChunk extends Effect {
  readonly kind: 'mersis-claimed';
  readonly runId: string;
  readonly mersisNos: readonly string[];
  readonly until: Date;
}

const PATIENCE_MS = 30_000;
// Whoever waits first, in the order of waiting; then what is overdue longest.
const WISHED = `SELECT mersis_no FROM bridge.mersis_cooperative WHERE wished_at IS NOT NULL AND due_at <= $1
  ORDER BY wished_at, mersis_no LIMIT $2 FOR UPDATE SKIP LOCKED`;
const OVERDUE = `SELECT mersis_no FROM bridge.mersis_cooperative WHERE wished_at IS NULL AND due_at <= $1
  ORDER BY due_at, mersis_no LIMIT $2 FOR UPDATE SKIP LOCKED`;

/**
 * Claims the next chunk of a run: its entry `mersis.asking`, the day's budget and the claim are one transaction, and only what it answers may
 * be asked (no leaf, no call). Errors: those of `Appender`.
 */
export const claimLane: Lane<Claiming, Claimed> = {
  name: '6-mersis-claim',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items, now) => {
    const settled: Settled<Claimed>[] = [];
    for (const item of items) {
      // One chunk in a transaction: what the first has taken is not marked before the entries are written.
      const first = settled.every(({ entries }) => entries.length === 0);
      settled.push(first ? await claimOne(tx, item, now) : nothing('nothing-due'));
    }
    return settled;
  },
};

async function claimOne(tx: Transaction, item: Claiming, now: Date): Promise<Settled<Claimed>> {
  const { runId, settings, size, timeoutMs } = item;
  const run = await lockOpenRun(tx);
  if (run?.runId !== runId || run.state !== 'running') return nothing('not-running');
  const { day, used } = await lockBudget(tx, now);
  const allowed = allowance(settings.dailyBudget, used);
  const wished = await pick(tx, WISHED, now, Math.min(size, allowed.wishes));
  const room = Math.min(size - wished.length, Math.max(0, allowed.others - wished.length));
  const others = await pick(tx, OVERDUE, now, room);
  const mersisNos = [...wished, ...others];
  if (mersisNos.length === 0) return nothing(allowed.others === 0 ? 'budget' : 'nothing-due');
  const until = new Date(now.getTime() + claimMs(mersisNos.length, { ...settings, timeoutMs }));
  const data = { cooperatives: mersisNos, instance: settings.instance, run: runId };
  const claim: ClaimedChunk = { kind: 'mersis-claimed', runId, mersisNos, until };
  const spent: SpentBudget = { kind: 'mersis-spent', day, count: mersisNos.length };
  return {
    entries: [draftOf('mersis.asking', now, data)],
    effects: [claim, spent],
    answer: () => ({ kind: 'claimed', mersisNos, claimedAt: now, until }),
  };
}

function nothing(kind: Exclude<Claimed['kind'], 'claimed'>): Settled<Claimed> {
  return { entries: [], effects: [], answer: () => ({ kind }) };
}

async function pick(tx: Transaction, text: string, now: Date, limit: number): Promise<readonly string[]> {
  if (limit === 0) return [];
  const { rows } = await tx.query<{ mersis_no: string }>({ text, values: [now, limit] });
  return rows.map((row) => row.mersis_no);
}

const MARK = `UPDATE bridge.mersis_cooperative SET due_at = $2, problem = 'asking' WHERE mersis_no = ANY($1::text[])`;
const COUNT = 'UPDATE bridge.mersis_run SET asked = asked + $2 WHERE run_id = $1';

/** Marks the rows that their lane has locked. */
export const claimApplier: EffectApplier<ClaimedChunk> = {
  kind: 'mersis-claimed',
  apply: async (tx, placed) => {
    for (const { effect } of placed) {
      await tx.query({ text: MARK, values: [effect.mersisNos, effect.until] });
      await tx.query({ text: COUNT, values: [effect.runId, effect.mersisNos.length] });
    }
  },
};
