import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import { appointmentPlace, readAppointment } from '../../src/appointments/appointment-rows.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import type { MasterKeys } from '../../src/audit/master-keys.js';
import { authorityPersonPlace } from '../../src/authority/recording/person-place.js';
import { openPersons } from '../../src/authority/recording/persons.js';
import { auditCommand } from '../../src/commands/audit/audit.js';
import { stillActsAs } from '../../src/commands/audit/retention-desk.js';
import { REWRAP_TARGETS } from '../../src/commands/audit/rewrap-targets.js';
import type { Officer } from '../../src/commands/house.js';
import type { BridgeConfig } from '../../src/config/schema.js';
import { openLog } from '../../src/house/open-log.js';
import type { BrowserSession } from '../../src/sign-in/living-session.js';
import { makeDueKey, readKeys, signInKeyApplier } from '../../src/sign-in/provider/keys.js';
import { createOidcRecords } from '../../src/sign-in/provider/records.js';
import { readSession } from '../../src/sign-in/read-session.js';
import { SESSION_APPLIERS } from '../../src/sign-in/session-appliers.js';
import { STEP_UP_APPLIERS } from '../../src/sign-in/step-up/appliers.js';
import { bringInDevices } from '../../src/sign-in/step-up/bring-in-devices.js';
import { readDevices, secretOf } from '../../src/sign-in/step-up/device.js';
import { createStepUp } from '../../src/sign-in/step-up/step-up.js';
import { newSecret } from '../../src/sign-in/step-up/totp.js';
import { keepState, takeState } from '../../src/sign-in/upstream-state.js';
import { personOf } from '../audit/support/parts.js';
import { type Loose, makeWorkplace, type Workplace } from '../config/fixture.js';
import { SETTINGS } from '../sign-in/step-up/support/desk.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';
import { run } from './support.js';

const [ADMIN, SOMEONE, BEGINNER, REST] = [60, 2, 3, 4];
const NAMES = { ad: 'ÇİĞDEM NUR', soyad: 'KÖSEÜŞÜMEZ' };
const TIMES = { lifetimeMs: 90 * 86_400_000, staysMs: 86_400_000 };
const KEPT = { interaction: 'of-this-trip', kept: { codeVerifier: 'v', nonce: 'n' }, fresh: true };
const HOUR_MS = 3_600_000;
const MERSIS_NO = '0123456789000017';

let workplace: Workplace;
let test: TestDatabase;
let config: BridgeConfig;

beforeAll(async () => {
  workplace = await makeWorkplace();
  test = await createTestDatabase({ migrations: true });
  await load();
});
afterAll(async () => {
  await test.drop();
  workplace.remove();
});

const urls = () => ({ APP_URL: test.appUrl });

async function load(change: (settings: Loose) => void = () => undefined): Promise<void> {
  config = await workplace.load((settings) => {
    settings.database = { url: { env: 'APP_URL' }, migrateOnStart: false };
    settings.audit.timestamps = { authorities: [] };
    change(settings);
  }, urls());
}

type Log = ReturnType<typeof openLog>;

/** The log as the settings have it now. */
async function withLog<T>(work: (log: Log) => Promise<T>): Promise<T> {
  const appliers = [...SESSION_APPLIERS, ...STEP_UP_APPLIERS, signInKeyApplier] as readonly EffectApplier[];
  const log = openLog(config, test.db, appliers);
  try {
    return await work(log);
  } finally {
    await log.appender.close();
  }
}

const signIn = (log: Log, n: number, stepUp = false) =>
  signInForTest({ ...log, log: log.appender, db: test.db }, { person: personOf(n), names: NAMES, stepUp });

const tokenOf = () =>
  withLog(async (log) => {
    const tag = log.tagger.tag('authority', personOf(ADMIN));
    await test.db.query({
      text: `INSERT INTO bridge.authority_role (role_id, person_tag, role)
        SELECT $1, $2, 'administrator' WHERE NOT EXISTS (SELECT 1 FROM bridge.authority_role WHERE person_tag = $2)`,
      values: [randomUUID(), tag],
    });
    return (await signIn(log, ADMIN, true)).accessToken;
  });

