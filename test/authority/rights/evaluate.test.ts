import { describe, expect, it } from '@jest/globals';
import type { AuthorityFacts, Seat, StaffRole } from '../../../src/authority/facts.js';
import { ACTIONS } from '../../../src/authority/rights/actions.js';
import type { KindAndLevel } from '../../../src/authority/rights/conditions.js';
import { type EvaluationQuestion, evaluate, indexRights } from '../../../src/authority/rights/evaluate.js';
import { RIGHTS, type RightRow } from '../../../src/authority/rights/rights.js';
import { ACR_STEP_UP, ACR_TWO_STEP } from '../../../src/sign-in/access-tokens.js';
import { factsOf, readBefore, STEP_UP, seat, staff, TIME, TWO_STEP } from './support/facts.js';

const ask = (action: string, facts: AuthorityFacts, context: Partial<EvaluationQuestion['context']> = {}) =>
  evaluate({ action, context: { member: false, acr: null, ...context } }, facts, TIME);

const codeOf = (...args: Parameters<typeof ask>) => ask(...args).reason.code;

/** Every action that is granted, as somebody with the strongest sign-in. */
const granted = (facts: AuthorityFacts, member = false) =>
  [...ACTIONS.keys()].filter((action) => ask(action, facts, { member, acr: STEP_UP }).decision);

const tableOf = (role: string) =>
  [...ACTIONS.keys()].filter((action) =>
    RIGHTS.some(
      (row) => row.role === role && row.action === action && row.conditions.through === 'evaluation',
    ),
  );

const READS = ['member.read', 'document.read', 'attendance-list.read', 'cooperative.read', 'authority.read'];
const liquidation = { durum: 'tasfiye' };

describe('a right', () => {
  it.each<[string, AuthorityFacts]>([
    ['board', factsOf({ seats: [seat()] })],
    ['denetci', factsOf({ seats: [seat({ role: 'denetci' })] })],
    ['appointee', factsOf({ seats: [seat({ role: 'appointee' })] })],
    ['trustee', factsOf({ seats: [seat({ role: 'trustee' })] }, { underTrustee: true })],
    ['liquidator', factsOf({ seats: [seat({ role: 'liquidator' })] }, liquidation)],
    ['board-after-term', factsOf({ seats: [seat({ endsOn: '2026-05-01' })] }, { hasBoard: false })],
    ['directorate', factsOf({ roles: [staff('directorate')] })],
    ['ministry-central', factsOf({ roles: [staff('ministry-central', { il: null })] })],
    ['ministry-manager', factsOf({ roles: [staff('ministry-manager', { il: null })] })],
    [
      'ministry-representative',
      factsOf({
        roles: [
          staff('ministry-representative', {
            ministry: null,
            il: null,
            mersisNo: '0000000000000017',
            startsOn: '2026-05-04',
            endsOn: '2026-05-05',
          }),
        ],
      }),
    ],
    ['ministry-representative', factsOf({ seats: [seat({ role: 'ministry-representative' })] })],
  ])('of %s is what the table has, and nothing else', (role, facts) => {
    expect(tableOf(role)).not.toEqual([]);
    expect(granted(facts)).toEqual(tableOf(role));
  });

  it('of a denetçi is to read, and the second of two persons of the board is no condition', () => {
    expect(granted(factsOf({ seats: [seat({ role: 'denetci' })] }))).toEqual(
      [...ACTIONS.keys()].filter((action) => READS.includes(action)),
    );
  });

  it('of an appointee is the board’s, but for appointing the next one', () => {
    expect(tableOf('board').filter((action) => !tableOf('appointee').includes(action))).toEqual([
      'appointee.apply',
    ]);
  });

  it('names the row, the capacity and the seat that it rests on', () => {
    const { decision, reason, right, capacity, seat: on } = ask('member.add', factsOf({ seats: [seat()] }));
    expect({ decision, reason, right: right?.role, capacity, on }).toEqual({
      decision: true,
      reason: { code: 'granted' },
      right: 'board',
      capacity: { role: 'board', basis: seat().seatId, freshness: 'fresh' },
      on: seat(),
    });
  });

  it('is found among several capacities, whichever of them has it', () => {
    const seats = [seat({ role: 'denetci', seatId: 'a' }), seat({ seatId: 'b' })];
    expect(ask('member.add', factsOf({ seats })).seat?.seatId).toBe('b');
  });

  it('of a merged cooperative is the successor’s board’s', () => {
    const facts = factsOf({ seats: [seat()] });
    const merged = {
      ...facts.cooperative,
      durum: 'birleşme',
      hasBoard: false,
    } as AuthorityFacts['cooperative'];
    expect(codeOf('member.add', { ...facts, cooperative: merged })).toBe('granted');
    expect(codeOf('member.add', { ...facts, cooperative: merged, seatedAt: null })).toBe('no-seat');
  });
});

