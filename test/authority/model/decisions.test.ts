import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appointmentsToEnd, withoutAppointments } from '../../../src/appointments/end-with-board.js';
import { judgeSuspension } from '../../../src/appointments/suspension/judge-suspension.js';
import { decideAuthority, standingOf } from '../../../src/authority/decide.js';
import { factsOf } from '../../../src/authority/memory/facts-of.js';
import { KeptCooperative } from '../../../src/authority/memory/kept-cooperative.js';
import { mergeReading } from '../../../src/authority/merge-reading.js';
import type { CooperativeRecord, RecordedSeat } from '../../../src/authority/record.js';
import { ACTIONS } from '../../../src/authority/rights/actions.js';
import { evaluate } from '../../../src/authority/rights/evaluate.js';
import { inForceOn } from '../../../src/authority/transitions.js';
import { cooperativeReading } from '../../support/authority.js';
import { actsAs, capacitiesOf, type LawPolicy, learn, mayDo, restsOn, sound, statusOn } from './law.js';
import { type Fact, histories, mersisOf, OFFICES, PERSONS, PLACES } from './world.js';

const tagOf = (person: number) => Buffer.alloc(16, person);
const hexOf = (person: number) => tagOf(person).toString('hex');

let ids = 0;
const newId = () => {
  ids += 1;
  return `seat-${String(ids).padStart(9, '0')}`;
};

/** What the bridge keeps, by the pure parts of its own way. */
interface Kept {
  readonly records: Map<number, { record: CooperativeRecord; readAt: number }>;
}

const roles = new Map(
  PERSONS.map((person) => [
    hexOf(person),
    OFFICES.flatMap((one, i) =>
      one.person !== person
        ? []
        : [
            {
              roleId: `office-${i}`,
              role: one.office,
              ministry: one.ministry,
              il: one.il,
              mersisNo: one.cooperative === null ? null : mersisOf(one.cooperative),
              startsOn: one.from,
              endsOn: one.to,
            },
          ],
    ),
  ]),
);

function take({ records }: Kept, fact: Fact, policy: LawPolicy): void {
  const changed = new Map<number, CooperativeRecord>();
  if (fact.what === 'day') for (const [no, { record }] of records) changed.set(no, record);
  else {
    const held = records.get(fact.cooperative);
    const record = next(held?.record ?? null, fact);
    const readAt = fact.what === 'reading' ? fact.at : (held?.readAt ?? 0);
    if (held === undefined) records.set(fact.cooperative, { record, readAt });
    else held.readAt = readAt;
    changed.set(fact.cooperative, record);
  }
  for (const [no, after] of changed) {
    const held = records.get(no) as { record: CooperativeRecord };
    const ended = appointmentsToEnd(held.record, after, fact.day, policy);
    held.record = withoutAppointments(after, ended, fact.day);
  }
}

function next(before: CooperativeRecord | null, fact: Exclude<Fact, { what: 'day' }>): CooperativeRecord {
  if (fact.what === 'reading') {
    const seats = fact.seats.map(({ duty, person, from, to, registered }) => ({
      ...{ role: duty, person: null as never, tag: hexOf(person), startsOn: from, endsOn: to },
      ...{ registeredOn: registered, state: 'x', representation: null, gazette: null, actsFor: null },
    }));
    const place = PLACES[fact.cooperative];
    const reading = cooperativeReading(mersisOf(fact.cooperative), {
      ...{ il: place?.il ?? '', ilgiliBakanlik: place?.ministry ?? 'ticaret', durum: fact.status },
      ...{ durumSince: fact.since, successor: fact.into === null ? null : mersisOf(fact.into), seats },
    });
    return mergeReading(before, reading, fact.day, newId);
  }
  const record = before as CooperativeRecord;
  if (fact.what === 'suspension') {
    const { decision, from, day } = fact;
    const judged = judgeSuspension(record, { decision, decisionNo: '1', decidedOn: from, from }, day);
    if ('problem' in judged) throw new Error(judged.problem);
    return { ...record, suspensions: judged.suspensions };
  }
  const isLegacy = fact.what === 'closed-system';
  const tag = hexOf(fact.person);
  if (isLegacy && record.seats.some((one) => one.role === 'legacy-appointee' && one.tag === tag))
    return record;
  const seat: RecordedSeat = {
    seatId: newId(),
    role: isLegacy ? 'legacy-appointee' : 'appointee',
    ...{ tag, startsOn: fact.from, endsOn: fact.to, registeredOn: isLegacy ? null : fact.day, goneOn: null },
    ...{
      source: isLegacy ? 'legacy' : 'decision',
      state: null,
      representation: null,
      gazette: null,
      actsFor: null,
    },
    appointment: isLegacy ? null : newId(),
  };
  return { ...record, seats: [...record.seats, seat] };
}

