import { addDays } from '../../population/calendar.js';
import type { Cooperative, Duty, Seat } from '../../population/population.js';

/** True where the seat is registered, begun and not over on `day`. */
export function inForce(seat: Seat, day: string): boolean {
  const registered = seat.tescil !== undefined && seat.tescil <= day;
  return registered && seat.baslangic <= day && !isOver(seat, day);
}

/** True for whoever was elected and is not registered. */
export function isPending(seat: Seat, day: string): boolean {
  return seat.tescil === undefined && seat.baslangic <= day && !isOver(seat, day);
}

/** Seats of these duties in force on `day`. */
export function seatsInForce(
  { board }: Cooperative,
  day: string,
  ...duties: readonly Duty[]
): readonly Seat[] {
  return board.filter((seat) => duties.includes(seat.gorev) && inForce(seat, day));
}

/** The board with these seats over on `day`. */
export function ended(board: readonly Seat[], seats: readonly Seat[], day: string): Seat[] {
  return board.map((seat) => (seats.includes(seat) ? { ...seat, bitis: day } : seat));
}

/**
 * The last day of which the registry already knows something here. Nothing new may happen before it or on it: terms would
 * overlap, or be over on their first day.
 */
export function lastKnownDay({ board, durumTarihi = '' }: Cooperative, today: string): string {
  return board.reduce((last, { baslangic, tescil = '', bitis }) => {
    const days = [baslangic, tescil, bitis !== undefined && bitis <= today ? bitis : ''];
    return days.reduce((later, day) => (day > later ? day : later), last);
  }, durumTarihi);
}

/** Whole days from one to the other. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The day `days` before `day` for a month that many months ago, of thirty days each. */
export function monthsAgo(today: string, months: number): string {
  return addDays(today, -30 * months);
}

function isOver({ bitis }: Seat, day: string): boolean {
  return bitis !== undefined && bitis <= day;
}
