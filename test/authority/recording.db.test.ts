import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { AUTHORITY_APPLIERS } from '../../src/authority/appliers.js';
import { readAuthority } from '../../src/authority/read-authority.js';
import { type RoleReading, recordRoles } from '../../src/authority/record-roles.js';
import { purgePersons } from '../../src/authority/recording/purge-persons.js';
import type { CooperativeReading, SeatReading } from '../../src/authority/recording/reading.js';
import { turnDay } from '../../src/authority/recording/turn-day.js';
import { endSessionApplier } from '../../src/sign-in/end-session.js';
import { failureOf, type OpenLog, openLog, readEntries, requireSoundLog } from '../audit/support/log.js';
import { digitsOf, masterKeys, personOf, tagger } from '../audit/support/parts.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../support/authority.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const APPLIERS = [...AUTHORITY_APPLIERS, endSessionApplier] as readonly EffectApplier[];
const READ_AT = new Date('2026-05-05T10:00:00Z');
const LATER = new Date('2026-05-05T11:00:00Z');
const NEXT_DAY = new Date('2026-05-06T11:00:00Z');
const MERSIS = '0123456789000015';
const OTHER = '0123456789000023';
const ports = portsOf({ masterKeys, tagger });

let test: TestDatabase;
let log: OpenLog;
let now = READ_AT;
beforeEach(async () => {
  now = READ_AT;
  test = await createTestDatabase({ migrations: true });
  const appliers = new Map(APPLIERS.map((one) => [one.kind, one]));
  log = openLog(test.appUrl, { deps: { appliers, now: () => now } });
});
afterEach(async () => {
  await log.close();
  await test.drop();
});

const tagOf = (n: number) => tagger.tag('authority', personOf(n));
const seat = (n: number, changes: Partial<SeatReading> = {}) => seatReading(tagger, personOf(n), changes);
const cooperative = (changes: Partial<CooperativeReading> = {}) => cooperativeReading(MERSIS, changes);
const record = async (all: readonly CooperativeReading[], at = READ_AT) => {
  now = at;
  return (await recordReadings(log.appender, log.db, ports, all, at)).length;
};
const told = async () => (await requireSoundLog(test.db)).map(({ line }) => checkLine(line));
const kinds = async () => (await told()).map(({ kind }) => kind);
const facts = async (n: number, day = '2026-05-05') =>
  (await test.db.transaction((tx) => readAuthority(tx, [{ tag: tagOf(n), mersisNo: MERSIS }], day)))[0];
const events = async () => {
  const text =
    "SELECT position, kind, data->>'reason' AS reason FROM bridge.authority_event ORDER BY position";
  const { rows } = await test.db.query<{ position: bigint; kind: string; reason: string | null }>({ text });
  return rows.map(({ position, kind, reason }) => [String(position), kind, reason]);
};
const signIn = async (n: number) => {
  const sessionId = randomUUID();
  await test.db.query({
    text: `INSERT INTO bridge.sign_in_session (session_id, person_tag, person_box, master_key_id, acr, auth_time, expires_at)
      VALUES ($1, $2, '', 'm1', 'urn:koopbis:acr:two-step', $3, 'infinity')`,
    values: [sessionId, tagOf(n), READ_AT],
  });
  return sessionId;
};
const ended = async (sessionId: string) => {
  const text = 'SELECT ended_at FROM bridge.sign_in_session WHERE session_id = $1';
  const { rows } = await test.db.query<{ ended_at: Date | null }>({ text, values: [sessionId] });
  return rows[0]?.ended_at !== null;
};