const policies = fc.record({
  staleAfterHours: fc.constantFrom(24, 24 * 10, 24 * 1000),
  moreHours: fc.constantFrom(0, 24 * 5, 24 * 1000),
  afterTermDays: fc.constantFrom(0, 7, 60),
  endWithBoard: fc.boolean(),
});

describe('any history', () => {
  it('leads step by step to the decisions that the law leads to, for everybody and every action', () => {
    const property = fc.property(histories(40).map(sound), policies, (facts, { moreHours, ...given }) => {
      const policy = { ...given, nothingAfterHours: given.staleAfterHours + moreHours };
      const kept: Kept = { records: new Map() };
      facts.forEach((fact, i) => {
        take(kept, fact, policy);
        // Days on which nothing but the day passes are taken, the last of them is looked at.
        if (fact.what === 'day' && facts[i + 1]?.what === 'day') return;
        const known = learn(facts.slice(0, i + 1), policy);
        expect(decided(kept, fact, policy)).toEqual(lawful(known, fact, policy));
      });
    });
    fc.assert(property, { numRuns: 150 });
  });
});

const QUESTIONS = [...ACTIONS.keys(), 'no.such.action'].flatMap((action) =>
  [false, true].map((more) => ({ action, member: more, steppedUp: more })),
);

/** Everything that the bridge decides at a moment, a line each. */
function decided(kept: Kept, { at, day }: Fact, policy: LawPolicy): readonly string[] {
  const time = { ...policy, now: new Date(at), today: day };
  const cooperatives = new Map(
    [...kept.records].map(([no, { record, readAt }]) => [
      mersisOf(no),
      new KeptCooperative({ record, version: 1, readAt: new Date(readAt), asOf: null, leaf: null }),
    ]),
  );
  return [...kept.records].flatMap(([no, { record }]) => {
    const running = inForceOn(record, day);
    const names = record.seats
      .filter(({ seatId }) => running.has(seatId))
      .map(({ role, startsOn, tag }) => `${no}: ${tag} in force by ${role} ${startsOn}`);
    const about = PERSONS.flatMap((person) => {
      const given = factsOf({ cooperatives, roles }, tagOf(person), mersisOf(no), day);
      const seats = new Map(given.seats.map((seat) => [seat.seatId, `${seat.role} ${seat.startsOn}`]));
      const offices = new Map(given.roles.map((one) => [one.roleId, one.role]));
      const standing = standingOf(given, time).capacities.map(
        ({ role, basis, freshness }) =>
          `${no}: ${person} as ${role} by ${seats.get(basis) ?? offices.get(basis)} ${freshness}`,
      );
      const answers = QUESTIONS.filter(({ action, member, steppedUp }) => {
        const acr = steppedUp ? 'urn:koopbis:acr:step-up' : null;
        return evaluate({ action, context: { member, acr } }, given, time).decision;
      });
      const granted = decideAuthority(given, time).kind === 'granted';
      return [...standing, ...told(no, person, granted, answers)];
    });
    return [...names.sort(), ...about.sort()];
  });
}

/** The same by the law. */
function lawful(known: ReturnType<typeof learn>, { at, day }: Fact, policy: LawPolicy): readonly string[] {
  return [...known].flatMap(([no, own]) => {
    const names = own.seats
      .filter((seat) => actsAs(seat, own, day, 0) !== null)
      .map((seat) => `${no}: ${hexOf(seat.person)} in force by ${restsOn(seat)}`);
    const status = statusOn(own, day);
    const about = PERSONS.flatMap((person) => {
      const capacities = capacitiesOf(known, person, no, { at, day }, policy);
      const standing = capacities.map(
        ({ role, rests, readsOnly }) =>
          `${no}: ${person} as ${role} by ${rests} ${readsOnly ? 'reads-only' : 'fresh'}`,
      );
      const answers = QUESTIONS.filter(({ action, member, steppedUp }) =>
        mayDo(capacities, action, { member, steppedUp, status }),
      );
      const granted = capacities.some(({ readsOnly }) => !readsOnly);
      return [...standing, ...told(no, person, granted, answers)];
    });
    return [...names.sort(), ...about.sort()];
  });
}

function told(no: number, person: number, granted: boolean, answers: typeof QUESTIONS): readonly string[] {
  const may = answers.map(({ action, member }) => `${no}: ${person} may ${action} ${member}`);
  return [`${no}: ${person} granted ${granted}`, ...may];
}
