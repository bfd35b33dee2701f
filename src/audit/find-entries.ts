import type { Transaction } from '../storage/database.js';
import type { Receipt } from './entry.js';

interface FoundRow {
  entry_id: string;
  leaf_index: bigint;
  leaf_hash: Buffer;
  at: Date;
}

/**
 * Receipts of the entries with these ids, for the time after a COMMIT whose answer never came. The head is locked
 * first: a COMMIT that is still under way holds that lock, so what is not seen then will never be.
 */
export async function findEntries(
  tx: Transaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Receipt>> {
  await tx.query({ text: 'SELECT 1 FROM bridge.log_head FOR UPDATE' });
  const { rows } = await tx.query<FoundRow>({
    text: 'SELECT entry_id, leaf_index, leaf_hash, at FROM bridge.entry WHERE entry_id = ANY($1::uuid[])',
    values: [ids],
  });
  return new Map(rows.map((r) => [r.entry_id, { leafIndex: r.leaf_index, leafHash: r.leaf_hash, at: r.at }]));
}