describe('a miss', () => {
  const nobody = factsOf();
  it.each<[string, string, AuthorityFacts]>([
    ['unknown-action', 'member.remove', factsOf({ seats: [seat()] })],
    ['unknown-action', 'toString', factsOf({ seats: [seat()] })],
    ['resource-unknown', 'member.add', { ...nobody, cooperative: null, seatedAt: null }],
    ['no-seat', 'member.add', nobody],
    ['no-seat', 'member.add', factsOf({ seats: [seat()] }, { durum: 'terkin' })],
    ['no-seat', 'member.add', factsOf({ seats: [seat()] }, { durum: 'başka' })],
    ['not-registered-yet', 'member.add', factsOf({ seats: [seat({ registeredOn: null })] })],
    ['term-ended', 'member.add', factsOf({ seats: [seat({ endsOn: '2026-05-04' })] })],
    ['legacy-ended', 'document.read', factsOf({ seats: [seat({ role: 'legacy-appointee' })] })],
    ['suspended', 'member.add', factsOf({ seats: [seat()] }, { suspended: true })],
    ['suspended', 'member.add', factsOf({ seats: [seat()] }, { underTrustee: true })],
    ['outside-own-area', 'document.read', factsOf({ roles: [staff('directorate', { il: 'İzmir' })] })],
    [
      'outside-own-area',
      'document.read',
      factsOf({ roles: [staff('ministry-central', { ministry: 'tarim' })] }),
    ],
    ['right-not-in-table', 'member.add', factsOf({ seats: [seat({ role: 'denetci' })] })],
    ['right-not-in-table', 'member.add', factsOf({ roles: [staff('directorate')] })],
    ['right-not-in-table', 'appointee.decide', factsOf({ seats: [seat()] })],
    ['no-seat', 'authority.read', factsOf({ roles: [staff('administrator')] })],
    ['no-seat', 'authority.read', factsOf({ roles: [staff('security-officer')] })],
  ])('is told as %s', (code, action, facts) => {
    const evaluation = ask(action, facts, { acr: STEP_UP });
    expect([evaluation.decision, evaluation.reason.code, evaluation.right]).toEqual([false, code, null]);
  });

  it.each([
    ['not-registered-yet', seat({ registeredOn: null })],
    ['term-ended', seat({ endsOn: '2026-05-04' })],
  ])('names the seat that comes nearest: %s', (code, near) => {
    const other = seat({ seatId: 'other', role: 'legacy-appointee' });
    const { reason, seat: named } = ask('member.add', factsOf({ seats: [other, near] }));
    expect([reason.code, named]).toEqual([code, near]);
  });

  it('of an old board that may call the assembly only is that its term is over', () => {
    const facts = factsOf({ seats: [seat({ endsOn: '2026-05-01' })] }, { hasBoard: false });
    expect([codeOf('assembly.call', facts), codeOf('member.add', facts)]).toEqual(['granted', 'term-ended']);
  });

  it('of staff who hold a seat there is nothing but what the seat gives', () => {
    const facts = factsOf({ seats: [seat({ registeredOn: null })], roles: [staff('directorate')] });
    expect(codeOf('appointee.decide', facts)).toBe('not-registered-yet');
  });
});

describe('an old reading', () => {
  const aged = (hours: number, given: { seats?: readonly Seat[]; roles?: readonly StaffRole[] }) =>
    factsOf(given, { readAt: readBefore(hours) });

  it('gives the board no right to change anything, and lets it read and have MERSİS read anew', () => {
    const facts = aged(25, { seats: [seat()] });
    for (const [action, { changes }] of ACTIONS)
      expect([action, ask(action, facts).decision]).toEqual([
        action,
        !changes && tableOf('board').includes(action),
      ]);
    const { reason, freshness, readAt, right } = ask('member.add', facts);
    expect([reason.code, freshness, readAt, right?.role]).toEqual([
      'stale',
      'reads-only',
      readBefore(25),
      'board',
    ]);
  });

  it('of longer ago gives no right that rests on a seat', () => {
    const facts = aged(73, { seats: [seat()] });
    expect(granted(facts)).toEqual([]);
    const { reason, freshness, seat: near } = ask('document.read', facts);
    expect([reason.code, freshness, near]).toEqual(['stale', 'stale', seat()]);
  });

  it('leaves staff what they have, and says how old it is', () => {
    const facts = aged(73, { roles: [staff('directorate')] });
    const { decision, freshness } = ask('appointee.decide', facts);
    expect([decision, freshness]).toEqual([true, 'stale']);
  });

  it('of the successor counts as one of the merged cooperative, whichever is older', () => {
    const facts = factsOf({ seats: [seat()] }, { readAt: readBefore(2) });
    const merged = { ...facts.cooperative, durum: 'birleşme', readAt: readBefore(30) };
    const { reason, readAt } = ask('member.add', { ...facts, cooperative: merged } as AuthorityFacts);
    expect([reason.code, readAt]).toEqual(['stale', readBefore(30)]);
  });

  it('of a cooperative that nobody has read is none', () => {
    const { freshness, readAt } = ask('member.add', { ...factsOf(), cooperative: null, seatedAt: null });
    expect([freshness, readAt]).toEqual(['stale', null]);
  });
});

