import { encodeRange, extendRange } from '../../src/audit/compact-range.js';
import { foldDays } from '../../src/audit/day/fold-days.js';
import { catchUp } from '../../src/audit/search/index-entries.js';
import { foldLines } from '../../src/fees/book/fold.js';
import type { Database } from '../../src/storage/database.js';
import { type Ask, withConnection } from '../../src/storage/single-connection.js';
import { fillAuthority } from '../authority/fill.js';
import { citizens, KEYS } from '../fees/officers.js';
import { writeLog } from '../fees/rebuild-run.js';

/** Queries that are really made, fewer of a small log; all others are copies of them in other days, of other users. */
const REAL_QUERIES = 10_000;
/** Copies of a small log: so many days of it. */
const LEAST_COPIES = 4;
/** Made behind all copies: of these alone the persons' numbers open. */
const NEWEST = 400;
/** Every so manyth user is the first officer: whose own queries are many too. */
const OFFICER_IS = 500;
/** Ninety days up to now: a quarter's work. */
const SPAN_MS = 90 * 86_400_000;
const LIMITS = { applicationName: 'bench', statementTimeoutMs: 3_600_000, connectTimeoutMs: 10_000 };
const TAGS_AT_ONCE = 20_000;
const PARTITION = 1 << 20;
const HASHES_AT_ONCE = 100_000;

/** How much stands in the database. */
export interface ConsoleSize {
  readonly entries: number;
  readonly users: number;
  readonly cooperatives: number;
  readonly seats: number;
}

// The real part, set aside; its users are told from its subjects by their tags.
const SET_ASIDE = [
  'CREATE TABLE bench_entry AS SELECT * FROM bridge.entry',
  'CREATE TABLE bench_tag_row AS SELECT t.*, u.tag IS NOT NULL AS is_user FROM bridge.log_tag t LEFT JOIN bench_actor u USING (tag)',
  'CREATE TABLE bench_search AS SELECT * FROM bridge.log_search',
  'CREATE TABLE bench_outcome AS SELECT * FROM bridge.log_search_outcome',
  'CREATE TABLE bench_line AS SELECT * FROM bridge.fee_line',
  'TRUNCATE bridge.entry, bridge.log_tag, bridge.log_search, bridge.log_search_outcome, bridge.fee_line, bridge.fee_usage CASCADE',
  'ANALYZE bench_entry, bench_tag_row, bench_search, bench_outcome, bench_line',
];

const ID = (id: string) => `md5(${id}::text || $1::text)::uuid`;
// A copy has ids and leaves of its own, in its text too; the days are spread evenly.
const ENTRIES = `INSERT INTO bridge.entry (leaf_index, entry_id, at, kind, leaf_hash, line)
  SELECT leaf, id, at, kind, sha256('\\x00'::bytea || convert_to(line, 'UTF8')), line FROM (
    SELECT e.leaf_index + $2::bigint AS leaf, ${ID('e.entry_id')} AS id, e.at + $3::bigint * interval '1 millisecond' AS at, e.kind,
      regexp_replace(regexp_replace(
        CASE WHEN s.query IS NULL THEN replace(e.line, e.entry_id::text, ${ID('e.entry_id')}::text)
          ELSE replace(replace(e.line, e.entry_id::text, ${ID('e.entry_id')}::text), s.query::text, ${ID('s.query')}::text) END,
        '^\\{"at":"[^"]*"', '{"at":"' || to_char((e.at + $3::bigint * interval '1 millisecond') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'),
        '"intent":(\\d+)', '"intent":' || coalesce((substring(e.line FROM '"intent":(\\d+)')::bigint + $2::bigint)::text, '0')) AS line
    FROM bench_entry e JOIN bench_search s USING (leaf_index)) AS made`;
const TAGS = `INSERT INTO bridge.log_tag (tag, leaf_index, tag_key_id, year)
  SELECT coalesce(u.log_tag, t.tag), t.leaf_index + $2::bigint, t.tag_key_id, t.year FROM bench_tag_row t
  LEFT JOIN bench_user u ON t.is_user AND u.n = (hashint8extended(t.leaf_index + $2::bigint, 1) & 2147483647) % $1::int`;
const SEARCH = `INSERT INTO bridge.log_search (leaf_index, kind, client, cooperative, purpose, screen, service, reference, code, query, session, ref)
  SELECT leaf_index + $2::bigint, kind, client, cooperative, purpose, screen, service, reference, code, ${ID('query')}, session, ref
  FROM bench_search`;
const OUTCOMES = `INSERT INTO bridge.log_search_outcome (leaf_index, outcome_leaf, outcome, state)
  SELECT leaf_index + $1::bigint, outcome_leaf + $1::bigint, outcome, state FROM bench_outcome`;
const LINES = `INSERT INTO bridge.fee_line SELECT ${ID('query_id')}, outcome_leaf + $2::bigint, account_id, fee_class, client_id, service,
    service_version, purpose, cooperative, il, ministry, coalesce(u.fee_tag, actor_tag), at,
    to_char(at AT TIME ZONE 'Europe/Istanbul', 'YYYY"-Q"Q'), result, sent, units, unit_price_kurus, amount_kurus, unit, basis
  FROM (SELECT l.*, l.sent_at + $3::bigint * interval '1 millisecond' AS at FROM bench_line l) AS l
  LEFT JOIN bench_user u ON u.n = (hashint8extended(l.outcome_leaf - 1 + $2::bigint, 1) & 2147483647) % $4::int`;
