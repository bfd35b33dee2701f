import { randomUUID } from 'node:crypto';
import { applyForAppointee } from '../../src/appointments/apply/apply-for-appointee.js';
import { APPOINTMENT_APPLIERS } from '../../src/appointments/appointment-rows.js';
import type { Application, Call, Sent, Verdict } from '../../src/appointments/call.js';
import { decideAppointment } from '../../src/appointments/decide/decide-appointment.js';
import type { Decided } from '../../src/appointments/decide/settle-verdict.js';
import type { AppointmentTools, DisagreementMatter, RegistryCheck } from '../../src/appointments/ports.js';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { AUTHORITY_APPLIERS } from '../../src/authority/appliers.js';
import { readAuthority } from '../../src/authority/read-authority.js';
import { type RoleReading, recordRoles } from '../../src/authority/record-roles.js';
import type { CooperativeReading, SeatReading } from '../../src/authority/recording/reading.js';
import { readRecords } from '../../src/authority/recording/records.js';
import { inForceOn } from '../../src/authority/transitions.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { isBridgeError } from '../../src/errors/bridge-error.js';
import { Refusal } from '../../src/errors/refusal.js';
import { type Maintenance, NO_MAINTENANCE } from '../../src/maintenance/known-windows.js';
import { explainRefusedTokens, hashToken, readAccessTokens } from '../../src/sign-in/access-tokens.js';
import { SESSION_APPLIERS } from '../../src/sign-in/session-appliers.js';
import { type OpenLog, openLog, readEntries, requireSoundLog } from '../audit/support/log.js';
import { digitsOf, masterKeys, personOf, tagger } from '../audit/support/parts.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../support/authority.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { signInForTest } from '../support/sign-in.js';

export const MERSIS = '0123456789000015';
export const VKN = MERSIS.slice(1, 11);
export const NOW = new Date('2026-05-05T10:00:00Z');
export const TODAY = '2026-05-05';
/** People of the tests: two of the board, an appointee-to-be, officials of the right and of another il, one of nothing. */
export const [BOARD, OTHER_BOARD, SUBJECT, DESK, FAR_DESK, NOBODY, SECOND] = [1, 2, 3, 4, 5, 6, 7] as const;

export const APPLICATION: Application = {
  cooperative: MERSIS,
  vkn: VKN,
  decision: { no: '2026/7', date: '2026-05-04', documentSha256: 'ab'.repeat(32) },
  from: '2026-05-04',
  to: null,
  subject: { kimlikNo: digitsOf(SUBJECT), ad: 'Ayşe', soyad: 'Yılmaz', dogumTarihi: '1980-02-29' },
};
export const ACCEPT: Verdict = { decision: 'accept', reason: null, correctedVkn: null };

export const tagOf = (n: number) => tagger.tag('authority', personOf(n));
export const seat = (n: number, changes: Partial<SeatReading> = {}) =>
  seatReading(tagger, personOf(n), changes);
export const APPLIERS = [
  ...AUTHORITY_APPLIERS,
  ...SESSION_APPLIERS,
  ...APPOINTMENT_APPLIERS,
] as readonly EffectApplier[];

/** Appointments over a database of their own; what is asked of others is the test's word. */
export interface AppointmentHouse {
  readonly test: TestDatabase;
  readonly log: OpenLog;
  readonly tools: AppointmentTools;
  now: Date;
  registry: RegistryCheck;
  maintenance: Maintenance;
  /** What the identity check does: resolves with whether it matched, or throws. */
  check: () => Promise<boolean>;
  readonly askedRegistry: object[];
  readonly checked: Application[];
  readonly told: DisagreementMatter[];
  policy: AppointmentTools['policy'];
  read(changes?: Partial<CooperativeReading>, mersisNo?: string): Promise<void>;
  /** A living token of this person; each call signs in anew. */
  token(n: number, acr?: string): Promise<string>;
  apply(n: number | Call, changes?: Partial<Application> | { sent: Sent<Application> }): Promise<string>;
  decide(n: number | Call, id: string | null, verdict?: Partial<Verdict>): Promise<string>;
  decided(n: number, id: string, verdict?: Partial<Verdict>): Promise<Decided>;
  /** Applies as the board does and gives the id. */
  applied(changes?: Partial<Application>): Promise<string>;
  call(n: number): Promise<Call>;
  entries(): Promise<ReturnType<typeof checkLine>[]>;
  kinds(): Promise<string[]>;
  row(id: string): Promise<Record<string, unknown> | undefined>;
  /** Roles of this person that are in force at the cooperative. */
  inForce(n: number): Promise<string[]>;
  /** Everything that stands in clear in the log. */
  text(): Promise<string>;
  close(): Promise<void>;
}

const CERTIFICATE = Buffer.alloc(32, 9);

export const callOf = (token: string | null): Call => ({
  client: {
    id: 'core',
    institution: 'Bakanlık',
    account: 'outside',
    permissions: ['identity'],
    requestsPerMinute: 1000,
  },
  certificateSha256: CERTIFICATE,
  tokenHash: token === null ? null : hashToken(token),
  receivedAt: NOW,
  headers: { idempotencyKey: null, screen: 'YET-01', userAddress: null, requestId: 'r-1' },
});

