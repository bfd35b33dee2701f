import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AuthorityDecision, decideAuthority } from '../../src/authority/decide.js';
import type { AuthorityFacts, SeatRole } from '../../src/authority/facts.js';
import { COOPERATIVE, factsOf, NOW, seat, staff, TODAY } from '../verification/support/parts.js';

const TIME = { now: NOW, today: TODAY, staleAfterHours: 48, nothingAfterHours: 96, afterTermDays: 0 };
const HOUR_MS = 3_600_000;

const decide = (changes: Partial<AuthorityFacts>): AuthorityDecision =>
  decideAuthority(factsOf(changes), TIME);

/** One word for a decision. */
function word(decision: AuthorityDecision): string {
  if (decision.kind === 'granted') return decision.grants.map((grant) => grant.role).join('+');
  return decision.kind === 'denied' ? decision.reason : decision.kind;
}

describe('a seat', () => {
  it.each<[string, SeatRole]>([
    ['board', 'board'],
    ['denetci', 'denetci'],
    ['appointee', 'appointee'],
    ['ministry-representative', 'ministry-representative'],
  ])('as %s is authority in that capacity, resting on the seat', (_name, role) => {
    const decision = decide({ seats: [seat({ role })] });
    expect(decision).toEqual({
      kind: 'granted',
      grants: [{ role, basis: seat().seatId }],
      cooperative: COOPERATIVE,
    });
  });

  it.each([
    ['that is not registered', { registeredOn: null }, 'not-registered-yet'],
    ['registered tomorrow', { registeredOn: '2026-05-05' }, 'not-registered-yet'],
    ['registered today', { registeredOn: TODAY }, 'board'],
    ['that begins tomorrow', { startsOn: '2026-05-05' }, 'not-registered-yet'],
    ['that begins today', { startsOn: TODAY }, 'board'],
    ['that ends tomorrow', { endsOn: '2026-05-05' }, 'board'],
    ['on the day on which it ends', { endsOn: TODAY }, 'term-ended'],
    ['that ended yesterday', { endsOn: '2026-05-03' }, 'term-ended'],
    ['without an end', { endsOn: null }, 'board'],
    ['of the closed system', { role: 'legacy-appointee' as const }, 'legacy-ended'],
    [
      'of the closed system whose term also ended',
      { role: 'legacy-appointee' as const, endsOn: TODAY },
      'legacy-ended',
    ],
  ])('%s gives what its dates say', (_name, changes, expected) => {
    expect(word(decide({ seats: [seat(changes)] }))).toBe(expected);
  });

  it.each([
    ['is suspended', { suspended: true }, 'suspended'],
    ['is in liquidation', { durum: 'tasfiye' }, 'no-seat'],
    ['is deleted', { durum: 'terkin' }, 'no-seat'],
    ['has a status nobody knows', { durum: '' }, 'no-seat'],
    ['was read longer ago than allowed', { readAt: new Date(NOW.getTime() - 48 * HOUR_MS - 1) }, 'stale'],
    ['was read just within what is allowed', { readAt: new Date(NOW.getTime() - 48 * HOUR_MS) }, 'board'],
    ['was read by a clock a little ahead of ours', { readAt: new Date(NOW.getTime() + 600_000) }, 'board'],
    ['was read at a time that has not come', { readAt: new Date(NOW.getTime() + 600_001) }, 'stale'],
    ['was read in a year far ahead', { readAt: new Date('2999-01-01') }, 'stale'],
  ])('at a cooperative that %s gives what the cooperative allows', (_name, changes, expected) => {
    const cooperative = { ...COOPERATIVE, ...changes };
    expect(word(decide({ cooperative, seats: [seat()] }))).toBe(expected);
  });

  it('at a cooperative that nobody knows is no authority', () => {
    expect(word(decide({ cooperative: null, seats: [seat()], roles: [staff()] }))).toBe('no-seat');
  });
});

describe('staff', () => {
  it.each([
    ['of the directorate of the il', {}, 'directorate'],
    ['of the directorate of another il', { il: 'İzmir' }, 'outside-own-area'],
    ['of a directorate without an il', { il: null }, 'outside-own-area'],
    ['of the same il in another ministry', { ministry: 'tarim' as const }, 'outside-own-area'],
    ['of the ministry, central', { role: 'ministry-central', il: null }, 'ministry-central'],
    ['of the ministry, manager', { role: 'ministry-manager', il: null }, 'ministry-manager'],
    [
      'of another ministry, central',
      { role: 'ministry-central', ministry: 'cevre' as const },
      'outside-own-area',
    ],
    ['without a ministry', { role: 'ministry-central', ministry: null }, 'outside-own-area'],
    ['with a role that is no staff role', { role: 'security-officer' }, 'no-seat'],
  ])('%s may do what the competence of the place says', (_name, changes, expected) => {
    expect(word(decide({ roles: [staff(changes)] }))).toBe(expected);
  });

  it('does not need the cooperative to be active: supervision goes on in liquidation', () => {
    expect(word(decide({ cooperative: { ...COOPERATIVE, durum: 'tasfiye' }, roles: [staff()] }))).toBe(
      'directorate',
    );
  });
});

