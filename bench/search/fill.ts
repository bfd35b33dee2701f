import { createHash } from 'node:crypto';
import type { PersonTagger } from '../../src/audit/person-tags.js';
import { KimlikNo, kimlikCheckDigits } from '../../src/person/kimlik-no.js';
import { type Ask, withConnection } from '../../src/storage/single-connection.js';

/** When the first entry of every filled log was written; the last one comes a year later, however many there are. */
const FROM = new Date('2026-01-01T00:00:00Z');
const YEAR_MS = 365 * 86_400_000;

/** Of both sizes: the staff and the cooperatives do not grow with the log; the people asked about do. */
const USERS = 2_000;
const COOPERATIVES = 3_000;
/** Intents for each person asked about, most of them; some hundred persons are asked about all the time. */
const INTENTS_FOR_EACH = 2.5;
const BUSY_PERSONS = 100;
const BUSY_SHARE = 0.01;

/** Building five million entries takes minutes, and one range of it a good part of one. */
const LIMITS = { applicationName: 'bench', statementTimeoutMs: 3_600_000, connectTimeoutMs: 10_000 };
const CHUNK = 1 << 18;
/** Leaves of a partition, as bridge.ensure_log_partition cuts them. */
const PARTITION = 1 << 20;

/** `u(seed)`: evenly between 0 and 1, the same for the same leaf of an intent. Cubed it gives few heavy ones and many light ones. */
const u = (seed: number) => `((hashint8extended(i, ${seed}) & 9007199254740991)::float8 / 9007199254740992)`;
const skewed = (many: number, seed: number) => `floor(${many} * ${u(seed)} ^ 3)::int`;

/** What an intent at leaf `i` is about, as SQL expressions. */
function intentOf(entries: number) {
  const persons = Math.max(BUSY_PERSONS * 2, Math.round(entries / 2 / INTENTS_FOR_EACH));
  return {
    person: `CASE WHEN ${u(1)} < ${BUSY_SHARE} THEN floor(${BUSY_PERSONS} * ${u(2)})::int ELSE floor(${persons} * ${u(3)})::int END`,
    actor: skewed(USERS, 4),
    cooperative: `'0' || lpad((${skewed(COOPERATIVES, 5)})::text, 15, '0')`,
    reference: `'2026/' || floor(${entries} / 8 * ${u(6)})::int`,
    at: `timestamptz '${FROM.toISOString()}' + ${YEAR_MS / entries} * i * interval '1 millisecond'`,
  };
}

const BOX = `'{"box":"' || repeat('A', 36) || '","key":"' || md5('k' || i)::uuid || '","nonce":"AAAAAAAAAAAAAAAA"}'`;

/** One statement for the leaves [$1, $2), both even: intents at even leaves, each with its outcome behind it. */
function fillSql(entries: number): string {
  const { person, actor, cooperative, reference, at } = intentOf(entries);
  return `WITH intent AS MATERIALIZED (
      SELECT i, ${person} AS person, ${actor} AS actor, ${cooperative} AS cooperative, ${reference} AS reference, ${at} AS at,
        md5('q' || i)::uuid AS query, CASE WHEN ${u(7)} < 0.9 THEN 'match' ELSE 'mismatch' END AS outcome
      FROM generate_series($1::bigint, $2::bigint - 1, 2) AS i
    ), entry AS (
      INSERT INTO bridge.entry (leaf_index, entry_id, at, kind, leaf_hash, line)
      SELECT e.leaf, md5('e' || e.leaf)::uuid, i.at, e.kind, sha256(int8send(e.leaf)), e.line
      FROM intent i CROSS JOIN LATERAL (VALUES
        (i.i, 'query.intent', '{"at":"' || i.at || '","data":{"client":"koopbis-core","cooperative":"' || i.cooperative || '","purpose":"ortak-kayit","query":"'
          || i.query || '","reference":"' || i.reference || '","rest":"' || repeat('x', 300) || '"},"id":"' || md5('e' || i.i)::uuid
          || '","kind":"query.intent","sealed":{"actor.number":' || ${BOX} || ',"subject.number":' || ${BOX} || '},"v":1}'),
        (i.i + 1, 'query.outcome', '{"at":"' || i.at || '","data":{"intent":' || i.i || ',"outcome":"' || i.outcome || '","query":"' || i.query
          || '","rest":"' || repeat('x', 350) || '"},"id":"' || md5('e' || i.i + 1)::uuid || '","kind":"query.outcome","sealed":{},"v":1}')
      ) AS e(leaf, kind, line)
    ), tag AS (
      INSERT INTO bridge.log_tag (tag, leaf_index, tag_key_id, year)
      SELECT decode(md5(t.name), 'hex'), i.i, 1, 2026
      FROM intent i CROSS JOIN LATERAL (VALUES ('log.subject' || i.person), ('log.actor' || i.actor)) AS t(name)
    ), search AS (
      INSERT INTO bridge.log_search (leaf_index, kind, client, cooperative, purpose, screen, service, reference, query, session)
      SELECT i.i, 'query.intent', 'koopbis-core', i.cooperative, 'ortak-kayit', 'ORT-01', 'BilesikKutuk', i.reference, i.query,
        md5('s' || i.actor || (i.i / 100000))::uuid FROM intent i
      UNION ALL SELECT i.i + 1, 'query.outcome', null, null, null, null, null, null, i.query, null FROM intent i
    )
    INSERT INTO bridge.log_search_outcome (leaf_index, outcome_leaf, outcome, state)
    SELECT i, i + 1, outcome, 'answered' FROM intent`;
}

