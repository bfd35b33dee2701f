/** A day (`2026-07-01`) as it is written in Turkish: `01.07.2026`; anything else as it is. */
export function turkishDay(day: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? day.split('-').reverse().join('.') : day;
}
