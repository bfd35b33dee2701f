import { istanbulDay, quarterBounds } from '../../calendar/istanbul-day.js';
import type { Queryable } from '../../storage/database.js';

const HOUR_MS = 3_600_000;
const TIME = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Istanbul',
  hour: '2-digit',
  minute: '2-digit',
});

/** The instant from which a quarter can be closed: late outcomes have had their time. */
export function closableFrom(quarter: string, collectHours: number): Date {
  return new Date(quarterBounds(quarter).to.getTime() + collectHours * HOUR_MS);
}

/** A moment as people in Türkiye read it: `2026-10-02 00:00`. */
function istanbulMinute(at: Date): string {
  return `${istanbulDay(at)} ${TIME.format(at)}`;
}

/** Why a quarter cannot be closed yet at `now`, with the moment from which it can; null where it can. */
export function tooEarly(quarter: string, collectHours: number, now: Date): string | null {
  const from = closableFrom(quarter, collectHours);
  if (now.getTime() >= from.getTime()) return null;
  const isOver = now.getTime() >= quarterBounds(quarter).to.getTime();
  const why = isOver ? 'still collects late outcomes' : 'is not over';
  return `${quarter} ${why}: it can be closed from ${istanbulMinute(from)} (Istanbul)`;
}

// What was sent before and has no end yet: its line would be missing. The index holds open ones alone.
const OPEN = `SELECT count(*) AS open FROM bridge.identity_query WHERE state = 'open' AND sent_at < $1`;

/** Queries sent before the end of the quarter that have not ended. */
export async function openQueries(db: Queryable, quarter: string): Promise<bigint> {
  const { rows } = await db.query<{ open: bigint }>({ text: OPEN, values: [quarterBounds(quarter).to] });
  return rows[0]?.open ?? 0n;
}
