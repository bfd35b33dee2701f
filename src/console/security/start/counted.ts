import type { DayCount } from '../../../audit/day/read-days.js';
import type { EntryKind } from '../../../audit/entry.js';
import { KIND_GROUPS } from '../search/kind-words.js';

/** What the start page counts: each is a group of the search, so that its number leads to its entries. */
const COUNTED = {
  sorgu: KIND_GROUPS.sorgu.kinds,
  ret: KIND_GROUPS.ret.kinds,
  belirsiz: ['query.unknown'],
  'diger-ret': KIND_GROUPS['diger-ret'].kinds,
} as const satisfies Readonly<Record<string, readonly EntryKind[]>>;

export type Counted = keyof typeof COUNTED;

/** Every kind that is counted. */
export const COUNTED_KINDS: readonly EntryKind[] = Object.values(COUNTED).flat();

/** The sum of what is counted on one day. */
export function sumOf(days: readonly DayCount[], counted: Counted, day: string): number {
  const kinds: readonly string[] = COUNTED[counted];
  return days.reduce(
    (sum, one) => (one.day === day && kinds.includes(one.kind) ? sum + one.entries : sum),
    0,
  );
}
