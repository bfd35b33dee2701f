import type { Transaction } from '../../storage/database.js';
import type { FeeClass } from '../tariff/tariff.js';

/** An unknown outcome of a difference, with its line of the book. Order: of sending. */
export interface UnknownLine {
  readonly query: string;
  /** Leaf of the entry that closed it. */
  readonly outcome: bigint;
  readonly day: string;
  readonly quarter: string;
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly units: number;
  readonly unitPriceKurus: number;
  /** What an answer that came late says about its being counted; null where none came. */
  readonly late: boolean | null;
  /** What was decided of it since the import, and whether by this difference. */
  readonly settled: { readonly counted: boolean; readonly here: boolean } | null;
}

interface Row {
  query: string;
  outcome: bigint;
  day: string;
  quarter: string;
  account: string;
  fee_class: FeeClass;
  units: number;
  price: number;
  counted: boolean | null;
  here: boolean | null;
}

// As `behind.ts` lists them: unknown at the moment of the import, whatever was settled since.
const UNKNOWNS = `SELECT l.query_id AS query, l.outcome_leaf AS outcome, (l.sent_at AT TIME ZONE 'Europe/Istanbul')::date AS day, l.quarter,
    l.account_id AS account, l.fee_class, l.units, l.unit_price_kurus AS price, c.counted, c.difference_id = d.difference_id AS here
  FROM bridge.fee_difference d JOIN bridge.fee_import i USING (import_id)
  JOIN bridge.fee_line l ON l.account_id = i.account_id
    AND l.sent_at >= coalesce(d.day, i.from_day)::timestamp AT TIME ZONE 'Europe/Istanbul'
    AND l.sent_at < (coalesce(d.day, i.to_day) + 1)::timestamp AT TIME ZONE 'Europe/Istanbul'
    AND (d.service IS NULL OR l.service = d.service) AND l.outcome_leaf < i.leaf AND l.result = 'unknown'
  LEFT JOIN bridge.fee_correction c ON c.query_id = l.query_id
  WHERE d.difference_id = $1 AND (c.leaf IS NULL OR c.leaf > i.leaf)
  ORDER BY l.sent_at, l.query_id LIMIT $2`;

// What has no search rows yet is looked through: late answers are rare, and the rows are seconds behind.
const LATE = `SELECT e.line FROM bridge.log_search s JOIN bridge.entry e USING (leaf_index)
    WHERE s.query = ANY($1::uuid[]) AND s.kind = 'query.late-outcome'
  UNION SELECT e.line FROM bridge.entry e
    WHERE e.leaf_index >= (SELECT size FROM bridge.log_indexed) AND e.kind = 'query.late-outcome'`;

/** The unknown outcomes behind a difference, at most `limit`. */
export async function readUnknowns(
  tx: Transaction,
  difference: string,
  limit: number,
): Promise<readonly UnknownLine[]> {
  const { rows } = await tx.query<Row>({ text: UNKNOWNS, values: [difference, limit] });
  const late = await readLate(
    tx,
    rows.map(({ query }) => query),
  );
  return rows.map(({ counted, fee_class: feeClass, here, price: unitPriceKurus, ...row }) => {
    const settled = counted === null ? null : { counted, here: here === true };
    return { ...row, feeClass, unitPriceKurus, late: late.get(row.query) ?? null, settled };
  });
}

interface LateLine {
  readonly data: { readonly query: string; readonly state: string; readonly hataKod: number | null };
}

async function readLate(
  tx: Transaction,
  queries: readonly string[],
): Promise<ReadonlyMap<string, boolean | null>> {
  if (queries.length === 0) return new Map();
  const { rows } = await tx.query<{ line: string }>({ text: LATE, values: [queries] });
  return new Map(
    rows.map(({ line }) => {
      const { data } = JSON.parse(line) as LateLine;
      return [data.query, isCharged(data)];
    }),
  );
}

/** By CONTRACT §4: an answer, HataBilgisi included, is charged; a SOAP fault or an HTTP error is not. */
function isCharged({ hataKod, state }: LateLine['data']): boolean | null {
  if (state === 'answered') return true;
  return state === 'refused' ? hataKod !== null : null;
}