/** The end of a call in short: what it brought, or code and reason. */
export async function endOf(work: Promise<string>): Promise<string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal) return [error.code, error.detail.reason].filter(Boolean).join(' ');
    if (isBridgeError(error)) return [error.code, error.fields.reason].filter(Boolean).join(' ');
    throw error;
  }
}

/** A cooperative of Ankara with two on its board, and officials of Ankara and İzmir. */
export async function openAppointmentHouse(): Promise<AppointmentHouse> {
  const test = await createTestDatabase({ migrations: true });
  const appliers = new Map(APPLIERS.map((one) => [one.kind, one]));
  const log = openLog(test.appUrl, { deps: { appliers, now: () => house.now } });
  const ports = portsOf({ masterKeys, tagger });
  const tools: AppointmentTools = {
    ...ports,
    log: log.appender,
    instance: 'bridge-1',
    get policy() {
      return house.policy;
    },
    authority: { staleAfterHours: 24, nothingAfterHours: 72, afterTermDays: 0 },
    twoStepFrom: '2025-07-31',
    now: () => house.now,
    readTokens: (tx, presented, at) => readAccessTokens(tx, masterKeys, presented, at),
    explainTokens: explainRefusedTokens,
    requireSound: () => undefined,
    get maintenance() {
      return house.maintenance;
    },
    checkRegistry: async (asked) => {
      house.askedRegistry.push(asked);
      return house.registry;
    },
    checkPerson: async (_call, application) => {
      house.checked.push(application);
      return { queryId: randomUUID(), isMatch: await house.check() };
    },
    disagreed: (matter) => house.told.push(matter),
  };
  const callFor = async (n: number | Call) => (typeof n === 'number' ? house.call(n) : n);
  const house: AppointmentHouse = {
    test,
    log,
    tools,
    now: NOW,
    registry: 'match',
    maintenance: NO_MAINTENANCE,
    check: async () => true,
    askedRegistry: [],
    checked: [],
    told: [],
    policy: { atATime: 1, endWithBoard: true, legacyDecisionAfter: '2022-10-26' },
    read: async (changes = {}, mersisNo = MERSIS) => {
      const seats = [seat(BOARD), seat(OTHER_BOARD)];
      const reading = cooperativeReading(mersisNo, { seats, ...changes });
      await recordReadings(log.appender, log.db, ports, [reading], house.now);
    },
    token: async (n, acr) => {
      const given = { person: personOf(n), now: house.now, certificateSha256: CERTIFICATE };
      const signIn = { log: log.appender, masterKeys, tagger, db: test.db };
      return (await signInForTest(signIn, acr === undefined ? given : { ...given, acr })).accessToken;
    },
    call: async (n) => callOf(await house.token(n)),
    apply: async (n, changes = {}) => {
      const sent =
        'sent' in changes ? changes.sent : { ok: true as const, value: { ...APPLICATION, ...changes } };
      const call = await callFor(n);
      return endOf(applyForAppointee({ call, sent }, tools).then(({ registry }) => `applied ${registry}`));
    },
    applied: async (changes = {}) => {
      const sent = { ok: true as const, value: { ...APPLICATION, ...changes } };
      return (await applyForAppointee({ call: await house.call(BOARD), sent }, tools)).appointment;
    },
    decide: async (n, id, verdict = {}) => {
      const sent = { ok: true as const, value: { ...ACCEPT, ...verdict } };
      const item = { call: await callFor(n), appointment: id, sent };
      return endOf(decideAppointment(item, tools).then(({ state }) => state));
    },
    decided: async (n, id, verdict = {}) =>
      decideAppointment(
        { call: await house.call(n), appointment: id, sent: { ok: true, value: { ...ACCEPT, ...verdict } } },
        tools,
      ),
    entries: async () => (await requireSoundLog(test.db)).map(({ line }) => checkLine(line)),
    kinds: async () =>
      (await house.entries()).map(({ kind }) => kind).filter((kind) => !kind.startsWith('session.')),
    row: async (id) => {
      const text = 'SELECT * FROM bridge.appointment WHERE appointment_id = $1';
      return (await test.db.query({ text, values: [id] })).rows[0];
    },
    inForce: async (n) => {
      const record = (await readRecords(test.db, [MERSIS])).get(MERSIS)?.record;
      if (record === undefined) return [];
      const running = inForceOn(record, istanbulDay(house.now));
      const tag = tagOf(n).toString('hex');
      return record.seats.filter((one) => one.tag === tag && running.has(one.seatId)).map(({ role }) => role);
    },
    text: async () => (await readEntries(test.db)).map(({ line }) => line).join('\n'),
    close: async () => {
      await log.close();
      await test.drop();
    },
  };
  await house.read();
  const roles = [
    [DESK, 'Ankara'],
    [FAR_DESK, 'İzmir'],
  ].map(
    ([n, il]): RoleReading => ({
      ...{ roleId: randomUUID(), person: personOf(Number(n)), tag: tagOf(Number(n)) },
      ...{ role: 'directorate', ministry: 'ticaret', il: String(il) },
    }),
  );
  await recordRoles(log.appender, { roles, people: new Map(), source: 'registry', readAt: NOW }, ports);
  return house;
}

/** What the person may do there now, by the facts that a decision rests on. */
export const factsOf = async (test: TestDatabase, n: number, day = TODAY) =>
  (await test.db.transaction((tx) => readAuthority(tx, [{ tag: tagOf(n), mersisNo: MERSIS }], day)))[0];
