import type { Transaction } from '../../storage/database.js';
import type { CooperativeRow } from '../export/port.js';
import { cursorRows } from './row-cursor.js';
import type { Period } from './statement.js';
import { SUMS_READ, SUMS_WHERE, type SummedRow, summed, sumsValues } from './sums-of.js';

const SELECT = `SELECT account_id AS account, fee_class AS "feeClass", cooperative, ${SUMS_READ}
  FROM bridge.fee_by_cooperative WHERE ${SUMS_WHERE} GROUP BY account_id, fee_class, cooperative
  ORDER BY account_id COLLATE "C", fee_class COLLATE "C", cooperative COLLATE "C"`;

/** Sums by cooperative (MERSİS number), as far as lines were folded in; they add up to what is booked. */
export async function* readCooperatives(
  tx: Transaction,
  period: Period,
  account: string | null,
): AsyncGenerator<CooperativeRow> {
  const statement = { text: SELECT, values: sumsValues(period, account) };
  const rows = cursorRows<SummedRow & { cooperative: string }>(tx, 'fee_cooperatives', statement);
  for await (const row of rows) yield { ...summed(row), cooperative: row.cooperative };
}
