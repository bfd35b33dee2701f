import { describe, expect, it } from '@jest/globals';
import { decideAuthority, standingOf } from '../../src/authority/decide.js';
import type { AuthorityFacts, CooperativeFacts, Seat, SeatRole } from '../../src/authority/facts.js';
import { COOPERATIVE, factsOf, NOW, seat, staff, TODAY } from '../verification/support/parts.js';

const TIME = { now: NOW, today: TODAY, staleAfterHours: 48, nothingAfterHours: 96, afterTermDays: 0 };
const YESTERDAY = '2026-05-03';
const TOMORROW = '2026-05-05';
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const ALL: readonly SeatRole[] = [
  ...(['board', 'denetci', 'liquidator', 'trustee', 'appointee', 'legacy-appointee'] as const),
  'ministry-representative',
];

/** What somebody is: capacities, or the nearest miss. */
function is(changes: Partial<AuthorityFacts>, time: Partial<typeof TIME> = {}): string {
  const { capacities, miss } = standingOf(factsOf(changes), { ...TIME, ...time });
  const words = capacities.map(({ role, freshness }) =>
    freshness === 'fresh' ? role : `${role} (${freshness})`,
  );
  return words.length === 0 ? miss : words.join('+');
}
const at = (
  changes: Partial<CooperativeFacts>,
  seats: readonly Seat[],
  more: Partial<AuthorityFacts> = {},
) => {
  const cooperative = { ...COOPERATIVE, ...changes };
  return { cooperative, seatedAt: cooperative, seats, ...more };
};
/** Who of all kinds of seats acts at such a cooperative. */
const acting = (changes: Partial<CooperativeFacts>) =>
  ALL.filter((role) => is(at(changes, [seat({ role })])) === role);

describe('the state of a cooperative', () => {
  it.each<[string, Partial<CooperativeFacts>, readonly string[]]>([
    ['faal', {}, ['board', 'denetci', 'trustee', 'appointee', 'ministry-representative']],
    ['in liquidation', { durum: 'tasfiye' }, ['liquidator']],
    ['deleted', { durum: 'terkin' }, []],
    ['merged', { durum: 'birleşme' }, []],
    ['without a known status', { durum: '' }, []],
    ['of a status that nobody knows', { durum: 'toString' }, []],
    ['under a trustee', { underTrustee: true }, ['denetci', 'trustee', 'ministry-representative']],
    ['suspended', { suspended: true }, ['trustee']],
    ['suspended, under a trustee', { suspended: true, underTrustee: true }, ['trustee']],
    ['suspended in liquidation', { suspended: true, durum: 'tasfiye' }, []],
    ['deleted, under a trustee', { durum: 'terkin', underTrustee: true }, []],
  ])('that is %s lets these act and nobody else', (_name, changes, expected) => {
    expect(acting(changes)).toEqual(expected);
  });

  it.each<[string, Partial<CooperativeFacts>, SeatRole, string]>([
    ['a suspended board', { suspended: true }, 'board', 'suspended'],
    ['a board in whose place a trustee stands', { underTrustee: true }, 'board', 'suspended'],
    ['an appointee in whose place a trustee stands', { underTrustee: true }, 'appointee', 'suspended'],
    ['a board in liquidation', { durum: 'tasfiye' }, 'board', 'no-seat'],
    ['liquidators where nothing is liquidated', {}, 'liquidator', 'no-seat'],
  ])('is what %s is told of', (_name, changes, role, expected) => {
    expect(is(at(changes, [seat({ role })]))).toBe(expected);
  });
});

describe('a seat that its source names no longer', () => {
  it.each([
    ['from today', { goneOn: TODAY }, 'no-seat'],
    ['from yesterday', { goneOn: YESTERDAY }, 'no-seat'],
    ['from tomorrow', { goneOn: TOMORROW }, 'board'],
    ['and that was never registered', { goneOn: TODAY, registeredOn: null }, 'no-seat'],
    ['and whose term is over too', { goneOn: YESTERDAY, endsOn: TODAY }, 'term-ended'],
  ])('%s gives what is left of it', (_name, changes, expected) => {
    expect(is(at({}, [seat(changes)]))).toBe(expected);
  });

  it('is no seat that keeps its person from deciding as staff', () => {
    expect(is(at({}, [seat({ goneOn: TODAY })], { roles: [staff()] }))).toBe('directorate');
    expect(is(at({}, [seat({ goneOn: TOMORROW })], { roles: [staff()] }))).toBe('board');
  });
});

