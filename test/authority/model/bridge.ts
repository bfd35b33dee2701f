import { randomUUID } from 'node:crypto';
import { decideSuspension } from '../../../src/appointments/suspension/decide-suspension.js';
import { checkLine } from '../../../src/audit/catalogue/check-line.js';
import { draftOf } from '../../../src/audit/draft.js';
import type { Lane } from '../../../src/audit/lane.js';
import { checkHistory } from '../../../src/authority/check-history.js';
import type { RecordedSeat } from '../../../src/authority/record.js';
import { type RoleRow, recordRoles, roleEntry } from '../../../src/authority/record-roles.js';
import { lockHead, lockRecords } from '../../../src/authority/recording/records.js';
import { settleChanges } from '../../../src/authority/recording/settle-changes.js';
import { turnDay } from '../../../src/authority/recording/turn-day.js';
import { RECORDING_APPLIERS } from '../../../src/house/authority/record-ports.js';
import { withConnection } from '../../../src/storage/single-connection.js';
import { type OpenLog, openLog, readEntries, readHead } from '../../audit/support/log.js';
import { masterKeys, personOf, tagger } from '../../audit/support/parts.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../../support/authority.js';
import { createTestDatabase, TEST_POOL, type TestDatabase } from '../../support/database.js';
import { type Fact, mersisOf, OFFICES, PLACES, START } from './world.js';

const ports = portsOf({ masterKeys, tagger });
export const tagOf = (person: number): Buffer => tagger.tag('authority', personOf(person));

/** A bridge that is given facts one by one, through its own lanes, into a log of its own. */
export interface Bridge {
  readonly test: TestDatabase;
  take(fact: Fact): Promise<void>;
  /** How far the log is. */
  size(): Promise<bigint>;
  /** Throws where tables, versions and entries say different things. */
  check(): Promise<string>;
  close(): Promise<void>;
}

/** What a history leaves behind. */
const WRITTEN = [
  ...['entry', 'log_tag', 'person_key', 'log_head', 'authority_head', 'authority_event', 'authority_history'],
  ...['authority_seat', 'authority_person', 'authority_role', 'authority_cooperative'],
];

/** A database for one history after the other. */
export async function openTables(): Promise<TestDatabase> {
  const test = await createTestDatabase({ migrations: true });
  const copies = WRITTEN.map((table) => `CREATE TABLE kept.${table} AS TABLE bridge.${table};`);
  await asAdmin(test, `CREATE SCHEMA kept; ${copies.join(' ')}`);
  return test;
}

async function asAdmin(test: TestDatabase, sql: string): Promise<void> {
  await withConnection({ url: test.adminUrl, ...TEST_POOL }, async (ask) => {
    await ask('SET session_replication_role = replica');
    await ask(sql);
  });
}

/** A new bridge on these tables, everything before it forgotten. */
export async function openBridge(test: TestDatabase): Promise<Bridge> {
  const back = WRITTEN.map(
    (table) => `DELETE FROM bridge.${table}; INSERT INTO bridge.${table} SELECT * FROM kept.${table};`,
  );
  await asAdmin(test, back.join(' '));
  const appliers = new Map(RECORDING_APPLIERS.map((one) => [one.kind, one]));
  let now = new Date(0);
  const log = openLog(test.appUrl, { deps: { appliers, now: () => now } });
  now = new Date(START - 1);
  await addOffices(log, now);
  return {
    test,
    take: async (fact) => {
      now = new Date(fact.at);
      await takeFact(log, fact, now);
    },
    size: async () => (await readHead(test.db)).size,
    check: () =>
      test.db.transaction(async (tx) => {
        const check = await checkHistory(tx, { masterKeys, taggers: [tagger] });
        const rows = await readEntries(tx);
        const entries = rows.map(({ leaf_index: leaf, leaf_hash: hash, line }) => {
          return { ...checkLine(line), leaf, hash, line } as never;
        });
        await check.take({ from: 0n, end: BigInt(rows.length), entries });
        return check.finish(BigInt(rows.length));
      }),
    close: () => log.close(),
  };
}

async function addOffices(log: OpenLog, readAt: Date): Promise<void> {
  const ofCountry = OFFICES.filter(({ cooperative }) => cooperative === null);
  const roles = ofCountry.map(({ person, office: role, ministry, il }) => {
    return { roleId: randomUUID(), role, ministry, il, person: personOf(person), tag: tagOf(person) };
  });
  await recordRoles(log.appender, { roles, people: new Map(), source: 'registry', readAt }, ports);
  for (const { person, office: role, cooperative, from, to } of OFFICES) {
    if (cooperative === null) continue;
    const bound = { mersisNo: mersisOf(cooperative), startsOn: from, endsOn: to, source: 'decision' };
    const row = { roleId: randomUUID(), role, ministry: null, il: null, ...bound };
    await log.appender.submit(representativeLane(person, readAt), row as never);
  }
}

