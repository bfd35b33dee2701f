const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Entries are written by the millisecond: finer parts would name no other moment. */
const INSTANT =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** A day `YYYY-MM-DD` that the calendar has; null for any other text. Pure. */
export function dayOf(text: string): string | null {
  if (!DATE.test(text)) return null;
  const at = new Date(`${text}T00:00:00Z`);
  // JavaScript takes 31 April for 1 May.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : null;
}

/**
 * The instant of "as known on": RFC 3339 with zone, or a bare date, which means 00:00 in Europe/Istanbul of that day (CONTRACT; UTC+3 the
 * whole year since 2016). Null for any other text. Pure.
 */
export function knownInstantOf(text: string): Date | null {
  if (dayOf(text) !== null) return new Date(`${text}T00:00:00+03:00`);
  return INSTANT.test(text) && dayOf(text.slice(0, 10)) !== null ? new Date(text) : null;
}