describe('an old board', () => {
  const ended = seat({ endsOn: '2026-04-24' });
  const noBoard = { hasBoard: false };

  it.each([
    [0, 'term-ended'],
    [10, 'term-ended'],
    [11, 'board-after-term'],
    [365, 'board-after-term'],
  ])(
    'with %i days by the settings is what they make of it ten days after its term',
    (afterTermDays, expected) => {
      expect(is(at(noBoard, [ended]), { afterTermDays })).toBe(expected);
    },
  );

  it.each<[string, Partial<CooperativeFacts>, string]>([
    ['while a new board runs', { hasBoard: true }, 'term-ended'],
    ['while it is suspended', { ...noBoard, suspended: true }, 'term-ended'],
    ['under a trustee', { ...noBoard, underTrustee: true }, 'term-ended'],
    ['in liquidation', { ...noBoard, durum: 'tasfiye' }, 'term-ended'],
    ['of a deleted one', { ...noBoard, durum: 'terkin' }, 'term-ended'],
  ])('calls no assembly %s', (_name, changes, expected) => {
    expect(is(at(changes, [ended]), { afterTermDays: 30 })).toBe(expected);
  });

  it.each<[string, Partial<Seat>]>([
    ['who left before the term was over', { goneOn: '2026-04-23' }],
    ['who was never registered', { registeredOn: null }],
    ['who was registered only when the term was over', { registeredOn: '2026-04-24' }],
    ['whose seat was an auditor’s', { role: 'denetci' }],
    ['who was appointed', { role: 'appointee' }],
    ['who was appointed in the closed system', { role: 'legacy-appointee' }],
  ])('is nobody %s', (_name, changes) => {
    expect(is(at(noBoard, [{ ...ended, ...changes }]), { afterTermDays: 30 })).not.toContain('after-term');
  });

  it('is one that was no longer named only once its term was over', () => {
    const seats = [{ ...ended, goneOn: '2026-04-25' }];
    expect(is(at(noBoard, seats), { afterTermDays: 30 })).toBe('board-after-term');
  });

  it('decides nothing on its own cooperative as staff while it still calls the assembly', () => {
    const facts = at(noBoard, [ended], { roles: [staff()] });
    expect(is(facts, { afterTermDays: 30 })).toBe('board-after-term');
    expect(is(facts, { afterTermDays: 5 })).toBe('directorate');
  });

  it('decides nothing there as staff either where the reading is too old for the assembly itself', () => {
    const old = { ...noBoard, readAt: hoursAgo(97) };
    expect(is(at(old, [ended], { roles: [staff()] }), { afterTermDays: 30 })).toBe('stale');
    expect(is(at(old, [ended], { roles: [staff()] }), { afterTermDays: 0 })).toBe('directorate');
  });
});

describe('the age of a reading', () => {
  it.each([
    [48, 'board'],
    [48.001, 'board (reads-only)'],
    [96, 'board (reads-only)'],
    [96.001, 'stale'],
  ])('of %d hours leaves what the settings leave', (hours, expected) => {
    expect(is(at({ readAt: hoursAgo(hours) }, [seat()]))).toBe(expected);
  });

  it('that leaves reading alone grants nothing to whoever asks for a right to change something', () => {
    const decision = decideAuthority(factsOf(at({ readAt: hoursAgo(50) }, [seat()])), TIME);
    expect(decision).toEqual({ kind: 'denied', reason: 'stale' });
  });

  it('does not touch staff', () => {
    expect(is(at({ readAt: hoursAgo(10_000) }, [], { roles: [staff()] }))).toBe('directorate');
  });
});

describe('a cooperative that went into another', () => {
  const merged = { ...COOPERATIVE, durum: 'birleşme' };
  const other: CooperativeFacts = { ...COOPERATIVE, mersisNo: '0999999999000015', il: 'İzmir' };
  const into = (changes: Partial<AuthorityFacts>) => ({ cooperative: merged, seatedAt: other, ...changes });

  it('is acted for by the other one’s board, by the other one’s state', () => {
    expect(is(into({ seats: [seat()] }))).toBe('board');
    expect(is(into({ seats: [seat()], seatedAt: { ...other, suspended: true } }))).toBe('suspended');
    expect(is(into({ seats: [seat()], seatedAt: { ...other, durum: 'terkin' } }))).toBe('no-seat');
    expect(
      is(into({ seats: [seat({ role: 'liquidator' })], seatedAt: { ...other, durum: 'tasfiye' } })),
    ).toBe('liquidator');
  });

  it('counts the older of both readings', () => {
    expect(is(into({ seats: [seat()], seatedAt: { ...other, readAt: hoursAgo(50) } }))).toBe(
      'board (reads-only)',
    );
    expect(is(into({ seats: [seat()], cooperative: { ...merged, readAt: hoursAgo(100) } }))).toBe('stale');
  });

  it('whose other one nobody knows is acted for by nobody', () => {
    expect(is(into({ seats: [seat()], seatedAt: null }))).toBe('no-seat');
  });

  it('is supervised by its own directorate, not by the other one’s', () => {
    expect(is(into({ roles: [staff()] }))).toBe('directorate');
    expect(is(into({ roles: [staff({ il: 'İzmir' })] }))).toBe('outside-own-area');
  });

  it('is decided on by no staff that sits at the other one, whatever the seat gives', () => {
    for (const changes of [{}, { registeredOn: null }, { startsOn: TOMORROW }, { role: 'denetci' as const }])
      expect(is(into({ seats: [seat(changes)], roles: [staff()] }))).not.toContain('directorate');
    expect(is(into({ seats: [seat({ endsOn: TODAY })], roles: [staff()] }))).toBe('directorate');
  });
});
