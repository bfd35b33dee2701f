import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Counted, judgeCode, type Seen } from '../../../src/sign-in/step-up/judge-code.js';

const LIMITS = { maxFailures: 5, lockMinutes: 15 };
const NOW = new Date('2026-05-04T09:00:00.000Z');
const inMinutes = (minutes: number, from = NOW) => new Date(from.getTime() + minutes * 60_000);

const counted = (changes: Partial<Counted> = {}): Counted => ({
  lastStep: 100,
  failures: 0,
  lockedUntil: null,
  ...changes,
});
const totp = (step: number): Seen => ({ kind: 'totp', step });
const NOTHING: Seen = { kind: 'nothing' };

describe('a code', () => {
  it.each([
    ['a step never used is right and used up', counted(), totp(101), 'right', counted({ lastStep: 101 })],
    ['the last step used is refused and is no failure', counted(), totp(100), 'replayed-code', counted()],
    ['a step before the last one is refused', counted(), totp(99), 'replayed-code', counted()],
    [
      'a replay leaves the failures as they are',
      counted({ failures: 3 }),
      totp(100),
      'replayed-code',
      counted({ failures: 3 }),
    ],
    [
      'a right one forgets the failures',
      counted({ failures: 4 }),
      totp(102),
      'right',
      counted({ lastStep: 102 }),
    ],
    ['a wrong one is a failure', counted(), NOTHING, 'wrong-code', counted({ failures: 1 })],
    [
      'the fifth wrong one locks',
      counted({ failures: 4 }),
      NOTHING,
      'wrong-code',
      counted({ failures: 5, lockedUntil: inMinutes(15) }),
    ],
    [
      'a recovery code is right once and moves no step',
      counted({ failures: 2 }),
      { kind: 'recovery-code', used: false },
      'right',
      counted(),
    ],
    [
      'a used recovery code is refused and is no failure',
      counted({ failures: 2 }),
      { kind: 'recovery-code', used: true },
      'replayed-code',
      counted({ failures: 2 }),
    ],
    [
      'after the lock the first wrong one is the first failure',
      counted({ failures: 5, lockedUntil: NOW }),
      NOTHING,
      'wrong-code',
      counted({ failures: 1 }),
    ],
    [
      'after the lock a right one is right',
      counted({ failures: 5, lockedUntil: NOW }),
      totp(101),
      'right',
      counted({ lastStep: 101 }),
    ],
  ] as const)('%s', (_name, before, seen, verdict, then) => {
    expect(judgeCode(before, () => seen as Seen, LIMITS, NOW)).toMatchObject({ verdict, counted: then });
  });

  it('is not even looked at while locked, not the right one either', () => {
    const locked = counted({ failures: 5, lockedUntil: inMinutes(0.001) });
    const look = () => {
      throw new Error('looked at');
    };
    expect(judgeCode(locked, look, LIMITS, NOW)).toEqual({ verdict: 'locked', counted: locked });
  });
});

interface Move {
  readonly seconds: number;
  readonly seen: 'now' | 'before' | 'next' | 'wrong' | 'recovery';
}

const moves = fc.array(
  fc.record<Move>({
    seconds: fc.oneof(fc.nat(60), fc.nat(2000)),
    seen: fc.constantFrom('now', 'before', 'next', 'wrong', 'wrong', 'wrong', 'recovery'),
  }),
  { maxLength: 80 },
);

/** Any sequence of codes and times, as the rule judges it. */
function play(list: readonly Move[]) {
  let state = counted({ lastStep: 0 });
  let at = NOW.getTime();
  let recoveryUsed = false;
  return list.map(({ seconds, seen: kind }) => {
    at += seconds * 1000;
    const now = new Date(at);
    const step = Math.floor(at / 30_000) + (kind === 'before' ? -1 : kind === 'next' ? 1 : 0);
    let looked = false;
    const look = (): Seen => {
      looked = true;
      if (kind === 'wrong') return NOTHING;
      return kind === 'recovery' ? { kind: 'recovery-code', used: recoveryUsed } : totp(step);
    };
    const before = state;
    const judged = judgeCode(before, look, LIMITS, now);
    state = judged.counted;
    if (judged.verdict === 'right' && kind === 'recovery') recoveryUsed = true;
    return { now, kind, step, looked, before, judged };
  });
}

describe('any sequence of codes and times', () => {
  it('accepts no step twice and none before one that was accepted', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const steps = play(list)
          .filter(({ judged }) => judged.verdict === 'right' && judged.means === 'totp')
          .map(({ step }) => step);
        expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
      }),
    );
  });

  it('accepts a recovery code once', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const used = play(list).filter(
          ({ judged }) => judged.verdict === 'right' && judged.means === 'recovery-code',
        );
        expect(used.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('looks at no more than five wrong codes in a row before each lock, and at none while it lasts', () => {
    fc.assert(
      fc.property(moves, (list) => {
        let inRow = 0;
        let lockEnds = 0;
        for (const { now, looked, judged } of play(list)) {
          expect(looked).toBe(now.getTime() >= lockEnds);
          expect(judged.verdict === 'locked').toBe(!looked);
          if (judged.verdict === 'right') inRow = 0;
          if (judged.verdict !== 'wrong-code') continue;
          inRow = inRow === LIMITS.maxFailures ? 1 : inRow + 1;
          expect(judged.counted.failures).toBe(inRow);
          expect(inRow).toBeLessThanOrEqual(LIMITS.maxFailures);
          if (inRow === LIMITS.maxFailures) {
            lockEnds = inMinutes(LIMITS.lockMinutes, now).getTime();
            expect(judged.counted.lockedUntil?.getTime()).toBe(lockEnds);
          } else expect(judged.counted.lockedUntil).toBeNull();
        }
      }),
    );
  });

  it('never turns a wrong code into a right one, nor calls a fresh one wrong', () => {
    fc.assert(
      fc.property(moves, (list) => {
        for (const { kind, step, looked, before, judged } of play(list)) {
          if (!looked || kind === 'recovery') continue;
          const expected =
            kind === 'wrong' ? 'wrong-code' : step > before.lastStep ? 'right' : 'replayed-code';
          expect(judged.verdict).toBe(expected);
        }
      }),
    );
  });
});
