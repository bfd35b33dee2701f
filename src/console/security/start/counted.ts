import type { DayCount } from '../../../audit/day/read-days.js';
import type { EntryKind } from '../../../audit/entry.js';
import { KIND_GROUPS } from '../search/kind-words.js';

/** One number: entries of these kinds; of a kind that `codes` names those alone that have its code. */
interface CountRule {
  readonly kinds: readonly EntryKind[];
  readonly codes?: Readonly<Partial<Record<EntryKind, string>>>;
}

/**
 * What the start page counts: groups of the search, and the queries whose outcome is unknown, so that each number leads to its entries. A query
 * ends as unknown by its outcome (KPS stayed silent) or, where nobody wrote one, by its deadline.
 */
const COUNTED = {
  sorgu: { kinds: KIND_GROUPS.sorgu.kinds },
  ret: { kinds: KIND_GROUPS.ret.kinds },
  bilinmeyen: {
    kinds: ['query.unknown', 'query.outcome'],
    codes: { 'query.outcome': 'KPS_OUTCOME_UNKNOWN' },
  },
  'diger-ret': { kinds: KIND_GROUPS['diger-ret'].kinds },
} as const satisfies Readonly<Record<string, CountRule>>;

export type Counted = keyof typeof COUNTED;

/** Every kind that is counted. */
export const COUNTED_KINDS: readonly EntryKind[] = Object.values(COUNTED).flatMap(
  ({ kinds }): readonly EntryKind[] => kinds,
);

/** The sum of what is counted on one day. */
export function sumOf(days: readonly DayCount[], counted: Counted, day: string): number {
  const rule: CountRule = COUNTED[counted];
  return days.reduce((sum, one) => (one.day === day && belongs(one, rule) ? sum + one.entries : sum), 0);
}

function belongs({ code, kind }: DayCount, { codes, kinds }: CountRule): boolean {
  const found = kinds.find((one) => one === kind);
  if (found === undefined) return false;
  const wanted = codes?.[found];
  return wanted === undefined || wanted === code;
}
