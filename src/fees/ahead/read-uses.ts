import type { Queryable } from '../../storage/database.js';
import { type AccountUse, NO_USE } from './stop.js';

interface Row {
  account_id: string;
  queries: bigint | null;
  amount_kurus: bigint | null;
  open: bigint;
  lifted: boolean;
  to_percent: number | null;
}

// One statement, so that a query that ends meanwhile is either still open or already counted. Of several lifts the last one holds.
const USES = `SELECT a.account_id, u.queries, u.amount_kurus, l.leaf IS NOT NULL AS lifted, l.to_percent,
    (SELECT count(*) FROM bridge.identity_query q WHERE q.state = 'open' AND q.account_id = a.account_id) AS open
  FROM unnest($1::text[]) AS a(account_id)
  LEFT JOIN bridge.fee_usage u ON u.account_id = a.account_id AND u.quarter = $2
  LEFT JOIN LATERAL (SELECT leaf, to_percent FROM bridge.fee_stop_lift s
    WHERE s.account_id = a.account_id AND s.quarter = $2 ORDER BY leaf DESC LIMIT 1) AS l ON true`;

/** What each account has used of `quarter` so far. */
export async function readUses(
  db: Queryable,
  accounts: readonly string[],
  quarter: string,
): Promise<ReadonlyMap<string, AccountUse>> {
  if (accounts.length === 0) return new Map();
  const { rows } = await db.query<Row>({ name: 'fee-uses', text: USES, values: [accounts, quarter] });
  return new Map(rows.map((row) => [row.account_id, useOf(row)]));
}

function useOf({ amount_kurus: amountKurus, lifted, open, queries, to_percent: toPercent }: Row): AccountUse {
  return {
    queries: queries ?? NO_USE.queries,
    amountKurus: amountKurus ?? NO_USE.amountKurus,
    open,
    lift: lifted ? { toPercent } : null,
  };
}
