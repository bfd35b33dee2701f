import { randomUUID } from 'node:crypto';
import { appointmentPlace } from '../../src/appointments/appointment-rows.js';
import { draftOf } from '../../src/audit/draft.js';
import type { PersonalValue } from '../../src/audit/entry.js';
import { plainLane } from '../../src/audit/plain-lane.js';
import { readRecords } from '../../src/authority/recording/records.js';
import type { KimlikNo } from '../../src/person/kimlik-no.js';
import { ACR_STEP_UP } from '../../src/sign-in/access-tokens.js';
import type { Database } from '../../src/storage/database.js';
import { type Ask, withConnection } from '../../src/storage/single-connection.js';
import { mersisNoOf, mersisNoSql } from '../authority/size.js';
import { citizens, KEYS } from '../fees/officers.js';
import type { ConsoleSize } from './fill-console.js';
import { RECEIVER, type ServedConsole } from './serve-console.js';

const LIMITS = { applicationName: 'bench', statementTimeoutMs: 3_600_000, connectTimeoutMs: 10_000 };
/** Applications whose entries are really written: those that are visited. */
const APPLIED = 60;
const VERSIONS = 40;
const ANSWERS = 60;
const TAG = (seed: string) => `decode(md5(${seed}), 'hex')`;
// Of version 4, as entries have them.
const ID = (seed: string) => `overlay(overlay(md5(${seed}) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid`;
// Of this ministry are the last 24 of each hundred.
const OWN_COOPERATIVE = (i: string) => mersisNoSql(`(${i} % ($1::int / 100) * 100 + 76 + ${i} / 7 % 24)`);

/** Applications, waiting and decided. */
const APPLICATIONS = `INSERT INTO bridge.appointment (appointment_id, mersis_no, person_tag, person_box, master_key_id, applicant_tag,
    applicant_seat, state, decision_no, decision_date, document_sha256, vkn, starts_on, query_id, applied_at, applied_leaf, decided_at,
    decided_leaf, reason)
  SELECT ${ID("'application' || i")}, ${OWN_COOPERATIVE('i')}, ${TAG("'applied' || i")}, '\\x00', 'bench', ${TAG("'applicant' || i")},
    ${ID("'seat' || i")}, CASE WHEN i < 1500 THEN 'applied' WHEN i % 4 = 0 THEN 'refused' ELSE 'accepted' END, '2026/' || i, date '2026-11-01',
    repeat('ab', 32), '9000000000', date '2026-11-15', ${ID("'query' || i")}, now() - i * interval '1 minute', 1,
    CASE WHEN i >= 1500 THEN now() END, CASE WHEN i >= 1500 THEN 1 END, CASE WHEN i >= 1500 AND i % 4 = 0 THEN 'ölçüm' END
  FROM generate_series(0, 6499) AS i`;
const DISAGREEMENTS = `INSERT INTO bridge.appointment_disagreement (told_leaf, appointment_id, mersis_no, matter, told_at, decision,
    settled_at, settled_leaf)
  SELECT i, ${ID("'application' || i")}, ${OWN_COOPERATIVE('i')}, 'board-gone', now() - i * interval '1 minute',
    CASE WHEN i >= 1200 THEN 'appointment-stands' END, CASE WHEN i >= 1200 THEN now() END, CASE WHEN i >= 1200 THEN i END
  FROM generate_series(0, 4199) AS i`;
/** What MERSİS was asked, and what a run that was stopped holds. */
const POLLED = `INSERT INTO bridge.mersis_cooperative (mersis_no, taken_up_at, read_at, due_at)
  SELECT mersis_no, now() - interval '90 days', now() - interval '1 hour', now() + interval '5 hours' FROM bridge.authority_cooperative`;
