import type { Queryable } from '../../storage/database.js';
import type { EntryKind } from '../entry.js';

/** How many entries of a kind and code a day (`YYYY-MM-DD`, Europe/Istanbul) has. `code` '': those without one. */
export interface DayCount {
  readonly day: string;
  readonly kind: string;
  readonly code: string;
  readonly entries: number;
}

// Each day is walked by its kinds, so that the codes of others are not read.
const READ = `SELECT to_char(day, 'YYYY-MM-DD') AS day, kind, code, entries::int FROM bridge.log_day
  WHERE day >= $1::date AND day <= $2::date AND kind = ANY($3::text[]) ORDER BY day, kind, code`;

/**
 * The counts of these kinds from day `from` to day `to`, both counted in, as far as they were folded (`foldDays`). A row for each kind and
 * code that occurred: some thousand for a month.
 */
export async function readDays(
  q: Queryable,
  { from, kinds, to }: { readonly from: string; readonly to: string; readonly kinds: readonly EntryKind[] },
): Promise<readonly DayCount[]> {
  const { rows } = await q.query<DayCount>({ text: READ, values: [from, to, kinds] });
  return rows;
}
