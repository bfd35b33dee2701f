import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { standingOf } from '../../../src/authority/decide.js';
import type { AuthorityFacts } from '../../../src/authority/facts.js';
import { readAuthorities } from '../../../src/authority/history/read-authorities.js';
import { createAuthorityMemory } from '../../../src/authority/memory/authority-memory.js';
import { readAuthority } from '../../../src/authority/read-authority.js';
import { readEvents } from '../../../src/events/feed.js';
import { leafKnownAt } from '../../../src/house/authority/known-leaf.js';
import type { TestDatabase } from '../../support/database.js';
import { type Bridge, openBridge, openTables, tagOf } from './bridge.js';
import {
  actsAs,
  capacitiesOf,
  isSuspended,
  type LawCooperative,
  learn,
  restsOn,
  seatedAt,
  sound,
  statusOn,
} from './law.js';
import { COOPERATIVES, type Fact, histories, mersisOf, PERSONS, plus } from './world.js';

const POLICY = {
  staleAfterHours: 24 * 20,
  nothingAfterHours: 24 * 60,
  afterTermDays: 10,
  endWithBoard: true,
};
const silent = { info: () => undefined, warn: () => undefined };
const asked = COOPERATIVES.flatMap((no) => PERSONS.map((person) => ({ no, person })));
/** Days asked about, counted from the last one. */
const DAYS = [-400, -40, -12, -5, -1, 0, 1, 9, 40];

/** Every question is one of the days, as known after one of the facts. */
const questions = fc.array(fc.record({ known: fc.nat(60), day: fc.constantFrom(...DAYS) }), {
  minLength: 8,
  maxLength: 8,
});

let tables: TestDatabase;
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.drop());

describe('any history through the lanes', () => {
  it('says who could act on any day as known at any time, and who may act now, as the law says of what was recorded by then', async () => {
    const property = fc.asyncProperty(histories(16).map(sound), questions, async (facts, wanted) => {
      const bridge = await openBridge(tables);
      try {
        const sizes: bigint[] = [];
        for (const fact of facts) {
          await bridge.take(fact);
          sizes.push(await bridge.size());
          const isLastOfDays = fact.what === 'day' && facts[sizes.length]?.what !== 'day';
          if (isLastOfDays) await compareFeed(bridge, facts.slice(0, sizes.length));
        }
        for (const { known, day } of wanted)
          await compareKnown(bridge, facts, sizes, known % facts.length, day);
        await compareNow(bridge, facts);
        expect(await bridge.check()).toMatch(/^3 cooperatives/);
      } finally {
        await bridge.close();
      }
    });
    await fc.assert(property, { numRuns: 20 });
  });
});

/** "Who could act on D as known on K" against the replay of what was recorded up to K. */
async function compareKnown(
  { test }: Bridge,
  facts: readonly Fact[],
  sizes: readonly bigint[],
  place: number,
  shift: number,
): Promise<void> {
  const last = facts[place] as Fact;
  const day = plus(last.day, shift);
  // Facts are minutes apart: half a minute later it is the same.
  const knownLeaf = await leafKnownAt(test.db, new Date(last.at + 30_000));
  expect([place, knownLeaf]).toEqual([place, sizes[place]]);
  const known = learn(facts.slice(0, place + 1), POLICY);
  for (const no of COOPERATIVES) {
    const found = await readAuthorities(
      test.db,
      { mersisNo: mersisOf(no), day, knownLeaf },
      POLICY,
      new Date(last.at),
    );
    expect(found === null ? null : lineOf(found.asked)).toEqual(lawLineOf(known.get(no), no, day));
    const told = (found?.authorities ?? []).map(
      ({ tag, role, from, to, registeredOn }) => `${tag} ${role} ${from} ${to} ${registeredOn}`,
    );
    expect(told.sort()).toEqual(actingAt(seatedAt(known, no, day), day));
  }
}

const lineOf = (one: {
  mersisNo: string;
  durum: string;
  suspended: boolean;
  underTrustee: boolean;
  knownFrom: Date | null;
}) => `${one.mersisNo} ${one.durum} ${one.suspended} ${one.knownFrom}`;

