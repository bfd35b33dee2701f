import type { RoleName } from './role-list.js';

/** Two roles that must not meet in one person, and why. Holds in both directions. */
export interface ForbiddenPair {
  readonly one: RoleName;
  readonly other: RoleName;
  readonly why: string;
}

/** Those who ask about persons, or decide on cooperatives. */
const ASKING: readonly RoleName[] = [
  'ministry-manager',
  'ministry-central',
  'directorate',
  'ministry-representative',
];

const HOUSE_PAIRS: readonly ForbiddenPair[] = [
  {
    one: 'administrator',
    other: 'security-officer',
    why: 'who gives rights must not be who watches their use, nor the second person of an own deed',
  },
  {
    one: 'administrator',
    other: 'log-inspector',
    why: 'what an administrator does is inspected by somebody else',
  },
  {
    one: 'administrator',
    other: 'finance',
    why: 'two finance users close a quarter: who makes finance users could be both',
  },
  {
    one: 'security-officer',
    other: 'log-inspector',
    why: 'what officers search, decide and destroy is inspected by somebody else',
  },
  {
    one: 'security-officer',
    other: 'finance',
    why: 'who can destroy data must not answer for the book that rests on them',
  },
  {
    one: 'log-inspector',
    other: 'finance',
    why: 'the book is held against the log by somebody who does not keep it',
  },
];

const withAsking = (one: RoleName, why: string): readonly ForbiddenPair[] =>
  ASKING.map((other) => ({ one, other, why }));

/**
 * Separation of duties: who gives rights, who uses them, who watches, who inspects and who settles the bill are five persons. Roles of
 * the ministries may meet: staff of a directorate are sent to assemblies as representatives, by somebody else of it.
 */
export const FORBIDDEN_PAIRS: readonly ForbiddenPair[] = [
  ...HOUSE_PAIRS,
  ...withAsking('administrator', 'who gives rights does not use them'),
  ...withAsking('security-officer', 'nobody watches the own questions'),
  ...withAsking('log-inspector', 'nobody inspects the own questions'),
  ...withAsking('finance', 'nobody explains to the Interior Ministry what the own questions cost'),
];

/** The row that forbids these two in one person, whichever is named first; null where none does. */
export function forbiddenPair(a: string, b: string): ForbiddenPair | null {
  return (
    FORBIDDEN_PAIRS.find(({ one, other }) => (one === a && other === b) || (one === b && other === a)) ?? null
  );
}
