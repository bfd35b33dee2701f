const SUMS =
  'count(*)::bigint, count(*) FILTER (WHERE sent)::bigint, sum(units)::bigint, sum(amount_kurus)::bigint';
const HELD = 'lines, queries, units, amount_kurus';

/** A kept table of sums: its keys beside account and day as lines have them, and as the table has them. */
interface Kept {
  readonly table: string;
  readonly ofLines: string;
  readonly columns: string;
  /** What else is kept for a group, as lines give it and as the table has it. */
  readonly beside: readonly [string, string] | null;
}

const KEPT: readonly Kept[] = [
  {
    table: 'fee_rollup',
    ofLines:
      'billed, fee_class, client_id, service, service_version, purpose, ministry, il, unit, result, basis, unit_price_kurus',
    columns:
      'quarter, fee_class, client_id, service, service_version, purpose, ministry, il, unit, result, basis, unit_price_kurus',
    beside: null,
  },
  {
    table: 'fee_by_cooperative',
    ofLines: 'billed, fee_class, cooperative',
    columns: 'quarter, fee_class, cooperative',
    beside: null,
  },
  {
    table: 'fee_by_actor',
    ofLines: 'billed, fee_class, actor_tag',
    columns: 'quarter, fee_class, actor_tag',
    beside: ['max(outcome_leaf)', 'last_leaf'],
  },
];

const reckoned = ({ beside, ofLines }: Kept) =>
  `SELECT ${ofLines}, ${beside === null ? '' : `${beside[0]}, `}${SUMS} FROM line GROUP BY ${ofLines}`;
const kept = ({ beside, columns, table }: Kept) =>
  `SELECT ${columns}, ${beside === null ? '' : `${beside[1]}, `}${HELD} FROM bridge.${table} WHERE account_id = $1 AND day = $5::date`;
// Both ways: a sum that lines do not give, and one that is missing. Named is the table, and the day's first line.
const differing = (one: Kept) => `SELECT '${one.table}' AS held_in WHERE EXISTS (
    (${reckoned(one)} EXCEPT ALL ${kept(one)}) UNION ALL (${kept(one)} EXCEPT ALL ${reckoned(one)}))`;

/**
 * The tables whose sums for account $1 on day $5 are not those of the lines sent from $2 to $3 with leaves below $4; $6 to $9: where lines are
 * billed in another quarter than they were sent in.
 */
export const DIFFERING = `WITH span AS (
    SELECT * FROM unnest($6::text[], $7::bigint[], $8::bigint[], $9::text[]) AS s(sent_in, from_leaf, to_leaf, billed_in)),
  line AS MATERIALIZED (
    SELECT coalesce(s.billed_in, l.quarter) AS billed, l.*
    FROM bridge.fee_line l LEFT JOIN span s ON s.sent_in = l.quarter AND l.outcome_leaf > s.from_leaf AND l.outcome_leaf < s.to_leaf
    WHERE l.account_id = $1 AND l.sent_at >= $2 AND l.sent_at < $3 AND l.outcome_leaf < $4)
  SELECT held_in, (SELECT min(outcome_leaf) FROM line) AS leaf FROM (${KEPT.map(differing).join(' UNION ALL ')}) AS found LIMIT 1`;

/** The first day after $2 on which account $1 has a line or a sum. */
export const NEXT_DAY = `SELECT least(
    (SELECT min((sent_at AT TIME ZONE 'Europe/Istanbul')::date) FROM (SELECT sent_at FROM bridge.fee_line
      WHERE account_id = $1 AND sent_at >= ($2::date + 1)::timestamp AT TIME ZONE 'Europe/Istanbul'
      ORDER BY sent_at LIMIT 1) AS next),
    ${KEPT.map(({ table }) => `(SELECT min(day) FROM bridge.${table} WHERE account_id = $1 AND day > $2::date)`).join(', ')}
  )::text AS day`;

/** What the meter counts of the lines of account $1 sent from $2 to $3. */
export const USAGE = `SELECT quarter, count(*) FILTER (WHERE sent) AS queries, sum(units)::bigint AS units, sum(amount_kurus)::bigint AS amount_kurus
  FROM bridge.fee_line WHERE account_id = $1 AND sent_at >= $2 AND sent_at < $3 GROUP BY quarter`;

/** Every account that has a line or a sum. Lines are passed over from account to account, along their index. */
export const ACCOUNTS = `WITH RECURSIVE of_lines AS (
    SELECT min(account_id) AS account_id FROM bridge.fee_line
    UNION ALL
    SELECT (SELECT min(l.account_id) FROM bridge.fee_line l WHERE l.account_id > o.account_id) FROM of_lines o WHERE o.account_id IS NOT NULL)
  SELECT account_id FROM of_lines WHERE account_id IS NOT NULL
  ${[...KEPT.map(({ table }) => table), 'fee_usage'].map((table) => `UNION SELECT account_id FROM bridge.${table}`).join(' ')}
  ORDER BY account_id`;
