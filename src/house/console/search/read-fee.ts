import type { FeeOfQuery } from '../../../console/security/story/ports.js';
import type { Queryable } from '../../../storage/database.js';

interface Row {
  readonly account: string;
  readonly feeClass: string;
  readonly quarter: string;
  readonly basis: string;
  readonly units: number;
  readonly unitPriceKurus: number;
  readonly amountKurus: bigint;
  readonly correctedIn: string | null;
  readonly correctedKurus: bigint | null;
  readonly counted: boolean | null;
}

const READ = `SELECT l.account_id AS account, l.fee_class AS "feeClass", l.quarter, l.basis, l.units, l.unit_price_kurus AS "unitPriceKurus",
    l.amount_kurus AS "amountKurus", c.quarter AS "correctedIn", c.amount_kurus AS "correctedKurus", c.counted
  FROM bridge.fee_line l LEFT JOIN bridge.fee_correction c USING (query_id) WHERE l.query_id = $1`;

/** The fee line of a query with its correction; null where it has none. Errors: those of `Queryable`. */
export async function readFee(q: Queryable, query: string): Promise<FeeOfQuery | null> {
  const { rows } = await q.query<Row>({ text: READ, values: [query] });
  const [row] = rows;
  if (row === undefined) return null;
  const { correctedIn, correctedKurus, counted, unitPriceKurus, ...line } = row;
  const correction =
    correctedIn === null || correctedKurus === null
      ? null
      : { quarter: correctedIn, amountKurus: correctedKurus, counted: counted === true };
  return { ...line, unitPriceKurus: BigInt(unitPriceKurus), correction };
}