describe('a reading of the registry', () => {
  it('gives each seat an entry under its person’s sealed number, then the cooperative one with all that decides', async () => {
    const others = Array.from({ length: 20 }, (_, n) =>
      cooperativeReading(`0${String(200_000_000_000_000 + n)}`),
    );
    expect(await record([cooperative({ seats: [seat(1)] }), ...others])).toBe(21);
    const entries = await told();
    expect(entries).toHaveLength(22);
    const [seatEntry, entry] = entries;
    expect(seatEntry).toMatchObject({
      kind: 'seat.recorded',
      data: {
        cooperative: MERSIS,
        role: 'board',
        registeredOn: '2025-01-05',
        goneOn: null,
        source: 'mersis',
      },
    });
    expect(Object.keys(seatEntry?.sealed ?? {})).toEqual(['subject.number']);
    expect(entry).toMatchObject({
      kind: 'authority.recorded',
      data: {
        asOf: READ_AT.toISOString(),
        before: null,
        cooperative: MERSIS,
        ministry: 'ticaret',
        seats: [seatEntry?.data.seat],
        statuses: [{ durum: 'faal', since: '2020-01-01' }],
        version: 1,
      },
      sealed: {},
    });
    expect(await facts(1)).toMatchObject({
      cooperative: { version: 1, readAt: READ_AT, durum: 'faal', hasBoard: true },
      seats: [{ seatId: seatEntry?.data.seat, role: 'board' }],
    });
    expect((await readEntries(test.db)).map(({ line }) => line).join()).not.toContain(digitsOf(1));
  });

  it('that brings nothing new renews its time and what decides nothing, without an entry', async () => {
    const seats = [seat(1), seat(2, { endsOn: '2027-01-01', registeredOn: null })];
    await record([cooperative({ seats })]);
    const before = (await kinds()).length;
    const again = cooperative({ seats: [...seats].reverse(), unvan: 'Yeni Ad' });
    expect(await record([again], LATER)).toBe(0);
    expect(await kinds()).toHaveLength(before);
    expect((await facts(1))?.cooperative).toMatchObject({ version: 1, readAt: LATER });
    expect((await test.db.query({ text: 'SELECT unvan FROM bridge.authority_cooperative' })).rows).toEqual([
      { unvan: 'Yeni Ad' },
    ]);
  });

  it('never makes a newer one look older', async () => {
    await record([cooperative()], LATER);
    await record([cooperative()], READ_AT);
    expect((await facts(1))?.cooperative?.readAt).toEqual(LATER);
    await record([cooperative({ durum: 'tasfiye' })], READ_AT);
    expect((await facts(1))?.cooperative?.readAt).toEqual(LATER);
  });

  it.each<[string, Partial<CooperativeReading>]>([
    ['a status', { durum: 'tasfiye', durumSince: '2026-05-05' }],
    ['an il', { il: 'İzmir' }],
    ['a ministry', { ilgiliBakanlik: 'tarim' }],
    ['a successor', { durum: 'birleşme', durumSince: '2026-05-05', successor: OTHER }],
    ['a seat that is gone', { seats: [] }],
    ['a further seat', { seats: [seat(1), seat(2)] }],
    ['the end of a term', { seats: [seat(1, { endsOn: '2026-05-05' })] }],
    ['a registration', { seats: [seat(1, { registeredOn: null, state: 'beklemede' })] }],
    ['a signature rule', { seats: [seat(1, { representation: 'MUSTEREKEN' })] }],
    ['a seat that somebody else has now', { seats: [seat(2)] }],
  ])('that changes %s raises the version by one and keeps the one before', async (_, change) => {
    await record([cooperative({ seats: [seat(1)] })]);
    expect(await record([cooperative({ seats: [seat(1)], ...change })], LATER)).toBe(1);
    expect((await told()).at(-1)?.data).toMatchObject({ before: 1, version: 2 });
    expect((await facts(1))?.cooperative?.version).toBe(2);
    const { rows } = await test.db.query({
      text: 'SELECT version FROM bridge.authority_history WHERE mersis_no = $1 ORDER BY leaf_index',
      values: [MERSIS],
    });
    expect(rows).toEqual([{ version: 1n }, { version: 2n }]);
    expect(await record([cooperative({ seats: [seat(1)], ...change })], LATER)).toBe(0);
  });

  it('leaves a seat that is gone in force for the days before', async () => {
    await record([cooperative({ seats: [seat(1)] })]);
    await record([cooperative()], NEXT_DAY);
    expect((await facts(1))?.seats).toMatchObject([{ goneOn: '2026-05-06', endsOn: null }]);
    expect(await record([cooperative()], NEXT_DAY)).toBe(0);
  });

  it('lets a recorded suspension stand', async () => {
    await record([cooperative()]);
    await test.db.query({ text: `UPDATE bridge.authority_cooperative SET suspended_by = 'karar'` });
    await record([cooperative({ seats: [seat(1)] })], LATER);
    expect((await told()).at(-1)?.data).toMatchObject({ suspensions: [{ decisionNo: 'karar', to: null }] });
    expect((await facts(1))?.cooperative?.suspended).toBe(true);
  });

  it('with rows that the tables refuse leaves neither entry nor row', async () => {
    await record([cooperative()]);
    const bad = cooperative({ durum: 'terkin', seats: [seat(1, { role: 'king' as never })] });
    expect(await failureOf(record([bad], LATER))).toMatchObject({ code: '23514' });
    expect(await told()).toHaveLength(1);
    expect((await facts(1))?.cooperative).toMatchObject({ durum: 'faal', version: 1 });
  });

  it('that names one seat twice is refused whole', async () => {
    expect(await failureOf(record([cooperative({ seats: [seat(1), seat(1)] })]))).toBeInstanceOf(RangeError);
    expect(await told()).toEqual([]);
  });
});

