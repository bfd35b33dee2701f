/** The days of a role, half-open: on `to` it is over. `YYYY-MM-DD`, Europe/Istanbul. */
export interface RoleDays {
  readonly from: string | null;
  readonly to: string | null;
}

/** The day before for the papers, an assembly that goes on after midnight or on a second day, the report: a week is enough for one. */
export const MAX_ASSEMBLY_DAYS = 7;
/** Assemblies are called weeks ahead; a representative named a year ahead would be a standing right in small pieces. */
export const MAX_DAYS_AHEAD = 90;

const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const DAY_MS = 86_400_000;

/** True where these can be the days of one assembly, looked at on `today`: both there, in order, few, not over and not far ahead. */
export function areAssemblyDays({ from, to }: RoleDays, today: string): boolean {
  if (from === null || to === null || !isDay(from) || !isDay(to)) return false;
  const length = daysBetween(from, to);
  return (
    length >= 1 && length <= MAX_ASSEMBLY_DAYS && to > today && daysBetween(today, from) <= MAX_DAYS_AHEAD
  );
}

/** True where two periods share a day. */
export function overlap(a: RoleDays, b: RoleDays): boolean {
  const startsBefore = (one: RoleDays, other: RoleDays) =>
    one.from === null || other.to === null || one.from < other.to;
  return startsBefore(a, b) && startsBefore(b, a);
}

function isDay(text: string): boolean {
  const at = DAY.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  // The thirtieth of February would silently be in March.
  return at !== null && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}