async function rewrap() {
  const env = { ...workplace.env, ...urls(), BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml') };
  const ran = await run({ audit: auditCommand }, ['audit', 'rewrap', '--json'], env, await tokenOf());
  return { ...ran, told: JSON.parse(ran.out) as { damaged: number; left: object[]; waiting: object[] } };
}

/** A new master key before those that stand, as after step 2 of the recipe. */
async function changeKey(id: string): Promise<void> {
  workplace.write(`${id}.key`, randomBytes(32).toString('base64'));
  const before = config.audit.masterKeys.map((key) => key.id);
  await load((settings) => {
    const [first] = settings.audit.masterKeys;
    const of = (one: string) => (one === first.id ? first : { id: one, key: { file: `${one}.key` } });
    settings.audit.masterKeys = [id, ...before].map(of);
  });
}

const keepOnly = (id: string) =>
  load((settings) => {
    settings.audit.masterKeys = [{ id, key: { file: `${id}.key` } }];
  });

/** One of everything that sign-in keeps under the master key. */
async function keepOneOfEach(log: Log) {
  const { masterKeys, appender } = log;
  const now = new Date();
  const secret = newSecret();
  await bringInDevices(appender, log, [{ person: personOf(SOMEONE), secret }], now);
  await makeDueKey(appender, test.db, masterKeys, TIMES, now);
  const records = createOidcRecords(test.db, masterKeys);
  const expiresAt = new Date(now.getTime() + HOUR_MS);
  const refresh = `refresh-${randomUUID()}`;
  for (const [model, id] of [
    ['RefreshToken', refresh],
    ['Session', 'browser-1'],
  ] as const) {
    const payload = { kind: model };
    await records.put(model, id, { payload, uid: null, grantId: 'g', sessionId: null, expiresAt }, false);
  }
  const trip = { state: randomUUID(), browser: randomUUID() };
  await keepState(test.db, masterKeys, { ...trip, ...KEPT }, now, HOUR_MS);
  const { sessionId } = await signIn(log, SOMEONE);
  return { secret, refresh, trip, sessionId, appointment: await keepSeatAndAppointment(log) };
}

/** The number of a person of a seat, and of one for whom a board has applied; the id of the application. */
async function keepSeatAndAppointment({ masterKeys, tagger }: Log): Promise<string> {
  const person = personOf(SOMEONE);
  const tag = tagger.tag('authority', person);
  const seal = (place: string) => masterKeys.wrap(Buffer.from(person.reveal(), 'utf8'), place);
  const appointment = randomUUID();
  const { activeId } = masterKeys;
  await test.db.query({
    text: 'INSERT INTO bridge.authority_person (person_tag, person_box, master_key_id) VALUES ($1, $2, $3)',
    values: [tag, seal(authorityPersonPlace(tag)), activeId],
  });
  await test.db.query({
    text: `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
      VALUES ($1, 'x', 'Konut Yapı', '1163', 'birim', 'Ankara', 'cevre', 'faal', now())`,
    values: [MERSIS_NO],
  });
  await test.db.query({
    text: `INSERT INTO bridge.appointment (appointment_id, mersis_no, person_tag, person_box, master_key_id, applicant_tag, applicant_seat,
        decision_no, decision_date, document_sha256, vkn, starts_on, query_id, applied_at, applied_leaf)
      VALUES ($1, $2, $3, $4, $5, $3, $6, '1', '2026-01-05', 'x', '1234567890', '2026-01-06', $6, now(), 0)`,
    values: [appointment, MERSIS_NO, tag, seal(appointmentPlace(appointment)), activeId, randomUUID()],
  });
  return appointment;
}

/** What of it opens with `masterKeys`. */
async function opened(masterKeys: MasterKeys, tag: Buffer, made: Awaited<ReturnType<typeof keepOneOfEach>>) {
  const now = new Date();
  const { db } = test;
  const devices = await readDevices(db, [tag]);
  const records = createOidcRecords(db, masterKeys);
  const session = await readSession(db, masterKeys, made.sessionId, now);
  return {
    names: session?.names,
    person: session?.person.reveal(),
    secret: secretOf(devices.get(tag.toString('hex')), masterKeys),
    refresh: await records.find('RefreshToken', 'id', made.refresh),
    browser: await records.find('Session', 'id', 'browser-1'),
    trip: await takeState(db, masterKeys, made.trip, now),
    seat: (await openPersons(db, masterKeys, [tag])).get(tag.toString('hex'))?.reveal(),
    appointee: await numberOf(made.appointment, masterKeys),
  };
}

async function numberOf(appointment: string, masterKeys: MasterKeys): Promise<string | undefined> {
  const row = await readAppointment(test.db, appointment);
  return row === null
    ? undefined
    : masterKeys.unwrap(row.personBox, appointmentPlace(appointment), row.masterKeyId).toString('utf8');
}

describe('bridge audit rewrap', () => {
  it('wraps whatever sign-in keeps anew: with the new key alone names, codes, refresh and signatures go on', async () => {
    const made = await withLog(keepOneOfEach);
    await changeKey('m2');
    const ran = await rewrap();
    expect(ran).toMatchObject({ code: 0, told: { damaged: 0, left: [], waiting: [] } });
    await keepOnly('m2');
    await withLog(async ({ masterKeys, tagger }) => {
      const tag = tagger.tag('authority', personOf(SOMEONE));
      expect(await opened(masterKeys, tag, made)).toEqual({
        names: NAMES,
        person: personOf(SOMEONE).reveal(),
        secret: made.secret,
        refresh: { kind: 'RefreshToken' },
        browser: { kind: 'Session' },
        trip: KEPT,
        seat: personOf(SOMEONE).reveal(),
        appointee: personOf(SOMEONE).reveal(),
      });
      const [key] = await readKeys(test.db, masterKeys, new Date());
      if (key === undefined) throw new Error('no signing key');
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'RS256' })
        .sign(await importJWK(key.jwk, 'RS256'));
      const text = 'SELECT public_jwk FROM bridge.sign_in_key WHERE kid = $1';
      const { rows } = await test.db.query<{ public_jwk: object }>({ text, values: [key.jwk.kid] });
      await jwtVerify(token, await importJWK(rows[0]?.public_jwk as never, 'RS256'));
    });
  });

  it('tells of a secret that waits for its first code under the old key, until its minutes are over', async () => {
    const before = config.audit.masterKeys[0]?.id;
    await withLog(async (log) => {
      const person = personOf(BEGINNER);
      const { sessionId } = await signIn(log, BEGINNER);
      const session = (await readSession(test.db, log.masterKeys, sessionId, new Date())) as BrowserSession;
      expect(session.person.reveal()).toBe(person.reveal());
      const tools = { ...log, log: log.appender, db: test.db, settings: SETTINGS, now: () => new Date() };
      await createStepUp(tools).begin(session);
    });
    await changeKey('m3');
    const waiting = [{ keyId: before, count: 1 }];
    const early = await rewrap();
    expect(early).toMatchObject({ code: 1, told: { damaged: 0, left: [], waiting } });
    expect(early.err).toMatch(/ten minutes/);
    expect(early.err).not.toMatch(/can leave/);
    await test.db.query({
      text: `UPDATE bridge.step_up_device SET pending_until = now() - interval '1 second' WHERE pending_box IS NOT NULL`,
    });
    // A device that was begun and never set up holds nothing that needs a key.
    expect(await rewrap()).toMatchObject({ code: 0, told: { left: [], waiting: [] } });
  });

  it('leaves a session whole under its key where one of its values was changed: half of it would open with neither', async () => {
    const before = config.audit.masterKeys[0]?.id;
    const { sessionId } = await withLog((log) => signIn(log, REST));
    await test.db.query({
      text: `UPDATE bridge.sign_in_session SET profile_box = profile_box || '\\x00' WHERE session_id = $1`,
      values: [sessionId],
    });
    await changeKey('m4');
    const left = [{ table: 'sign_in_session', keyId: before, count: 1 }];
    expect(await rewrap()).toMatchObject({ code: 1, told: { damaged: 1, left } });
    await withLog(async ({ masterKeys }) => {
      const session = await readSession(test.db, masterKeys, sessionId, new Date());
      expect(session?.person.reveal()).toBe(personOf(REST).reveal());
    });
  });

  it('knows every table that has a master key, its whole key and all that is sealed in it', async () => {
    const { rows } = await test.db.query<{ table: string; key: string[]; boxes: string[] }>({
      text: `SELECT c.table_name AS table,
          (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place),
             pg_attribute a WHERE i.indisprimary AND i.indrelid = format('bridge.%I', c.table_name)::regclass
               AND a.attrelid = i.indrelid AND a.attnum = k.number) AS key,
          (SELECT array_agg(b.column_name::text ORDER BY b.column_name) FROM information_schema.columns b
             WHERE b.table_schema = 'bridge' AND b.table_name = c.table_name AND b.data_type = 'bytea'
               AND b.column_name NOT LIKE '%\\_tag' AND b.column_name NOT LIKE '%\\_hash' AND b.column_name <> 'tag') AS boxes
        FROM information_schema.columns c WHERE c.table_schema = 'bridge' AND c.column_name = 'master_key_id'`,
    });
    const known = REWRAP_TARGETS.map(({ table, key, boxes }) => ({
      table,
      key: key.map(({ name }) => name),
      boxes: [
        ...boxes.map(({ column }) => column),
        // Names its own key and is told by itself.
        ...(table === 'step_up_device' ? ['pending_box'] : []),
      ].sort(),
    }));
    const byTable = (a: { table: string }, b: { table: string }) => a.table.localeCompare(b.table);
    expect(known.sort(byTable)).toEqual(rows.sort(byTable));
  });
});

