/** What is wrong with the letter that a decision on roles rests on. */
export type LetterFault = 'incomplete' | 'day-invalid' | 'in-future';

const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

/** A letter has a number and a date, or is none; it is not of a day that has not come (`today`: in Europe/Istanbul). Null: nothing is wrong. */
export function letterFault(no: string | null, date: string | null, today: string): LetterFault | null {
  if (no === null && date === null) return null;
  if (no === null || date === null) return 'incomplete';
  const at = DAY.test(date) ? new Date(`${date}T00:00:00Z`) : null;
  // The thirtieth of February would silently be in March.
  if (at === null || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(date)) return 'day-invalid';
  return date > today ? 'in-future' : null;
}