const RUNS = `INSERT INTO bridge.mersis_run (run_id, kind, state, started_at, ended_at, asked, changed, loss_limit)
  SELECT ${ID("'run' || i")}, 'poll', CASE WHEN i = 0 THEN 'stopped' ELSE 'done' END, now() - i * interval '6 hours',
    now() - i * interval '6 hours' + interval '1 hour', 50078, 12, 30 FROM generate_series(0, 499) AS i`;
const HELD = `INSERT INTO bridge.mersis_held (mersis_no, digest, why, run_id, seen_at, second_after, held, lost, gained)
  SELECT c.mersis_no, sha256(c.mersis_no::bytea), 'run-stopped', ${ID("'run0'")}, now() - interval '5 minutes', now(), 5,
    ARRAY(SELECT seat_id FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no ORDER BY seat_id LIMIT 3), 0
  FROM (SELECT mersis_no FROM bridge.authority_cooperative ORDER BY mersis_no LIMIT 2000) AS c`;

/** Other people's sessions, and more of those who are looked at. */
const SESSIONS = `INSERT INTO bridge.sign_in_session (session_id, person_tag, person_box, master_key_id, acr, auth_time, expires_at, ended_at,
    idle_until)
  SELECT ${ID("'session' || i")}, ${TAG("'signed-in' || i / 2")}, '\\x00', 'bench', 'urn:koopbis:acr:two-step', now(),
    now() + interval '8 hours', CASE WHEN i % 5 = 0 THEN now() END, now() + interval '8 hours' FROM generate_series(1, $1::int) AS i`;
const SESSIONS_OF = `INSERT INTO bridge.sign_in_session (session_id, person_tag, person_box, master_key_id, acr, auth_time, expires_at,
    idle_until)
  SELECT gen_random_uuid(), tag, '\\x00', 'bench', 'urn:koopbis:acr:two-step', now(), now() + interval '8 hours', now() + interval '8 hours'
  FROM unnest($1::bytea[]) AS tag, generate_series(1, 12) AS i`;

const JOBS = `INSERT INTO bridge.console_job (job_id, person_tag, session_id, what, box, master_key_id, state, code, file_name, media_type,
    bytes, sha256, created_at, ended_at, expires_at)
  SELECT ${ID("'job' || i")}, CASE WHEN i < 400 THEN $1 ELSE ${TAG("'worker' || i")} END, $2, 'statement', '\\x00', 'bench',
    (ARRAY['done', 'failed', 'cancelled'])[1 + i % 3], CASE WHEN i % 3 = 1 THEN 'INTERNAL' END, 'x.csv', 'text/csv', 1000, repeat('ab', 32),
    now() - i * interval '1 second' - interval '1 minute', now(), now() + interval '1 day' FROM generate_series(1, 20000) AS i`;
const LETTERS = `INSERT INTO bridge.webhook_delivery (client_id, position, queued_at, next_at, attempts, problem, dead_at)
  SELECT $1, i, now() - interval '3 days', now(), 12, 'timeout', CASE WHEN i % 10 > 0 THEN now() END FROM generate_series(1, 5000) AS i`;
const WINDOWS = `INSERT INTO bridge.maintenance_window (window_id, system, starts_at, ends_at, reason, opened_leaf)
  SELECT ${ID("'window' || i")}, 'kps', now() - i * interval '1 day', now() - i * interval '1 day' + interval '1 hour', 'ölçüm', i
  FROM generate_series(1, 1000) AS i`;
const STATES = `INSERT INTO bridge.system_state (instance, system, state, last_ok_at, calls, faults, slowest_ms, seen_at)
  SELECT 'bridge-' || i, s, 'up', now(), 100, 0, 40, now() FROM generate_series(1, 3) AS i,
    unnest(ARRAY['e-devlet', 'kps:ticaret', 'kps:birlik', 'sts:ticaret', 'sts:birlik', 'mersis', 'tsa:kamusm']) AS s`;

