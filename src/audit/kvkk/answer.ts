import { shownGround } from '../shown-ground.js';
import type { LookUp } from './look-up.js';
import type { FoundLookUps } from './look-ups.js';

/** How staff stand in an answer: not at all, by role and unit, or by name. */
export type StaffNames = 'none' | 'unit' | 'full';

/** A person's request as it was received. Days `YYYY-MM-DD`. */
export interface KvkkRequest {
  readonly requestNo: string;
  readonly receivedOn: string;
  /** First and last day of the look-ups that were asked for; null: from the beginning, up to now. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Everything that an answer says. */
export interface KvkkAnswer extends KvkkRequest {
  readonly sender: string;
  readonly dueBy: string;
  readonly madeAt: Date;
  readonly names: StaffNames;
  readonly found: FoundLookUps;
  /** Names of users by their session, where they are known; empty unless names are shown. */
  readonly known: ReadonlyMap<string, string>;
  /** The checkpoint under which everything stands that the answer names. */
  readonly proof: { readonly origin: string; readonly size: bigint; readonly root: Buffer };
}

/** A text by which the same user is told from others within one answer, without the number: `*** (3)`. */
export function createMasks(): (userKey: string | null) => string {
  const numbers = new Map<string, number>();
  return (userKey) => {
    if (userKey === null) return '***';
    const number = numbers.get(userKey) ?? numbers.size + 1;
    numbers.set(userKey, number);
    return `*** (${number})`;
  };
}

/** The different legal grounds of some look-ups, as they are shown, numbered from 1 in the order in which they come. */
export function numberGrounds(lookUps: readonly LookUp[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const { legalGround } of lookUps) {
    const ground = shownGround(legalGround);
    if (!numbers.has(ground)) numbers.set(ground, numbers.size + 1);
  }
  return numbers;
}
