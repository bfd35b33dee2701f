/** The day `count` days after `day` (before, where negative); both `YYYY-MM-DD`, in the proleptic Gregorian calendar. */
export function addDays(day: string, count: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
}
