import type { Queryable } from '../../storage/database.js';

/** When each step of a quarter's closing was done; null where it was not, or where its entry is no longer in the database. */
export interface StepTimes {
  readonly frozenAt: Date | null;
  readonly approvedAt: Date | null;
  readonly sealedAt: Date | null;
}

const NONE: StepTimes = { frozenAt: null, approvedAt: null, sealedAt: null };

const AT = (leaf: string) => `(SELECT at FROM bridge.entry WHERE leaf_index = q.${leaf})`;
const TIMES = `SELECT ${AT('frozen_leaf')} AS "frozenAt", ${AT('approved_leaf')} AS "approvedAt", ${AT('sealed_leaf')} AS "sealedAt"
  FROM bridge.fee_quarter q WHERE quarter = $1`;

/** By the log. */
export async function readStepTimes(db: Queryable, quarter: string): Promise<StepTimes> {
  return (await db.query<StepTimes>({ text: TIMES, values: [quarter] })).rows[0] ?? NONE;
}