describe('the feed', () => {
  it('hears of each seat that comes into force or goes, in one row of numbers, with why', async () => {
    await record([cooperative({ seats: [seat(1), seat(2, { registeredOn: null, state: 'beklemede' })] })]);
    await record([cooperative({ seats: [seat(1, { endsOn: '2026-05-05' }), seat(2)] })], LATER);
    await record([cooperative({ seats: [seat(1, { endsOn: '2026-05-05' })] })], LATER);
    await record([cooperative({ durum: 'tasfiye', durumSince: '2026-05-05', seats: [seat(3)] })], LATER);
    expect(
      (await events()).map(([position, kind, reason]) => `${position} ${kind} ${reason}`).sort(),
    ).toEqual(expect.arrayContaining(['1 granted null', '4 lost gone']));
    expect((await events()).filter(([, kind]) => kind === 'lost').map(([, , reason]) => reason)).toEqual([
      'term-ended',
      'gone',
    ]);
    expect((await events()).map(([position]) => position)).toEqual(['1', '2', '3', '4']);
  });

  it('says of everybody whom a new status takes the right that the status did', async () => {
    await record([cooperative({ seats: [seat(1)] })]);
    await record([cooperative({ durum: 'terkin', durumSince: '2026-05-05', seats: [seat(1)] })], LATER);
    expect(await events()).toEqual([
      ['1', 'granted', null],
      ['2', 'lost', 'status'],
    ]);
  });
});

describe('whoever loses the last seat', () => {
  it('loses the session in the same transaction, and nobody else does', async () => {
    const elsewhere = cooperativeReading(OTHER, { seats: [seat(2)] });
    await record([cooperative({ seats: [seat(1), seat(2), seat(3)] }), elsewhere]);
    const [one, two, three] = [await signIn(1), await signIn(2), await signIn(3)];
    await record([cooperative({ seats: [seat(3)] }), elsewhere], LATER);
    expect([await ended(one), await ended(two), await ended(three)]).toEqual([true, false, false]);
    expect((await told()).at(-1)).toMatchObject({
      kind: 'session.ended',
      data: { reason: 'authority-lost', session: one },
    });
  });

  it('keeps the session by a role, and loses it with the role', async () => {
    await record([cooperative({ seats: [seat(1)] })]);
    const role = {
      roleId: randomUUID(),
      person: personOf(1),
      tag: tagOf(1),
      role: 'finance',
      ministry: null,
      il: null,
    };
    const roles = (all: readonly RoleReading[]) =>
      recordRoles(
        log.appender,
        { roles: all, people: new Map(), source: 'registry', readAt: READ_AT },
        ports,
      );
    await roles([role]);
    const session = await signIn(1);
    await record([cooperative()], LATER);
    expect(await ended(session)).toBe(false);
    await roles([]);
    expect(await ended(session)).toBe(true);
  });
});

