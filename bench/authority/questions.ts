import { ACTIONS } from '../../src/authority/rights/actions.js';
import { holderOf, mersisNoOf, type Size, staffOf } from './size.js';

/** One question of permission. */
export interface AskedRight {
  readonly person: number;
  readonly mersisNo: string;
  readonly action: string;
  readonly member: boolean;
}

const ACTION_NAMES = [...ACTIONS.keys()];

/**
 * Questions as KOOPBİS would ask: most about people who sit there, some about staff, members and strangers, a few about cooperatives that
 * nobody knows. The same `seed` gives the same ones.
 */
export function questionsOf(size: Size, count: number, seed: number): readonly AskedRight[] {
  const next = randomNumbers(seed);
  const staff = staffOf(size);
  return Array.from({ length: count }, (): AskedRight => {
    const action = ACTION_NAMES[next(ACTION_NAMES.length)] as string;
    const k = next(size.seats);
    const anywhere = mersisNoOf(next(size.cooperatives));
    const kind = next(100);
    if (kind < 70) {
      return { person: holderOf(k), mersisNo: mersisNoOf(k % size.cooperatives), action, member: false };
    }
    if (kind < 85) return { person: holderOf(k), mersisNo: anywhere, action, member: kind < 78 };
    const person = staff[next(staff.length)]?.person ?? 0;
    return {
      person,
      mersisNo: kind < 98 ? anywhere : mersisNoOf(size.cooperatives + k),
      action,
      member: false,
    };
  });
}

/** xorshift32: enough to draw questions with. Below `limit`. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
}
