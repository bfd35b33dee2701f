import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkLine } from '../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../src/audit/lane.js';
import { readAuthority } from '../../src/authority/read-authority.js';
import {
  authorityApplier,
  type CooperativeReading,
  recordReading,
  type SeatReading,
} from '../../src/authority/record-facts.js';
import { type RoleReading, recordRoles, rolesApplier } from '../../src/authority/record-roles.js';
import { failureOf, type OpenLog, openLog, readEntries, requireSoundLog } from '../audit/support/log.js';
import { digitsOf, personOf, tagger } from '../audit/support/parts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const APPLIERS = [authorityApplier, rolesApplier] as readonly EffectApplier[];
const READ_AT = new Date('2026-05-05T10:00:00Z');
const LATER = new Date('2026-05-05T11:00:00Z');
const MERSIS = '0123456789000015';

let test: TestDatabase;
let log: OpenLog;
beforeEach(async () => {
  test = await createTestDatabase({ migrations: true });
  log = openLog(test.appUrl, { deps: { appliers: new Map(APPLIERS.map((one) => [one.kind, one])) } });
});
afterEach(async () => {
  await log.close();
  await test.drop();
});

const tagOf = (n: number) => tagger.tag('authority', personOf(n));
const seat = (n: number, changes: Partial<SeatReading> = {}): SeatReading => ({
  seatId: randomUUID(),
  personTag: tagOf(n),
  role: 'board',
  startsOn: '2025-01-01',
  endsOn: null,
  registeredOn: '2025-01-05',
  ...changes,
});
const cooperative = (changes: Partial<CooperativeReading> = {}): CooperativeReading => ({
  mersisNo: MERSIS,
  unvan: 'Örnek',
  tur: 't',
  kanun: 'k',
  seviye: 's',
  il: 'Ankara',
  ilgiliBakanlik: 'ticaret',
  durum: 'faal',
  seats: [],
  ...changes,
});
const record = (all: readonly CooperativeReading[], at = READ_AT) =>
  recordReading(log.appender, log.db, all, 'registry', at);
const told = async () => (await requireSoundLog(test.db)).map(({ line }) => checkLine(line));
const facts = async (n: number) =>
  (await test.db.transaction((tx) => readAuthority(tx, [{ tag: tagOf(n), mersisNo: MERSIS }])))[0];

describe('a reading of the registry', () => {
  it('gives each cooperative that is new one entry with all that decides, and its rows', async () => {
    const held = seat(1);
    const others = Array.from({ length: 240 }, (_, n) =>
      cooperative({ mersisNo: `0${String(200_000_000_000_000 + n)}` }),
    );
    expect(await record([cooperative({ seats: [held] }), ...others])).toBe(241);
    const entries = await told();
    expect(entries).toHaveLength(241);
    expect(entries[0]).toMatchObject({
      kind: 'authority.changed',
      data: {
        before: null,
        cooperative: MERSIS,
        durum: 'faal',
        il: 'Ankara',
        ministry: 'ticaret',
        seats: [
          {
            endsOn: null,
            registeredOn: '2025-01-05',
            role: 'board',
            seat: held.seatId,
            startsOn: '2025-01-01',
          },
        ],
        source: 'registry',
        suspended: false,
        version: 1,
      },
      sealed: {},
    });
    const { personTag: _tag, ...shown } = held;
    expect(await facts(1)).toMatchObject({ cooperative: { version: 1, readAt: READ_AT }, seats: [shown] });
  });

  it('that brings nothing new renews its time and what decides nothing, without an entry', async () => {
    const seats = [seat(1), seat(2, { endsOn: '2027-01-01', registeredOn: null })];
    await record([cooperative({ seats })]);
    const again = cooperative({ seats: [...seats].reverse(), unvan: 'Yeni Ad' });
    expect(await record([again], LATER)).toBe(0);
    expect(await told()).toHaveLength(1);
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

  const held = seat(1);
  it.each<[string, Partial<CooperativeReading>]>([
    ['a status', { durum: 'tasfiye' }],
    ['an il', { il: 'İzmir' }],
    ['a ministry', { ilgiliBakanlik: 'tarim' }],
    ['a seat that is gone', { seats: [] }],
    ['a further seat', { seats: [held, seat(2)] }],
    ['the end of a term', { seats: [{ ...held, endsOn: '2026-05-05' }] }],
    ['a registration', { seats: [{ ...held, registeredOn: null }] }],
    ['a seat that somebody else has now', { seats: [{ ...held, personTag: tagOf(2) }] }],
  ])('that changes %s raises the version by one, and its entry has all as it is now', async (_, change) => {
    await record([cooperative({ seats: [held] })]);
    const now = cooperative({ seats: [held], ...change });
    expect(await record([now], LATER)).toBe(1);
    expect((await told())[1]).toMatchObject({
      data: {
        before: 1,
        version: 2,
        durum: now.durum,
        il: now.il,
        ministry: now.ilgiliBakanlik,
        seats: expect.arrayContaining(
          now.seats.map(({ seatId }) => expect.objectContaining({ seat: seatId })),
        ),
      },
    });
    expect((await facts(1))?.cooperative?.version).toBe(2);
    expect((await facts(1))?.seats.length).toBe(
      now.seats.filter((one) => one.personTag.equals(tagOf(1))).length,
    );
    expect(await record([now], LATER)).toBe(0);
  });

  it('says that a cooperative is suspended, and leaves that to the decision that did it', async () => {
    await record([cooperative()]);
    await test.db.query({ text: `UPDATE bridge.authority_cooperative SET suspended_by = 'karar'` });
    await record([cooperative({ seats: [seat(1)] })], LATER);
    expect((await told())[1]?.data).toMatchObject({ suspended: true });
    expect((await facts(1))?.cooperative?.suspended).toBe(true);
  });

  it('with rows that the tables refuse leaves neither entry nor row', async () => {
    await record([cooperative()]);
    const bad = cooperative({ durum: 'terkin', seats: [seat(1, { role: 'king' as never })] });
    expect(await failureOf(record([bad], LATER))).toMatchObject({ code: '23514' });
    expect(await told()).toHaveLength(1);
    expect((await facts(1))?.cooperative).toMatchObject({ durum: 'faal', version: 1 });
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
    recordRoles(log.appender, { roles, people: known, source: 'registry', readAt: READ_AT });

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
    await recordRoles(log.appender, { roles: [other], people, source: 'letters', readAt: READ_AT });
    expect((await told()).map(({ kind }) => kind)).toEqual(['role.granted', 'role.granted']);
    await read([]);
    expect((await facts(1))?.roles).toEqual([]);
    expect((await facts(2))?.roles).toHaveLength(1);
    const asDecision = { roles: [], people, source: 'decision', readAt: READ_AT };
    expect(await failureOf(recordRoles(log.appender, asDecision))).toBeInstanceOf(RangeError);
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
});
