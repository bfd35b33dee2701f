import { z } from 'zod';
import type { Queryable } from '../../storage/database.js';
import type { Effect, EffectApplier } from '../lane.js';

const NAME = 'retention';

const stateSchema = z.strictObject({
  /** The term in force, years: the one that the last run went by, or that two officers confirmed since. */
  years: z.int().min(1),
  lastRunAt: z.iso.datetime().nullable(),
  /** The shorter term of the settings that was last refused, so that it is told once. */
  refusedYears: z.int().min(1).nullable(),
});

/** What the periodic run remembers between its runs. */
export type RetentionState = z.infer<typeof stateSchema>;

/** Null before the first run. `lock` where it will be written in the same transaction. */
export async function readState(q: Queryable, lock: boolean): Promise<RetentionState | null> {
  const { rows } = await q.query<{ state: unknown }>({
    text: `SELECT state FROM bridge.log_state WHERE name = $1${lock ? ' FOR UPDATE' : ''}`,
    values: [NAME],
  });
  const [row] = rows;
  return row === undefined ? null : stateSchema.parse(row.state);
}

/**
 * The term to go by: a longer one of the settings counts at once, a shorter one only after two officers confirmed it. What is
 * due under the longer term is due under both.
 */
export function termInForce(state: RetentionState | null, configuredYears: number): number {
  return Math.max(state?.years ?? configuredYears, configuredYears);
}

export interface RetentionStateChanged extends Effect {
  readonly kind: 'retention-state';
  readonly state: RetentionState;
}

export const retentionStateApplier: EffectApplier<RetentionStateChanged> = {
  kind: 'retention-state',
  apply: async (tx, placed) => {
    for (const { effect } of placed) {
      await tx.query({
        text: `INSERT INTO bridge.log_state (name, state) VALUES ($1, $2)
          ON CONFLICT (name) DO UPDATE SET state = excluded.state`,
        values: [NAME, JSON.stringify(effect.state)],
      });
    }
  },
};
