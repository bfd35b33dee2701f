import type { Transaction } from '../../storage/database.js';
import type { Freeze } from './freezes.js';

/** Every freeze as the table has it: a few for each year. */
export async function readFreezes(tx: Transaction): Promise<readonly Freeze[]> {
  const { rows } = await tx.query<{ quarter: string; frozen_leaf: bigint; reopened_leaf: bigint | null }>({
    text: 'SELECT quarter, frozen_leaf, reopened_leaf FROM bridge.fee_freeze ORDER BY frozen_leaf',
  });
  return rows.map(({ frozen_leaf: frozen, quarter, reopened_leaf: reopened }) => ({
    quarter,
    frozen,
    reopened,
  }));
}