const METER = `INSERT INTO bridge.fee_usage
  SELECT account_id, quarter, count(*) FILTER (WHERE sent), sum(units), sum(amount_kurus) FROM bridge.fee_line GROUP BY 1, 2`;

/**
 * Fills a fresh database: real queries through the appender, then copies of them by SQL, who may act, sums of the book; the head of the log
 * stands behind its last entry over the tree of all of them, so that whatever is written next is written as ever.
 */
export async function fillConsole(
  db: Database,
  adminUrl: string,
  size: ConsoleSize,
  say: (text: string) => void,
): Promise<void> {
  await writeLog(db, Math.min(REAL_QUERIES, Math.floor(size.entries / 2 / LEAST_COPIES)));
  await catchUp(db);
  await withConnection({ url: adminUrl, ...LIMITS }, async (ask) => {
    await ask('SET search_path = public, bridge');
    await ask('SET synchronous_commit = off');
    await giveTags(ask, size.users);
    for (const sql of SET_ASIDE) await ask(sql);
    await copyAll(ask, size, say);
    await ask(METER);
    await moveHead(ask);
    await ask(
      'DROP TABLE bench_entry, bench_tag_row, bench_search, bench_outcome, bench_line, bench_user, bench_actor',
    );
  });
  await fillAuthority(adminUrl, size, KEYS.tagger);
  await writeLog(db, NEWEST);
  await catchUp(db);
  await foldLines(db);
  await foldDays(db);
}

async function giveTags(ask: Ask, users: number): Promise<void> {
  await ask('CREATE TABLE bench_user (n int PRIMARY KEY, log_tag bytea NOT NULL, fee_tag bytea NOT NULL)');
  await ask('CREATE TABLE bench_actor (tag bytea PRIMARY KEY)');
  const { tagger } = KEYS;
  const [officer] = citizens('officers', 1);
  const persons = citizens('users', users).map((one, n) =>
    officer !== undefined && n % OFFICER_IS === OFFICER_IS - 1 ? officer : one,
  );
  for (let first = 0; first < users; first += TAGS_AT_ONCE) {
    const some = persons.slice(first, first + TAGS_AT_ONCE);
    await ask(
      'INSERT INTO bench_user SELECT $1::int + o - 1, a, b FROM unnest($2::bytea[], $3::bytea[]) WITH ORDINALITY AS x(a, b, o)',
      [
        first,
        some.map((one) => tagger.tag('log.actor', one)),
        some.map((one) => tagger.tag('log.actor', one)),
      ],
    );
  }
  const real = citizens('actors', 50).map((one) => tagger.tag('log.actor', one));
  await ask('INSERT INTO bench_actor SELECT unnest($1::bytea[])', [real]);
  await ask('ANALYZE bench_user, bench_actor');
}

async function copyAll(
  ask: Ask,
  { entries, users }: ConsoleSize,
  say: (text: string) => void,
): Promise<void> {
  const [base] = await ask<{ size: number; newest: Date }>(
    'SELECT max(leaf_index)::int + 1 AS size, max(at) AS newest FROM bench_entry',
  );
  if (base === undefined) throw new Error('nothing was written');
  const copies = Math.ceil(entries / base.size);
  for (let leaf = 0; leaf < copies * base.size; leaf += PARTITION)
    await ask('SELECT bridge.ensure_log_partition($1)', [leaf]);
  for (let n = 0; n < copies; n += 1) {
    const shift = n * base.size;
    const ms = -Math.round(((copies - 1 - n) / Math.max(1, copies - 1)) * SPAN_MS);
    await ask(ENTRIES, [n, shift, ms]);
    await ask(TAGS, [users, shift]);
    await ask(SEARCH, [n, shift]);
    await ask(OUTCOMES, [shift]);
    await ask(LINES, [n, shift, ms, users]);
    if (n % 20 === 19) say(`${(n + 1) * base.size} of ${copies * base.size} entries made`);
  }
}

async function moveHead(ask: Ask): Promise<void> {
  let range = { size: 0n, hashes: [] as readonly Buffer[] };
  for (;;) {
    const rows = await ask<{ leaf_hash: Buffer }>(
      'SELECT leaf_hash FROM bridge.entry WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT $2',
      [String(range.size), HASHES_AT_ONCE],
    );
    if (rows.length === 0) break;
    range = extendRange(
      range,
      rows.map((row) => row.leaf_hash),
    );
  }
  await ask('SELECT bridge.ensure_log_partition($1)', [String(range.size)]);
  await ask(
    'UPDATE bridge.log_head SET size = $1, compact_range = $2, last_at = (SELECT max(at) FROM bridge.entry)',
    [String(range.size), encodeRange(range)],
  );
  await ask('UPDATE bridge.log_indexed SET size = $1', [String(range.size)]);
}