/** Decided long ago: what two persons have decided, of which the book of retention is kept apart. */
const ENDED = `INSERT INTO bridge.proposal (proposal_id, what, subject, terms, proposer_tag, proposed_at, proposed_leaf, expires_at, decision,
    ended_leaf)
  SELECT ${ID("'ended' || i")}, (ARRAY['fees.stop', 'fees.quarter', 'mersis.release', 'roles.decide', 'fees.tariff'])[1 + i % 5],
    'ended-' || i, '{}', ${TAG("'proposer'")}, now() - interval '30 days', i, now() - interval '29 days',
    (ARRAY['approved', 'refused', 'withdrawn', 'expired'])[1 + i % 4], i + 1 FROM generate_series(1, 5000) AS i`;
const RETENTION_ENDED = `INSERT INTO bridge.retention_proposal (proposal_id, what, proposal, proposed_leaf, expires_at, ended_leaf)
  SELECT ${ID("'destroyed' || i")}, (ARRAY['destroy', 'lift-hold'])[1 + i % 2], '{}', i, now() - interval '29 days', i + 1
  FROM generate_series(1, 3000) AS i`;
const HOLDS_LIFTED = `INSERT INTO bridge.legal_hold (hold_id, year_from, year_to, document, placed_leaf, lifted_leaf)
  SELECT ${ID("'lifted' || i")}, 2026, 2026, '{"authority": "Mahkeme", "date": "2026-03-02", "number": "1"}', i, i + 1
  FROM generate_series(1, 2000) AS i`;

const LETTERS_TO_NVI = `INSERT INTO bridge.fee_agreement_request (request_id, account_id, kind, wanted, document_no, requested_on, leaf,
    decision, decided_on, decided_leaf)
  SELECT ${ID("'letter' || i")}, 'birlik', 'static-ip', '192.0.2.7', '2026/' || i, date '2026-01-05', i,
    CASE WHEN i <= 500 THEN 'granted' END, CASE WHEN i <= 500 THEN date '2026-02-05' END, CASE WHEN i <= 500 THEN i END
  FROM generate_series(1, 560) AS i`;
// More of them in the import that has most, and more imports.
const DIFFERENCES = `INSERT INTO bridge.fee_difference (difference_id, import_id, place, class, day, service, queries, amount_kurus, behind)
  SELECT gen_random_uuid(), d.import_id, d.place + n * 10000, d.class, d.day, d.service, d.queries, d.amount_kurus, d.behind
  FROM bridge.fee_difference d, generate_series(1, 5) AS n
  WHERE d.import_id = (SELECT import_id FROM bridge.fee_difference GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)`;
const SWITCHES = `INSERT INTO bridge.fee_freeze (quarter, frozen_leaf, reopened_leaf)
  SELECT '2020-Q' || 1 + i % 4, i, i + 1 FROM generate_series(1, 40) AS i`;

/** Makes of some many: rows of years, by PostgreSQL itself. What is visited one by one was brought about by deeds before. */
export async function crowd(
  adminUrl: string,
  { cooperatives, users }: ConsoleSize,
  served: ServedConsole,
): Promise<void> {
  const { sessionId, tag } = served.officers.first;
  const looked = citizens('users', 40).map((one) => KEYS.tagger.tag('authority', one));
  await withConnection({ url: adminUrl, ...LIMITS }, async (ask) => {
    await ask('SET search_path = bridge');
    await ask(APPLICATIONS, [cooperatives]);
    await ask(DISAGREEMENTS, [cooperatives]);
    await ask(SESSIONS, [Math.min(20_000, users)]);
    await ask(SESSIONS_OF, [[tag, ...looked]]);
    await ask(JOBS, [tag, sessionId]);
    await ask(LETTERS, [RECEIVER]);
    await ask('INSERT INTO bridge.webhook_receiver VALUES ($1, 5000)', [RECEIVER]);
    const plain = [POLLED, RUNS, HELD, WINDOWS, STATES, ENDED, RETENTION_ENDED, HOLDS_LIFTED];
    for (const sql of [...plain, LETTERS_TO_NVI, DIFFERENCES, SWITCHES]) await ask(sql);
  });
}