describe('the number of a person', () => {
  it('is let go once the last seat has been over for long enough, and kept while one runs', async () => {
    const rows = async () => (await test.db.query({ text: 'SELECT 1 FROM bridge.authority_person' })).count;
    const past = seat(1, { startsOn: '2020-01-01', endsOn: '2024-01-01' });
    await record([cooperative({ seats: [past, seat(2)] })]);
    expect(await rows()).toBe(2);
    expect(await purgePersons(log.db, '2023-12-31')).toBe(0);
    expect(await purgePersons(log.db, '2024-01-01')).toBe(1);
    await record([cooperative({ seats: [past] })], LATER);
    expect(await purgePersons(log.db, '2026-05-04')).toBe(0);
    expect(await purgePersons(log.db, '2026-05-05')).toBe(1);
  });
});

describe('the turn of a day', () => {
  it('tells the feed of terms that are over and begin, ends sessions, and is done once', async () => {
    const seats = [seat(1, { endsOn: '2026-05-06' }), seat(2, { startsOn: '2026-05-06' })];
    await record([cooperative({ seats })]);
    const session = await signIn(1);
    expect(await events()).toEqual([['1', 'granted', null]]);
    expect(await turnDay(log.appender, log.db, ports, READ_AT)).toBe(0);
    now = NEXT_DAY;
    expect(await turnDay(log.appender, log.db, ports, NEXT_DAY)).toBe(2);
    expect(await turnDay(log.appender, log.db, ports, NEXT_DAY)).toBe(0);
    expect(
      (await events())
        .slice(1)
        .map(([, kind, reason]) => [kind, reason])
        .sort(),
    ).toEqual([
      ['granted', null],
      ['lost', 'term-ended'],
    ]);
    expect(await ended(session)).toBe(true);
    expect((await kinds()).slice(-2)).toEqual(['authority.turned', 'session.ended']);
  });

  it('leaves alone what the cooperative’s state keeps from acting, day after day', async () => {
    await record([cooperative({ durum: 'tasfiye', durumSince: '2026-01-01', seats: [seat(1)] })]);
    const before = (await kinds()).length;
    now = NEXT_DAY;
    expect(await turnDay(log.appender, log.db, ports, NEXT_DAY)).toBe(0);
    expect(await kinds()).toHaveLength(before);
  });
});

