import type { Queryable } from '../../storage/database.js';

const RELEASE = `UPDATE bridge.mersis_cooperative SET due_at = $1 WHERE problem = 'asking' AND due_at > $1`;

/**
 * Makes due again what a leader that is gone had claimed: whoever has taken the lead need not wait until those claims run out. A process
 * that has lost the lead and still asks costs some requests twice, each behind its own entry. Returns how many. Errors: those of
 * `Queryable`.
 */
export async function releaseClaims(db: Queryable, now: Date): Promise<number> {
  return (await db.query({ text: RELEASE, values: [now] })).count;
}