/** Entries of the applications that are visited, and their numbers sealed; their ids. */
export async function applyFor(
  db: Database,
  { cooperatives }: ConsoleSize,
  { appender }: ServedConsole,
): Promise<void> {
  const persons = citizens('applied', APPLIED);
  await Promise.all(
    persons.map(async (person, n) => {
      const { rows } = await db.query<{ id: string; mersisNo: string }>({
        text: `SELECT appointment_id AS id, mersis_no AS "mersisNo" FROM bridge.appointment WHERE state = 'applied' ORDER BY applied_at OFFSET $1 LIMIT 1`,
        values: [n],
      });
      const { id, mersisNo } = rows[0] ?? { id: '', mersisNo: mersisNoOf(n % cooperatives) };
      const { leafIndex } = await appender.submit(plainLane, appliedEntry(id, mersisNo, person));
      const box = KEYS.masterKeys.wrap(Buffer.from(person.reveal()), appointmentPlace(id));
      await db.query({
        text: 'UPDATE bridge.appointment SET applied_leaf = $2, person_box = $3, master_key_id = $4 WHERE appointment_id = $1',
        values: [id, leafIndex, box, KEYS.masterKeys.activeId],
      });
    }),
  );
}

/** Answers to citizens as the log tells of them; what makes one needs a published log, and is not measured here. */
export async function answer({ appender, officers }: ServedConsole): Promise<void> {
  const { person, sessionId: session } = officers.first;
  const now = new Date();
  const actor = { acr: ACR_STEP_UP, authTime: now.toISOString(), session };
  const data = {
    ...{ actor, dueBy: '2026-12-01', entries: 40, from: null, instance: 'bench', names: 'unit' as const },
    ...{ receivedOn: '2026-11-02', requestNo: '2026/1', sha256: 'ab'.repeat(32), to: null },
  };
  await Promise.all(
    citizens('subjects', ANSWERS).map((subject) => {
      const personal = [numberOf('actor', person), numberOf('subject', subject)];
      return appender.submit(plainLane, draftOf('kvkk.answered', now, data, personal));
    }),
  );
}

function appliedEntry(id: string, cooperative: string, person: KimlikNo) {
  const now = new Date();
  const data = {
    actor: { acr: 'urn:koopbis:acr:two-step', authTime: now.toISOString(), session: randomUUID() },
    ...{
      appointment: id,
      client: 'koopbis-core',
      cooperative,
      instance: 'bench',
      decisionDate: '2026-11-01',
    },
    ...{ decisionNo: '2026/7', documentSha256: 'ab'.repeat(32), query: randomUUID(), seat: randomUUID() },
    ...{ vkn: '9000000000', startsOn: '2026-11-15', endsOn: null },
  };
  return draftOf('appointment.applied', now, data, [numberOf('actor', person), numberOf('subject', person)]);
}

function numberOf(side: PersonalValue['side'], person: KimlikNo): PersonalValue {
  return { field: `${side}.number`, side, person, text: person.reveal(), indexed: true };
}

/** Kept versions of the cooperatives that are visited, as they stand today. */
export async function keepVersions(db: Database, all: readonly string[]): Promise<void> {
  const records = await readRecords(db, all);
  for (const [mersisNo, { record }] of records)
    await db.query({
      text: `INSERT INTO bridge.authority_history (mersis_no, leaf_index, version, recorded_at, facts)
        SELECT $1, v, v, now() - (100 - v) * interval '1 day', $2 FROM generate_series(1, $3::int) AS v`,
      values: [mersisNo, JSON.stringify(record), VERSIONS],
    });
}

/** Statistics for the planner and a checkpoint, as they come by themselves where a bridge runs. */
export function settle(adminUrl: string): Promise<void> {
  return withConnection({ url: adminUrl, ...LIMITS }, async (ask: Ask) => {
    await ask('VACUUM (ANALYZE)');
    await ask('CHECKPOINT');
  });
}