describe('somebody with a seat at the cooperative', () => {
  it.each([
    ['on the board', seat(), 'board'],
    ['as auditor', seat({ role: 'denetci' }), 'denetci'],
    ['as appointee', seat({ role: 'appointee' }), 'appointee'],
    ['elected and not registered', seat({ registeredOn: null }), 'not-registered-yet'],
    ['that begins tomorrow', seat({ startsOn: '2026-05-05' }), 'not-registered-yet'],
    ['of the closed system', seat({ role: 'legacy-appointee' }), 'legacy-ended'],
    ['that ended today', seat({ endsOn: TODAY }), 'directorate'],
  ])('%s decides nothing on it as staff', (_name, one, expected) => {
    expect(word(decide({ seats: [one], roles: [staff()] }))).toBe(expected);
    const central = staff({ role: 'ministry-central', il: null });
    const manager = staff({ role: 'ministry-manager', il: null });
    for (const role of [central, manager])
      expect(word(decide({ seats: [one], roles: [role] }))).toBe(
        expected === 'directorate' ? role.role : expected,
      );
  });

  it('does not act there as the ministry’s representative either', () => {
    const sent = staff({
      role: 'ministry-representative',
      ministry: null,
      il: null,
      mersisNo: COOPERATIVE.mersisNo,
      startsOn: TODAY,
      endsOn: '2026-05-05',
    });
    expect(word(decide({ roles: [sent] }))).toBe('ministry-representative');
    expect(word(decide({ seats: [seat()], roles: [sent] }))).toBe('board');
  });

  it('is told what is wrong with the seat, where a suspension or an old reading takes it', () => {
    const suspended = { ...COOPERATIVE, suspended: true };
    expect(word(decide({ cooperative: suspended, seats: [seat()], roles: [staff()] }))).toBe('suspended');
    const old = { ...COOPERATIVE, readAt: new Date(0) };
    expect(word(decide({ cooperative: old, seats: [seat()], roles: [staff()] }))).toBe('stale');
  });
});

describe('a representative by a recorded decision', () => {
  const sent = (changes: Partial<ReturnType<typeof staff>> = {}) =>
    staff({
      role: 'ministry-representative',
      ministry: null,
      il: null,
      mersisNo: COOPERATIVE.mersisNo,
      startsOn: TODAY,
      endsOn: '2026-05-06',
      ...changes,
    });

  it.each([
    ['on the first day', {}, 'ministry-representative'],
    ['on the last day', { startsOn: '2026-05-01', endsOn: '2026-05-05' }, 'ministry-representative'],
    ['the day before', { startsOn: '2026-05-05' }, 'not-registered-yet'],
    ['on the day on which it is over', { startsOn: '2026-05-01', endsOn: TODAY }, 'term-ended'],
    ['without days', { startsOn: null, endsOn: null }, 'not-registered-yet'],
    ['without an end', { endsOn: null }, 'term-ended'],
    ['for another cooperative', { mersisNo: '0999999999000015' }, 'no-seat'],
    ['for none', { mersisNo: null }, 'no-seat'],
  ])('%s gives what its days say', (_name, changes, expected) => {
    expect(word(decide({ roles: [sent(changes)] }))).toBe(expected);
  });

  it('goes to the assembly of a cooperative in liquidation too', () => {
    expect(word(decide({ cooperative: { ...COOPERATIVE, durum: 'tasfiye' }, roles: [sent()] }))).toBe(
      'ministry-representative',
    );
  });

  it('beside a directorate elsewhere is told to be outside the own area', () => {
    const elsewhere = sent({ mersisNo: '0999999999000015' });
    expect(word(decide({ roles: [elsewhere, staff({ il: 'İzmir' })] }))).toBe('outside-own-area');
  });
});

describe('several seats and roles', () => {
  const ENDED = seat({ endsOn: '2025-01-01' });
  const WAITING = seat({ registeredOn: null });
  const LEGACY = seat({ role: 'legacy-appointee' });

  it('one that holds is enough, and those that do not are not named', () => {
    expect(word(decide({ seats: [ENDED, WAITING, seat(), LEGACY] }))).toBe('board');
  });

  it('a representative’s seat and a competence are both kept, the seat first', () => {
    const sent = seat({ role: 'ministry-representative' });
    expect(word(decide({ seats: [sent], roles: [staff()] }))).toBe('ministry-representative+directorate');
  });

  it.each([
    ['waiting before ended', [ENDED, WAITING], 'not-registered-yet'],
    ['ended before legacy', [LEGACY, ENDED], 'term-ended'],
    ['legacy alone', [LEGACY], 'legacy-ended'],
    ['none at all', [], 'no-seat'],
  ])('that give nothing name the nearest miss: %s', (_name, seats, expected) => {
    expect(word(decide({ seats }))).toBe(expected);
  });

  it('a suspension is named before a stale reading, and both before what is wrong with other seats', () => {
    const old = { ...COOPERATIVE, readAt: new Date(0) };
    expect(word(decide({ cooperative: old, seats: [ENDED, seat()] }))).toBe('stale');
    expect(word(decide({ cooperative: { ...old, suspended: true }, seats: [ENDED, seat()] }))).toBe(
      'suspended',
    );
  });

  it('staff from elsewhere with a seat that gives nothing hears about the seat', () => {
    expect(word(decide({ seats: [ENDED], roles: [staff({ il: 'İzmir' })] }))).toBe('term-ended');
  });
});

