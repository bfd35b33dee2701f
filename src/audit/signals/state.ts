import { z } from 'zod';
import type { Queryable, Transaction } from '../../storage/database.js';

const NAME = 'signals';

const stateSchema = z.strictObject({
  /** Leaves before this one have been looked at. */
  leaf: z.int().min(0),
});

/** Up to which leaf the rules have looked; null before the first look. */
export async function readPosition(q: Queryable): Promise<bigint | null> {
  const { rows } = await q.query<{ state: unknown }>({
    text: 'SELECT state FROM bridge.log_state WHERE name = $1',
    values: [NAME],
  });
  const [row] = rows;
  return row === undefined ? null : BigInt(stateSchema.parse(row.state).leaf);
}

/** Never goes back: whoever lost the lock and goes on regardless must not undo what another has looked at. */
export async function rememberPosition(q: Queryable, leaf: bigint): Promise<void> {
  await q.query({
    text: `INSERT INTO bridge.log_state AS s (name, state) VALUES ($1, jsonb_build_object('leaf', $2::bigint))
      ON CONFLICT (name) DO UPDATE SET state = excluded.state
      WHERE (s.state ->> 'leaf')::bigint < (excluded.state ->> 'leaf')::bigint`,
    values: [NAME, leaf],
  });
}

/** One at a time raises: two that found the same must not both find that nothing was raised yet. */
export async function lockRaising(tx: Transaction): Promise<void> {
  await tx.query({ text: 'SELECT 1 FROM bridge.log_state WHERE name = $1 FOR UPDATE', values: [NAME] });
}