/** As persons decide it, without their rules. */
function representativeLane(person: number, at: Date): Lane<Omit<RoleRow, 'tag'>, null> {
  return {
    name: '5-test-representative',
    patienceMs: 30_000,
    exclusive: true,
    settle: async (tx, [row]) => {
      await lockHead(tx);
      const { roleId, role, mersisNo, startsOn, endsOn } = row as Omit<RoleRow, 'tag'>;
      const first = roleEntry('role.granted', row as RoleRow, personOf(person), 'decision', at);
      const nobody = { actor: null, bootstrap: true, letter: null, osUser: 'x', reason: null, second: null };
      const bound = { cooperative: mersisNo, from: startsOn, to: endsOn };
      const number = personOf(person);
      const decided = draftOf(
        'role.decided',
        at,
        { ...nobody, ...bound, decision: 'granted', role, roleId },
        [{ field: 'subject.number', side: 'subject', person: number, text: number.reveal(), indexed: true }],
      );
      const tag = tagOf(person).toString('hex');
      const effect = {
        kind: 'roles-recorded',
        firstEntry: first.id,
        granted: [{ ...row, tag }],
        revoked: [],
      };
      return [{ entries: [first, decided], effects: [effect], answer: () => null }];
    },
  };
}

async function takeFact(log: OpenLog, fact: Fact, now: Date): Promise<void> {
  if (fact.what === 'day') {
    await turnDay(log.appender, log.db, ports, now);
  } else if (fact.what === 'reading') {
    const { il, ministry: ilgiliBakanlik } = PLACES[fact.cooperative] as (typeof PLACES)[number];
    const seats = fact.seats.map(({ duty: role, person, from: startsOn, to: endsOn, registered }) =>
      seatReading(tagger, personOf(person), { role, startsOn, endsOn, registeredOn: registered }),
    );
    const reading = cooperativeReading(mersisOf(fact.cooperative), {
      ...{ il, ilgiliBakanlik, seats, durum: fact.status, durumSince: fact.since },
      successor: fact.into === null ? null : mersisOf(fact.into),
    });
    await recordReadings(log.appender, log.db, ports, [reading], now);
  } else if (fact.what === 'suspension') {
    const { decision, from } = fact;
    const officer = {
      sessionId: randomUUID(),
      person: personOf(90),
      tag: tagOf(90),
      acr: 'x',
      authTime: now,
    };
    await decideSuspension(
      log.appender,
      { ...ports, stillActs: async () => true },
      {
        ...{ cooperative: mersisOf(fact.cooperative), officer, osUser: 'u' },
        ...{ decision, decisionNo: '1', decidedOn: from, from },
      },
    );
  } else await addSeat(log, fact);
}

/** A seat that no registry gave, as the acceptance of an appointment and the import bring it. */
async function addSeat(
  log: OpenLog,
  fact: Extract<Fact, { what: 'appointment' | 'closed-system' }>,
): Promise<void> {
  const mersisNo = mersisOf(fact.cooperative);
  const isLegacy = fact.what === 'closed-system';
  const person = personOf(fact.person);
  const tag = tagOf(fact.person).toString('hex');
  const seat: RecordedSeat = {
    seatId: randomUUID(),
    role: isLegacy ? 'legacy-appointee' : 'appointee',
    ...{ tag, startsOn: fact.from, endsOn: fact.to, registeredOn: isLegacy ? null : fact.day, goneOn: null },
    ...{ source: isLegacy ? 'legacy' : 'decision', state: null, representation: null, gazette: null },
    ...{ actsFor: null, appointment: isLegacy ? null : randomUUID() },
  };
  const lane: Lane<null, null> = {
    name: '5-test-seat',
    patienceMs: 30_000,
    exclusive: true,
    settle: async (tx, _items, now) => {
      const before = (await lockRecords(tx, [mersisNo])).get(mersisNo);
      if (before === undefined) throw new Error('no such cooperative');
      const { record, asOf, readAt } = before;
      const isKnown = isLegacy && record.seats.some((one) => one.role === seat.role && one.tag === tag);
      const seats = [...record.seats, seat].sort((a, b) => (a.seatId < b.seatId ? -1 : 1));
      const after = isKnown ? record : { ...record, seats };
      const change = {
        before,
        after,
        source: seat.source,
        asOf,
        readAt,
        persons: new Map([[tag, person]]),
        lead: [],
      };
      return [{ ...(await settleChanges(tx, [change], ports, now)), answer: () => null }];
    },
  };
  await log.appender.submit(lane, null);
}