describe('whatever the facts', () => {
  const day = fc.constantFrom('2020-01-01', '2026-05-03', TODAY, '2026-05-05', '2030-01-01');
  const seats = fc.array(
    fc.record({
      seatId: fc.uuid(),
      role: fc.constantFrom<SeatRole>(
        'board',
        'denetci',
        'appointee',
        'legacy-appointee',
        'ministry-representative',
      ),
      startsOn: day,
      endsOn: fc.option(day),
      registeredOn: fc.option(day),
      goneOn: fc.option(day),
    }),
    { maxLength: 4 },
  );
  const roles = fc.array(
    fc.record({
      roleId: fc.uuid(),
      role: fc.constantFrom(
        'directorate',
        'ministry-central',
        'ministry-manager',
        'ministry-representative',
        'finance',
      ),
      ministry: fc.option(fc.constantFrom('ticaret' as const, 'tarim' as const)),
      il: fc.option(fc.constantFrom('Ankara', 'İzmir')),
      mersisNo: fc.option(fc.constantFrom(COOPERATIVE.mersisNo, '0999999999000015')),
      startsOn: fc.option(day),
      endsOn: fc.option(day),
    }),
    { maxLength: 3 },
  );
  const cooperative = fc.option(
    fc.record({
      mersisNo: fc.constant(COOPERATIVE.mersisNo),
      il: fc.constantFrom('Ankara', 'İzmir'),
      ilgiliBakanlik: fc.constantFrom('ticaret' as const, 'tarim' as const),
      durum: fc.constantFrom('faal', 'tasfiye'),
      suspended: fc.boolean(),
      underTrustee: fc.boolean(),
      hasBoard: fc.boolean(),
      version: fc.nat(),
      readAt: fc.constantFrom(NOW, new Date(0)),
    }),
  );

  it('a grant rests on a seat that is registered and running at an active cooperative, or on a competent role', () => {
    fc.assert(
      fc.property(cooperative, seats, roles, (coop, held, given) => {
        const decision = decideAuthority(
          { cooperative: coop, seatedAt: coop, seats: held, roles: given },
          TIME,
        );
        if (decision.kind !== 'granted') return;
        for (const { basis, role } of decision.grants) {
          const one = held.find((candidate) => candidate.seatId === basis && candidate.role === role);
          if (one !== undefined) {
            expect(one.role).not.toBe('legacy-appointee');
            expect(one.registeredOn !== null && one.registeredOn <= TODAY).toBe(true);
            expect(one.startsOn <= TODAY && (one.endsOn === null || one.endsOn > TODAY)).toBe(true);
            expect(one.goneOn === null || one.goneOn > TODAY).toBe(true);
            expect(coop?.readAt).toEqual(NOW);
            expect(coop?.durum).toBe(one.role === 'liquidator' ? 'tasfiye' : 'faal');
            // Whom a court put in the place of the board no suspension removes.
            expect(coop?.suspended === true && one.role !== 'trustee').toBe(false);
            if (one.role === 'board' || one.role === 'appointee') expect(coop?.underTrustee).toBe(false);
          } else {
            const office = given.find((candidate) => candidate.roleId === basis);
            const isOver = (day: string | null) => day !== null && day <= TODAY;
            for (const { role: seatRole, endsOn, goneOn } of held)
              expect(seatRole === 'ministry-representative' || isOver(endsOn) || isOver(goneOn)).toBe(true);
            if (office?.role === 'ministry-representative') {
              expect(office.mersisNo).toBe(coop?.mersisNo);
              expect((office.startsOn ?? '9') <= TODAY && (office.endsOn ?? '') > TODAY).toBe(true);
              continue;
            }
            expect(office?.ministry).toBe(coop?.ilgiliBakanlik);
            if (office?.role === 'directorate') expect(office.il).toBe(coop?.il);
          }
        }
      }),
    );
  });

  it('the order in which seats and roles were read changes nothing but the order of grants', () => {
    fc.assert(
      fc.property(cooperative, seats, roles, (coop, held, given) => {
        const there = decideAuthority({ cooperative: coop, seatedAt: coop, seats: held, roles: given }, TIME);
        const back = decideAuthority(
          { cooperative: coop, seatedAt: coop, seats: [...held].reverse(), roles: [...given].reverse() },
          TIME,
        );
        const sorted = (decision: AuthorityDecision) => word(decision).split('+').sort();
        expect(sorted(back)).toEqual(sorted(there));
      }),
    );
  });
});