function lawLineOf(one: LawCooperative | undefined, no: number, day: string): string | null {
  return one === undefined ? null : `${mersisOf(no)} ${statusOn(one, day)} ${isSuspended(one, day)} null`;
}

function actingAt(at: LawCooperative | null, day: string): readonly string[] {
  const lines = (at?.seats ?? []).flatMap((seat) => {
    const role = actsAs(seat, at as LawCooperative, day, POLICY.afterTermDays);
    if (role === null) return [];
    const ends = [seat.to, seat.gone].filter((end) => end !== null).sort();
    const tag = tagOf(seat.person).toString('hex');
    return [`${tag} ${role} ${seat.from} ${ends[0] ?? null} ${seat.registered}`];
  });
  return lines.sort();
}

/** Tables, memory, feed and law about the last moment. */
async function compareNow({ test }: Bridge, facts: readonly Fact[]): Promise<void> {
  const now = facts.at(-1) as Fact;
  const known = learn(facts, POLICY);
  const memory = createAuthorityMemory({ db: test.db, log: silent, now: () => new Date(now.at) });
  await memory.load();
  const view = await memory.confirmed();
  const pairs = asked.map(({ no, person }) => ({ tag: tagOf(person), mersisNo: mersisOf(no) }));
  const read = await test.db.transaction((tx) => readAuthority(tx, pairs, now.day));
  expect(pairs.map((one) => view.factsOf(one.tag, one.mersisNo, now.day))).toEqual(read);
  memory.stop();
  const decided = asked.map(({ no, person }, i) => standingLine(no, person, read[i] as AuthorityFacts, now));
  const lawful = asked.map(({ no, person }) => {
    const capacities = capacitiesOf(known, person, no, now, POLICY);
    const lines = capacities.map(({ role, rests, readsOnly }) => `${role} by ${rests} ${readsOnly}`);
    return `${no} ${person}: ${lines.sort().join()}`;
  });
  expect(decided).toEqual(lawful);
  await compareFeed({ test }, facts);
}

/** Who is in force by the feed, folded from its beginning, and by the law. */
async function compareFeed({ test }: Pick<Bridge, 'test'>, facts: readonly Fact[]): Promise<void> {
  const now = facts.at(-1) as Fact;
  const known = learn(facts, POLICY);
  expect(await inForceByFeed(test)).toEqual(
    [...known]
      .flatMap(([no, one]) =>
        one.seats
          .filter((seat) => actsAs(seat, one, now.day, 0) !== null)
          .map((seat) => `${mersisOf(no)} ${tagOf(seat.person).toString('hex')} ${restsOn(seat)}`),
      )
      .sort(),
  );
}

function standingLine(no: number, person: number, facts: AuthorityFacts, { at, day }: Fact): string {
  const { capacities } = standingOf(facts, { ...POLICY, now: new Date(at), today: day });
  const rests = new Map([
    ...facts.seats.map((seat) => [seat.seatId, `${seat.role} ${seat.startsOn}`] as const),
    ...facts.roles.map((one) => [one.roleId, one.role] as const),
  ]);
  const lines = capacities.map(
    ({ role, basis, freshness }) => `${role} by ${rests.get(basis)} ${freshness === 'reads-only'}`,
  );
  return `${no} ${person}: ${lines.sort().join()}`;
}

/** Who is in force by the feed alone: granted and not lost since, seats of cooperatives. */
async function inForceByFeed({ db }: Bridge['test']): Promise<readonly string[]> {
  const { events } = await readEvents(db, null, 100_000);
  const standing = new Map<string, string>();
  events.forEach(({ position, kind, basis, tag, mersisNo, data }, i) => {
    expect(position).toBe(BigInt(i + 1));
    // Nothing is granted twice, and nothing lost that was not granted.
    expect(standing.has(basis)).toBe(kind === 'lost');
    if (kind === 'lost') standing.delete(basis);
    else standing.set(basis, `${mersisNo} ${tag.toString('hex')} ${data.role} ${data.from}`);
  });
  // Offices are no seats.
  const isSeat = (line: string) => !/^null|ministry-representative/.test(line);
  return [...standing.values()].filter(isSeat).sort();
}