/** Fills the log of a fresh database with `entries` (even), and leaves it as autovacuum would after a while. */
export function fillLog(adminUrl: string, entries: number, progress: (done: number) => void): Promise<void> {
  return withConnection({ url: adminUrl, ...LIMITS }, async (ask) => {
    for (let leaf = 0; leaf < entries; leaf += PARTITION)
      await ask('SELECT bridge.ensure_log_partition($1)', [leaf]);
    // The rows are made here and can be made again: nothing is lost with them.
    await ask('SET synchronous_commit = off');
    const sql = fillSql(entries);
    for (let first = 0; first < entries; first += CHUNK) {
      const end = Math.min(entries, first + CHUNK);
      await ask(sql, [first, end]);
      progress(end);
    }
    await settle(ask, entries);
  });
}

async function settle(ask: Ask, entries: number): Promise<void> {
  await ask('UPDATE bridge.log_head SET size = $1', [entries]);
  await ask('UPDATE bridge.log_indexed SET size = $1', [entries]);
  await ask('VACUUM (ANALYZE)');
  await ask('CHECKPOINT');
}

/** What one intent of the log is about. */
export interface Sample {
  readonly person: KimlikNo;
  readonly actor: KimlikNo;
  readonly cooperative: string;
  readonly reference: string;
  readonly at: Date;
}

/** Intents anywhere in the log; whoever is often in it is often among them. */
export function readSamples(
  adminUrl: string,
  entries: number,
  count: number,
  seed: number,
): Promise<readonly Sample[]> {
  const { person, actor, cooperative, reference, at } = intentOf(entries);
  const sql = `SELECT ${person} AS person, ${actor} AS actor, ${cooperative} AS cooperative, ${reference} AS reference, ${at} AS at
    FROM (SELECT 2 * ((hashint8extended(n, $3::bigint) & 4611686018427387903) % ($1::bigint / 2)) AS i
      FROM generate_series(1, $2::int) AS n) AS leaves`;
  return withConnection({ url: adminUrl, ...LIMITS }, async (ask) => {
    const rows = await ask<{
      person: number;
      actor: number;
      cooperative: string;
      reference: string;
      at: Date;
    }>(sql, [entries, count, seed]);
    return rows.map((row) => ({ ...row, person: numbered(row.person), actor: numbered(row.actor) }));
  });
}

/** An invented citizen. */
function numbered(n: number): KimlikNo {
  const nine = String(100_000_000 + n);
  const parsed = KimlikNo.parse(nine + kimlikCheckDigits(nine));
  if (!parsed.ok) throw new Error('not a number');
  return parsed.value;
}

/** Tags as the filling statement made them: a plain hash, which PostgreSQL makes fast, in place of the keyed one. */
export const benchTagger: PersonTagger = {
  keyId: 1,
  tag: (domain, person) =>
    createHash('md5')
      .update(`${domain}${Number(person.reveal().slice(0, 9)) - 100_000_000}`)
      .digest(),
  digest: (domain, parts) => createHash('sha256').update(domain).update(parts.join('\n')).digest(),
};
