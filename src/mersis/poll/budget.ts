import type { Effect, EffectApplier } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Queryable, Transaction } from '../../storage/database.js';

/** Requests that are about to be sent, in the transaction of the entry that tells of them. */
export interface SpentBudget extends Effect {
  readonly kind: 'mersis-spent';
  readonly day: string;
  readonly count: number;
}

/** So long the counts of days are kept, for whoever asks what was sent. */
const KEEP_DAYS = 400;

// A row of nothing is no change: it is there to be locked.
const OPEN = 'INSERT INTO bridge.mersis_budget (day, used) VALUES ($1, 0) ON CONFLICT (day) DO NOTHING';
const LOCK = 'SELECT used FROM bridge.mersis_budget WHERE day = $1 FOR UPDATE';
const SPEND = `UPDATE bridge.mersis_budget AS b SET used = b.used + n.count
  FROM (SELECT day, sum(count)::int AS count FROM unnest($1::date[], $2::int[]) AS x(day, count) GROUP BY day) AS n
  WHERE b.day = n.day`;
const PURGE = 'DELETE FROM bridge.mersis_budget WHERE day < $1::date - $2::int';

/** What of the day of `now` is spent, under its lock: two instances never spend the same request. */
export async function lockBudget(tx: Transaction, now: Date): Promise<{ day: string; used: number }> {
  const day = istanbulDay(now);
  await tx.query({ text: OPEN, values: [day] });
  const { rows } = await tx.query<{ used: number }>({ text: LOCK, values: [day] });
  return { day, used: rows[0]?.used ?? 0 };
}

/** What of the day of `now` is spent. Errors: those of `Queryable`. */
export async function readBudget(db: Queryable, now: Date): Promise<number> {
  const text = 'SELECT used FROM bridge.mersis_budget WHERE day = $1';
  const { rows } = await db.query<{ used: number }>({ text, values: [istanbulDay(now)] });
  return rows[0]?.used ?? 0;
}

/** Forgets days of long ago. Errors: those of `Queryable`. */
export async function purgeBudgets(db: Queryable, now: Date): Promise<void> {
  await db.query({ text: PURGE, values: [istanbulDay(now), KEEP_DAYS] });
}

/** Counts what is about to be sent; the lane holds the day's lock. */
export const budgetApplier: EffectApplier<SpentBudget> = {
  kind: 'mersis-spent',
  apply: async (tx, placed) => {
    const values = [placed.map(({ effect }) => effect.day), placed.map(({ effect }) => effect.count)];
    await tx.query({ text: SPEND, values });
  },
};
