import type { EntryDraft } from '../audit/entry.js';
import type { Transaction } from '../storage/database.js';
import { type EndedSession, lockLiving, settleEnding } from './end-lane.js';

const SELECT = `SELECT session_id AS id FROM bridge.sign_in_session WHERE person_tag = ANY($1::bytea[]) AND ended_at IS NULL
  ORDER BY session_id`;

/**
 * What ends every living session of these persons (tags in the domain `authority`), as part of an item of an exclusive lane that takes
 * their last right: it is gone with the right, in one transaction. `log` needs `endSessionApplier`. Errors: those of `Transaction`.
 */
export async function endSessionsOf(
  tx: Transaction,
  tags: readonly Buffer[],
  now: Date,
): Promise<{ readonly entries: readonly EntryDraft[]; readonly effects: readonly EndedSession[] }> {
  const { rows } = await tx.query<{ id: string }>({ text: SELECT, values: [tags] });
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return { entries: [], effects: [] };
  const { entries, effects } = settleEnding(
    { ids, reasonOf: () => 'authority-lost', now },
    await lockLiving(tx, ids),
  );
  return { entries, effects };
}
