import { randomBytes } from 'node:crypto';
import { PROVINCES } from '../../src/authority/roles/provinces.js';
import { quarterBounds } from '../../src/calendar/istanbul-day.js';
import { type Ask, withConnection } from '../../src/storage/single-connection.js';
import { type BookSize, DAYS, leavesOf, QUARTER } from './book-size.js';

/** Ten million lines take minutes. */
const LIMITS = { applicationName: 'bench', statementTimeoutMs: 3_600_000, connectTimeoutMs: 10_000 };
const CHUNK = 500_000;

// What a line is, follows from its day and sort `s` alone: every day of every book has the same sorts, some more lines of each.
// Money: the ministry's queries cost nothing, the union's 2 kuruş; what was refused or never left has no unit.
const FILL = `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version, purpose,
    cooperative, il, ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
  SELECT lpad(to_hex(i), 32, '0')::uuid, 2 * i + 1, a.account, a.class, a.client, v.service, v.version,
    (ARRAY['ortak-kayit', 'genel-kurul', 'resen-kontrol'])[1 + s / 7 % 3], '0' || lpad((s % 3000)::text, 15, '0'), il, ministry,
    CASE s % 10 WHEN 0 THEN ministry || '/' || il WHEN 5 THEN ministry || '/merkez' ELSE 'kooperatif' END, 'per-query',
    decode(md5('actor' || s * 7 % 2000), 'hex'), sent_at, '${QUARTER}', result, result <> 'not-sent', units, price, units * price
  FROM (SELECT i, day, (i - first) % $4::int AS s,
      $5::timestamptz + day * interval '1 day' + (i - first) * (86399.0 / ($3::bigint / ${DAYS} + 1)) * interval '1 second' AS sent_at
    FROM generate_series($1::bigint, $2::bigint - 1) AS i
    CROSS JOIN LATERAL (SELECT i * ${DAYS} / $3::bigint AS day) AS d
    CROSS JOIN LATERAL (SELECT (day * $3::bigint + ${DAYS - 1}) / ${DAYS} AS first) AS f) AS line
  CROSS JOIN LATERAL (SELECT ($6::text[])[1 + s / 2 % ${PROVINCES.length}] AS il,
    (ARRAY['ticaret', 'tarim', 'cevre'])[1 + s / 11 % 3] AS ministry,
    CASE WHEN s % 50 < 43 THEN 'match' WHEN s % 50 < 46 THEN 'mismatch' WHEN s % 50 = 46 THEN 'not-found' WHEN s % 50 = 47 THEN 'refused'
      WHEN s % 50 = 48 THEN 'unknown' ELSE 'not-sent' END AS result) AS p
  CROSS JOIN LATERAL (SELECT CASE WHEN result IN ('refused', 'not-sent') THEN 0 ELSE 1 END AS units,
    CASE s % 2 WHEN 0 THEN 0 ELSE 2 END AS price) AS u
  CROSS JOIN LATERAL (SELECT CASE s % 2 WHEN 0 THEN 'ticaret' ELSE 'birlik' END AS account,
    CASE s % 2 WHEN 0 THEN 'outside' ELSE 'paying' END AS class, CASE s % 2 WHEN 0 THEN 'koopbis-core' ELSE 'union-portal' END AS client) AS a
  CROSS JOIN LATERAL (SELECT CASE WHEN s % 13 = 0 THEN 'TumKutukDogrulaServis' ELSE 'BilesikKutukSorgulaKimlikNoServis' END AS service,
    CASE WHEN s % 13 = 0 THEN '2025/08/01' ELSE '2024/04/01' END AS version) AS v`;

// The working rows of the same queries, all of them ended: closing asks whether one is still open.
const ENDED = `INSERT INTO bridge.identity_query (query_id, client_id, account_id, actor_tag, state, sent_at, deadline, intent_leaf, guess_key,
    guess_window, outcome, units, checked_at, outcome_leaf, outcome_hash)
  SELECT query_id, client_id, account_id, actor_tag, CASE WHEN result = 'unknown' THEN 'unknown' WHEN units = 0 THEN 'refused' ELSE 'answered' END,
    sent_at, sent_at + interval '15 seconds', outcome_leaf - 1, actor_tag, sent_at, CASE WHEN units = 1 AND result <> 'unknown' THEN result END,
    units, sent_at, outcome_leaf, actor_tag || actor_tag
  FROM bridge.fee_line WHERE outcome_leaf >= 2 * $1::bigint AND outcome_leaf < 2 * $2::bigint`;

const METER = `INSERT INTO bridge.fee_usage
  SELECT account_id, quarter, count(*) FILTER (WHERE sent), sum(units), sum(amount_kurus) FROM bridge.fee_line GROUP BY 1, 2`;

/**
 * Fills the book of a fresh database, with the ended queries beside it, in the order of time, as the owner of the tables; what made them, their
 * entries, is not there: neither sums nor closing read it. The head of the log stands behind them, over a tree of random hashes.
 */
export function fillBook(ownerUrl: string, size: BookSize, progress: (done: number) => void): Promise<void> {
  return withConnection({ url: ownerUrl, ...LIMITS }, async (ask) => {
    // The rows are made here and can be made again: nothing is lost with them.
    await ask('SET synchronous_commit = off');
    const from = quarterBounds(QUARTER).from;
    for (let first = 0; first < size.queries; first += CHUNK) {
      const end = Math.min(size.queries, first + CHUNK);
      await ask(FILL, [first, end, size.queries, size.sortsPerDay, from, PROVINCES]);
      await ask(ENDED, [first, end]);
      progress(end);
    }
    await ask(METER);
    await moveHead(ask, leavesOf(size));
  });
}

async function moveHead(ask: Ask, leaves: number): Promise<void> {
  const subtrees = leaves.toString(2).replaceAll('0', '').length;
  await ask('SELECT bridge.ensure_log_partition($1)', [leaves]);
  await ask('UPDATE bridge.log_head SET size = $1, compact_range = $2, last_at = $3', [
    leaves,
    randomBytes(32 * subtrees),
    quarterBounds(QUARTER).to,
  ]);
  await ask('UPDATE bridge.log_indexed SET size = $1', [leaves]);
}

/** As autovacuum leaves it after a while. `adminUrl`: of the database itself. */
export function settleBook(adminUrl: string): Promise<void> {
  return withConnection({ url: adminUrl, ...LIMITS }, async (ask) => {
    await ask('VACUUM (ANALYZE)');
    await ask('CHECKPOINT');
  });
}

/** Rows of each table of sums, and the lines and money that they add up to. */
export interface SumsHeld {
  readonly rollup: number;
  readonly byCooperative: number;
  readonly byActor: number;
  readonly lines: number;
}

/** Counts the sums. Throws where a table does not add up to the book's lines. */
export function countSums(adminUrl: string, queries: number): Promise<SumsHeld> {
  return withConnection({ url: adminUrl, ...LIMITS }, async (ask) => {
    const rowsOf = async (table: string): Promise<number> => {
      const [row] = await ask<{ rows: bigint | number; lines: bigint | number }>(
        `SELECT count(*) AS rows, sum(lines)::bigint AS lines FROM bridge.${table}`,
      );
      if (Number(row?.lines) !== queries) throw new Error(`${table} does not hold every line`);
      return Number(row?.rows);
    };
    return {
      rollup: await rowsOf('fee_rollup'),
      byCooperative: await rowsOf('fee_by_cooperative'),
      byActor: await rowsOf('fee_by_actor'),
      lines: queries,
    };
  });
}
