import { quarterDays } from '../../calendar/istanbul-day.js';
import type { Queryable } from '../../storage/database.js';

// By the index on days.
const BEGINS = `SELECT to_char(min(day), 'YYYY-MM-DD') AS day FROM bridge.fee_rollup`;

/**
 * The day (Europe/Istanbul) of the book's first line, where that is after a quarter's end: nothing of the quarter can be in it. Null where it is
 * not, or the book has no line yet. Sums must be folded before.
 */
export async function bookBeginsAfter(db: Queryable, quarter: string): Promise<string | null> {
  const { rows } = await db.query<{ day: string | null }>({ text: BEGINS, values: [] });
  const day = rows[0]?.day ?? null;
  return day !== null && day >= quarterDays(quarter).to ? day : null;
}