describe('the sign-in', () => {
  const board = factsOf({ seats: [seat()] });
  const office = factsOf({ roles: [staff('directorate')] });

  it('knows the words that sessions have', () => {
    expect([TWO_STEP, STEP_UP]).toEqual([ACR_TWO_STEP, ACR_STEP_UP]);
  });

  it.each([
    ['two steps', TWO_STEP, 'granted'],
    ['step-up', STEP_UP, 'granted'],
    ['nothing said', null, 'granted'],
    ['one step', 'urn:koopbis:acr:one-step', 'two-step-required'],
    ['an empty word', '', 'two-step-required'],
    ['a word in other letters', 'URN:KOOPBIS:ACR:TWO-STEP', 'two-step-required'],
  ])('with %s is enough for an ordinary right, or not', (_name, acr, code) => {
    expect(codeOf('member.add', board, { acr })).toBe(code);
  });

  it.each([
    ['two steps', TWO_STEP, 'step-up-required'],
    ['step-up', STEP_UP, 'granted'],
    ['nothing said', null, 'step-up-required'],
    ['one step', 'urn:koopbis:acr:one-step', 'two-step-required'],
  ])('with %s is enough to suspend a cooperative, or not', (_name, acr, code) => {
    const { decision, reason, right } = ask('cooperative.suspend', office, { acr });
    expect([decision, reason.code]).toEqual([code === 'granted', code]);
    if (code === 'step-up-required') expect(right?.action).toBe('cooperative.suspend');
  });
});

describe('a member', () => {
  it('reads documents and the attendance list of a known cooperative, and nothing else', () => {
    expect(granted(factsOf(), true)).toEqual(['document.read', 'attendance-list.read']);
    expect(codeOf('member.read', factsOf(), { member: true })).toBe('right-not-in-table');
  });

  it.each([
    ['faal', 'granted'],
    ['tasfiye', 'granted'],
    ['birleşme', 'granted'],
    ['terkin', 'no-seat'],
    ['', 'no-seat'],
  ])('at a cooperative with the status %j gets: %s', (durum, code) => {
    expect(codeOf('document.read', factsOf({}, { durum }), { member: true })).toBe(code);
  });

  it('at a cooperative that is not known is nobody', () => {
    const facts = { ...factsOf(), cooperative: null, seatedAt: null };
    expect(codeOf('document.read', facts, { member: true })).toBe('resource-unknown');
  });

  it.each([['true'], [1], [{}], [null], [undefined]])('is one by the word true alone, not by %j', (said) => {
    const context = { member: said as unknown as boolean };
    expect(codeOf('document.read', factsOf(), context)).toBe('no-seat');
  });

  it('whose sign-in is too weak reads nothing', () => {
    expect(codeOf('document.read', factsOf(), { member: true, acr: 'x' })).toBe('two-step-required');
  });

  it('who also waits for registration on the board still reads as a member', () => {
    const facts = factsOf({ seats: [seat({ registeredOn: null })] });
    expect(ask('document.read', facts, { member: true }).right?.role).toBe('member');
    expect(codeOf('member.add', facts, { member: true })).toBe('not-registered-yet');
  });
});

describe('a right of some kinds of cooperatives only', () => {
  const housing: KindAndLevel = { tur: 'KONUT YAPI', kanun: '1163', seviye: 'birim' };
  const [first] = RIGHTS.filter(({ role, action }) => role === 'board' && action === 'member.add');
  const askOf = (kinds: readonly string[], kind: KindAndLevel | null) => {
    const row: RightRow = {
      ...(first as RightRow),
      conditions: { ...(first as RightRow).conditions, kinds },
    };
    const question = { action: 'member.add', context: { member: false, acr: null } };
    return evaluate(question, factsOf({ seats: [seat()] }), TIME, { kind, rights: indexRights([row]) }).reason
      .code;
  };

  it('holds by kind or by level, and not where nobody says which kind it is', () => {
    expect(askOf(['Konut Yapı'], housing)).toBe('granted');
    expect(askOf(['birim'], housing)).toBe('granted');
    expect(askOf(['Sulama', 'birlik'], housing)).toBe('right-not-in-table');
    expect(askOf(['Konut Yapı'], null)).toBe('right-not-in-table');
    expect(askOf([], housing)).toBe('right-not-in-table');
  });
});