describe('an officer whose deed waits for its batch', () => {
  it('acts no more once the session is idle, expired or ended, or the role is taken away', async () => {
    const sessionId = await withLog(async (log) => (await signIn(log, ADMIN, true)).sessionId);
    const tag = await withLog(async ({ tagger }) => tagger.tag('authority', personOf(ADMIN)));
    const now = new Date();
    const role = 'administrator';
    const officer = { person: personOf(ADMIN), tag, session: { session: sessionId, role } } as never;
    const acts = (as = role) =>
      test.db.transaction((tx) => stillActsAs({ role: as } as Officer)(tx, officer, now));
    const change = (what: string) =>
      test.db.query({
        text: `UPDATE bridge.sign_in_session SET ${what} WHERE session_id = $1`,
        values: [sessionId],
      });
    expect(await acts()).toBe(true);
    expect(await acts('security-officer')).toBe(false);
    for (const [end, undo] of [
      ["idle_until = now() - interval '1 hour'", "idle_until = now() + interval '1 hour'"],
      ["expires_at = now() - interval '1 hour'", "expires_at = now() + interval '1 hour'"],
      ['ended_at = now()', 'ended_at = NULL'],
    ] as const) {
      await change(end);
      expect(await acts()).toBe(false);
      await change(undo);
      expect(await acts()).toBe(true);
    }
  });
});
