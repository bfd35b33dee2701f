import type { Transaction } from '../../storage/database.js';
import type { CorrectionLine } from '../export/port.js';
import { kurus } from '../kurus.js';
import { cursorRows } from './row-cursor.js';
import type { Period } from './statement.js';

interface Row extends Omit<CorrectionLine, 'unitPriceKurus' | 'amountKurus'> {
  readonly unitPriceKurus: number;
  readonly amountKurus: bigint;
}

// As the sums of a statement have them: a quarter by where they are billed, a range by the day of what they correct.
const SELECT = `SELECT query_id AS "queryId", account_id AS account, fee_class AS "feeClass", quarter, of_quarter AS "ofQuarter",
    of_day::text AS "ofDay", counted, units, unit_price_kurus AS "unitPriceKurus", amount_kurus AS "amountKurus",
    difference_id AS "differenceId"
  FROM bridge.fee_correction
  WHERE (CASE WHEN $1::text IS NULL THEN of_day >= $2::date AND of_day < $3::date ELSE quarter = $1 END)
    AND ($4::text IS NULL OR account_id = $4)
  ORDER BY account_id COLLATE "C", fee_class COLLATE "C", of_day, query_id`;

/** Corrections of a period, one by one; they add up to those of its statement. */
export async function* readCorrections(
  tx: Transaction,
  { from, quarter, to }: Period,
  account: string | null,
): AsyncGenerator<CorrectionLine> {
  const statement = { text: SELECT, values: [quarter, from, to, account] };
  for await (const row of cursorRows<Row>(tx, 'fee_corrections', statement))
    yield { ...row, unitPriceKurus: kurus(row.unitPriceKurus), amountKurus: kurus(row.amountKurus) };
}
