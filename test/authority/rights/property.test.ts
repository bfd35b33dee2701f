import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AuthorityFacts, CooperativeFacts, Seat, StaffRole } from '../../../src/authority/facts.js';
import { ACTIONS } from '../../../src/authority/rights/actions.js';
import { evaluate } from '../../../src/authority/rights/evaluate.js';
import { explain } from '../../../src/authority/rights/explain.js';
import { RIGHTS } from '../../../src/authority/rights/rights.js';
import { MERSIS, STEP_UP, TIME, TWO_STEP } from './support/facts.js';

const day = fc.constantFrom('2025-01-01', '2026-05-03', '2026-05-04', '2026-05-05', '2027-01-01');
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const ministry = fc.constantFrom('ticaret' as const, 'tarim' as const, 'cevre' as const);
const il = fc.constantFrom('Ankara', 'İzmir');
const mersisNo = fc.constantFrom(MERSIS, '0000000000000025');

const seats: fc.Arbitrary<Seat> = fc.record({
  seatId: fc.uuid(),
  role: fc.constantFrom(
    ...(['board', 'denetci', 'liquidator', 'trustee', 'appointee'] as const),
    ...(['legacy-appointee', 'ministry-representative'] as const),
  ),
  startsOn: day,
  endsOn: perhaps(day),
  registeredOn: perhaps(day),
  goneOn: perhaps(day),
});
const STAFF = ['directorate', 'ministry-central', 'ministry-manager', 'ministry-representative'];
const HOUSE = [
  'administrator',
  'security-officer',
  'log-inspector',
  'finance',
  'board',
  'member',
  '__proto__',
];
const roles: fc.Arbitrary<StaffRole> = fc.record({
  roleId: fc.uuid(),
  role: fc.constantFrom(...STAFF, ...HOUSE),
  ministry: perhaps(ministry),
  il: perhaps(il),
  mersisNo: perhaps(mersisNo),
  startsOn: perhaps(day),
  endsOn: perhaps(day),
});
const cooperatives: fc.Arbitrary<CooperativeFacts> = fc.record({
  mersisNo,
  il,
  ilgiliBakanlik: ministry,
  durum: fc.constantFrom('faal', 'tasfiye', 'terkin', 'birleşme', '', 'toString'),
  suspended: fc.boolean(),
  underTrustee: fc.boolean(),
  hasBoard: fc.boolean(),
  version: fc.integer({ min: 1 }),
  readAt: fc.integer({ min: -2, max: 100 }).map((hours) => new Date(TIME.now.getTime() - hours * 3_600_000)),
});
const facts: fc.Arbitrary<AuthorityFacts> = fc.record({
  cooperative: perhaps(cooperatives),
  seatedAt: perhaps(cooperatives),
  seats: fc.array(seats, { maxLength: 4 }),
  roles: fc.array(roles, { maxLength: 4 }),
});
const action = fc.oneof(fc.constantFrom(...ACTIONS.keys(), 'constructor', '__proto__'), fc.string());
const acr = fc.oneof(fc.constantFrom(null, TWO_STEP, STEP_UP, 'urn:koopbis:acr:one-step'), fc.string());
const context = fc.record({ member: fc.boolean(), acr });
const RUNS = { numRuns: 3000 };

describe('evaluation of any input', () => {
  it('never throws, and says true by a row of the table alone, whose conditions the facts meet', () => {
    fc.assert(
      fc.property(action, context, facts, (name, given, known) => {
        const evaluation = evaluate({ action: name, context: given }, known, TIME);
        const { decision, right, capacity, seat, staff } = evaluation;
        expect(decision).toBe(evaluation.reason.code === 'granted');
        if (!decision) return;
        expect(RIGHTS).toContain(right);
        expect(right?.action).toBe(name);
        expect(right?.conditions.through).toBe('evaluation');
        expect(known.cooperative).not.toBeNull();
        if (right?.role === 'member') expect([given.member, capacity]).toEqual([true, null]);
        else expect([right?.role, (seat ?? staff) !== null]).toEqual([capacity?.role, true]);
        expect([null, TWO_STEP, STEP_UP]).toContain(given.acr);
        if (right?.conditions.stepUp) expect(given.acr).toBe(STEP_UP);
        if (ACTIONS.get(name)?.changes) expect(capacity?.freshness).toBe('fresh');
        if (right?.conditions.ministries === 'competent')
          expect(staff?.ministry).toBe(known.cooperative?.ilgiliBakanlik);
        if (right?.conditions.il === 'own') expect(staff?.il).toBe(known.cooperative?.il);
      }),
      RUNS,
    );
  });

  it('gives an explanation of the same words each time', () => {
    fc.assert(
      fc.property(action, context, facts, (name, given, known) => {
        const told = () => explain(evaluate({ action: name, context: given }, known, TIME), null);
        expect(told()).toEqual(told());
        expect(told().tr).not.toBe('');
      }),
    );
  });

  it('of a person without seat, role or membership is never true', () => {
    fc.assert(
      fc.property(action, acr, facts, (name, strength, known) => {
        const bare = { ...known, seats: [], roles: [] };
        const question = { action: name, context: { member: false, acr: strength } };
        expect(evaluate(question, bare, TIME).decision).toBe(false);
      }),
      RUNS,
    );
  });

  it('never grants more where a seat, a role or a membership is taken away', () => {
    fc.assert(
      fc.property(action, context, facts, fc.nat(), (name, given, known, n) => {
        const fewer = { ...known, roles: known.roles.filter((_role, i) => i !== n % 4) };
        const ask = (of: AuthorityFacts) => evaluate({ action: name, context: given }, of, TIME).decision;
        expect(ask(known) || !ask(fewer)).toBe(true);
      }),
      RUNS,
    );
  });
});