describe('a reading of roles', () => {
  const role = (n: number, changes: Partial<RoleReading> = {}): RoleReading => ({
    roleId: randomUUID(),
    person: personOf(n),
    tag: tagOf(n),
    role: 'directorate',
    ministry: 'ticaret',
    il: 'Ankara',
    ...changes,
  });
  const people = new Map([1, 2].map((n) => [tagOf(n).toString('hex'), personOf(n)]));
  const read = (roles: readonly RoleReading[], known = people) =>
    recordRoles(log.appender, { roles, people: known, source: 'registry', readAt: READ_AT }, ports);

  it('gives each grant and each loss an entry under the person’s sealed number, and nothing for what stays', async () => {
    const [stays, goes] = [role(1), role(2, { role: 'finance', ministry: null, il: null })];
    await read([stays, goes]);
    await read([stays, goes]);
    await read([stays]);
    const entries = await told();
    expect(entries.map(({ kind, data }) => [kind, data.role])).toEqual([
      ['role.granted', 'directorate'],
      ['role.granted', 'finance'],
      ['role.revoked', 'finance'],
    ]);
    expect(entries[2]?.data).toEqual({
      il: null,
      ministry: null,
      role: 'finance',
      roleId: goes.roleId,
      source: 'registry',
    });
    for (const { sealed } of entries) expect(Object.keys(sealed)).toEqual(['subject.number']);
    const lines = (await readEntries(test.db)).map(({ line }) => line).join('\n');
    for (const n of [1, 2]) expect(lines).not.toContain(digitsOf(n));
    expect((await facts(1))?.roles).toHaveLength(1);
    expect((await facts(2))?.roles).toEqual([]);
  });

  it('leaves alone what another source gave, and another source what it gave', async () => {
    const [own, other] = [role(1), role(2)];
    await read([own]);
    await recordRoles(log.appender, { roles: [other], people, source: 'letters', readAt: READ_AT }, ports);
    expect((await told()).map(({ kind }) => kind)).toEqual(['role.granted', 'role.granted']);
    await read([]);
    expect((await facts(1))?.roles).toEqual([]);
    expect((await facts(2))?.roles).toHaveLength(1);
    const asDecision = { roles: [], people, source: 'decision', readAt: READ_AT };
    expect(await failureOf(recordRoles(log.appender, asDecision, ports))).toBeInstanceOf(RangeError);
  });

  it('puts no two roles into force that must not meet: the one in front stays, the other is left out and counted', async () => {
    const bare = { ministry: null, il: null };
    const [admin, finance] = [
      role(1, { ...bare, role: 'administrator' }),
      role(1, { ...bare, role: 'finance' }),
    ];
    const elsewhere = role(2, { ...bare, role: 'finance' });
    expect(await read([finance, elsewhere])).toEqual({ leftOut: 0 });
    expect(await read([finance, admin, elsewhere])).toEqual({ leftOut: 1 });
    expect((await facts(1))?.roles.map((one) => one.role)).toEqual(['finance']);
    expect((await told()).map(({ kind }) => kind)).toEqual(['role.granted', 'role.granted']);
    expect(await read([admin, elsewhere])).toEqual({ leftOut: 0 });
    expect((await facts(1))?.roles.map((one) => one.role)).toEqual(['administrator']);
    expect((await facts(2))?.roles.map((one) => one.role)).toEqual(['finance']);
  });

  it('loses the later one of such a pair that an earlier reading had brought, under its person’s number', async () => {
    const bare = { ministry: null, il: null };
    const first = role(1, { ...bare, role: 'administrator' });
    const later = role(1, { ...bare, role: 'log-inspector' });
    await read([first]);
    await test.db.query({
      text: `INSERT INTO bridge.authority_role (role_id, person_tag, role, source) VALUES ($1, $2, 'log-inspector', 'registry')`,
      values: [later.roleId, tagOf(1)],
    });
    expect(await read([first, later], new Map())).toEqual({ leftOut: 1 });
    expect((await facts(1))?.roles.map((one) => one.role)).toEqual(['administrator']);
    const last = (await told()).at(-1);
    expect(last).toMatchObject({ kind: 'role.revoked', data: { roleId: later.roleId } });
    expect(Object.keys(last?.sealed ?? {})).toEqual(['subject.number']);
  });

  it('yields to what persons decided and to other sources, until that is gone or over', async () => {
    const bare = { ministry: null, il: null };
    const own = role(1, { ...bare, role: 'finance' });
    const sql = (text: string) => test.db.query({ text, values: [] });
    const insert = `INSERT INTO bridge.authority_role (role_id, person_tag, role, source) VALUES ($1, $2, $3, $4)`;
    await test.db.query({ text: insert, values: [randomUUID(), tagOf(1), 'administrator', 'decision'] });
    expect(await read([own])).toEqual({ leftOut: 1 });
    await sql("UPDATE bridge.authority_role SET ends_on = '2020-01-01', source = 'letters'");
    expect(await read([own])).toEqual({ leftOut: 0 });
    await sql("UPDATE bridge.authority_role SET ends_on = NULL WHERE source = 'letters'");
    expect(await read([own])).toEqual({ leftOut: 1 });
    expect((await told()).map(({ kind }) => kind)).toEqual(['role.granted', 'role.revoked']);
  });

  it('takes a role away also where nobody knows any longer whose it was', async () => {
    await read([role(1)]);
    await read([], new Map());
    expect((await told())[1]).toMatchObject({ kind: 'role.revoked', sealed: {} });
    expect((await facts(1))?.roles).toEqual([]);
  });

  it('tells the feed of each role that comes and goes, and raises the version of roles', async () => {
    await read([role(1)]);
    await read([]);
    expect(await events()).toEqual([
      ['1', 'granted', null],
      ['2', 'lost', 'revoked'],
    ]);
    const { rows } = await test.db.query({
      text: 'SELECT version, roles_version FROM bridge.authority_head',
    });
    expect(rows).toEqual([{ version: 2n, roles_version: 2n }]);
  });
});
