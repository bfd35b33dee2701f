import type { PersonTagger } from '../../src/audit/person-tags.js';
import { PROVINCES } from '../../src/authority/roles/provinces.js';
import { type Ask, withConnection } from '../../src/storage/single-connection.js';
import { HOLDER_SQL, mersisNoSql, type Size, staffOf, tagOf } from './size.js';

const LIMITS = { applicationName: 'bench', statementTimeoutMs: 600_000, connectTimeoutMs: 10_000 };
const TAGS_AT_ONCE = 20_000;

const share = (seed: number) => `(hashint8extended(i, ${seed}) & 1023) / 1024.0`;

/** Statuses as registers have them: most are active; of a merged one the next is the successor. */
const COOPERATIVES = `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum,
    statuses, successor, suspended_by, suspensions, read_at, as_of, changed_at_version, leaf_index)
  SELECT ${mersisNoSql('i')}, 'S.S. DENEME ' || i || ' NUMARALI ÜRETİM VE PAZARLAMA KOOPERATİFİ', 'tüketim', '1163', 'birim',
    ($2::text[])[1 + i % ${PROVINCES.length}],
    CASE WHEN i % 100 < 24 THEN 'tarim' WHEN i % 100 < 76 THEN 'cevre' ELSE 'ticaret' END, s.durum,
    jsonb_build_array(jsonb_build_object('durum', 'faal', 'since', '2001-05-14')) || CASE s.durum WHEN 'faal' THEN '[]'::jsonb
      ELSE jsonb_build_array(jsonb_build_object('durum', s.durum, 'since', '2025-03-01')) END,
    CASE s.durum WHEN 'birleşme' THEN ${mersisNoSql('i + 1')} END, d.no,
    CASE WHEN d.no IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('decisionNo', d.no, 'decidedOn', '2026-01-05',
      'from', '2026-01-06', 'to', null)) END,
    now(), now(), (SELECT version FROM bridge.authority_head), i
  FROM generate_series(0, $1::int - 1) AS i
  CROSS JOIN LATERAL (SELECT CASE WHEN ${share(1)} < 0.95 THEN 'faal' WHEN ${share(1)} < 0.97 THEN 'tasfiye'
    WHEN ${share(1)} < 0.985 THEN 'terkin' ELSE 'birleşme' END AS durum) AS s
  CROSS JOIN LATERAL (SELECT CASE WHEN ${share(2)} < 0.01 THEN '2026/' || i END AS no) AS d`;

/** Board, auditors, an appointee; some elected and not registered, some whose term is over. The feed has told of those in force. */
const SEATS = `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on, source, state,
    representation, gazette, leaf_index, told)
  SELECT md5('seat' || k)::uuid, t.tag, c.mersis_no,
    (ARRAY['board', 'board', 'board', 'denetci', 'appointee', 'denetci'])[1 + (k / $2::int) % 6], d.starts, d.ends, d.registered,
    'mersis', 'tescil-edildi', 'MUNFERIDEN', d.registered::text || ' ' || (10000 + k % 1500) || '/' || k % 900, k,
    c.durum = 'faal' AND c.suspended_by IS NULL AND d.registered IS NOT NULL AND coalesce(d.ends > current_date, true)
  FROM generate_series(0, $1::int - 1) AS k
  CROSS JOIN LATERAL (SELECT k AS i) AS same
  CROSS JOIN LATERAL (SELECT date '2023-01-01' + (k % 1000)::int AS starts,
    CASE WHEN ${share(3)} < 0.9 THEN date '2028-01-01' + (k % 500)::int WHEN ${share(3)} < 0.95 THEN date '2026-01-01' END AS ends,
    CASE WHEN ${share(4)} < 0.97 THEN date '2023-01-10' + (k % 1000)::int END AS registered) AS d
  JOIN bridge.authority_cooperative c ON c.mersis_no = ${mersisNoSql('(k % $2::int)')}
  JOIN bench_tag t ON t.n = ${HOLDER_SQL}`;

const ROLES = `INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il, source, told)
  SELECT gen_random_uuid(), t.tag, x.role, x.ministry, x.il, 'decision', true
  FROM json_to_recordset($1::json) AS x(person int, role text, ministry text, il text) JOIN bench_tag t ON t.n = x.person`;

/** Fills the tables of who may act, set-wise, as one version. `adminUrl`: of the database itself. */
export function fillAuthority(adminUrl: string, size: Size, tagger: PersonTagger): Promise<void> {
  return withConnection({ url: adminUrl, ...LIMITS }, async (ask) => {
    await ask('BEGIN');
    await ask('UPDATE bridge.authority_head SET version = version + 1');
    await ask('UPDATE bridge.authority_head SET roles_version = version');
    await giveTags(ask, size, tagger);
    await ask(COOPERATIVES, [size.cooperatives, PROVINCES]);
    await ask(SEATS, [size.seats, size.cooperatives]);
    await ask(ROLES, [JSON.stringify(staffOf(size))]);
    await ask('COMMIT');
    await ask('VACUUM (ANALYZE) bridge.authority_cooperative, bridge.authority_seat, bridge.authority_role');
    await ask('CHECKPOINT');
  });
}

async function giveTags(ask: Ask, size: Size, tagger: PersonTagger): Promise<void> {
  await ask('CREATE TEMPORARY TABLE bench_tag (n int PRIMARY KEY, tag bytea NOT NULL)');
  const persons = size.seats + staffOf(size).length;
  for (let first = 0; first < persons; first += TAGS_AT_ONCE) {
    const count = Math.min(TAGS_AT_ONCE, persons - first);
    const tags = Array.from({ length: count }, (_, i) => tagOf(tagger, first + i));
    const sql =
      'INSERT INTO bench_tag SELECT $1::int + o - 1, tag FROM unnest($2::bytea[]) WITH ORDINALITY AS x(tag, o)';
    await ask(sql, [first, tags]);
  }
  await ask('ANALYZE bench_tag');
}
