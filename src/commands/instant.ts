import { BridgeError } from '../errors/bridge-error.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * An instant as options take it: RFC 3339 with zone, or a bare date, which means 00:00 in Europe/Istanbul (CONTRACT; UTC+3 the
 * whole year since 2016). Null where the option was not given. Errors: `WRONG_USE`.
 */
export function instantOf(option: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const instant = DATE.test(text) ? `${text}T00:00:00+03:00` : INSTANT.test(text) ? text : '';
  const date = new Date(instant);
  const day = text.slice(0, 10);
  // JavaScript takes 31 April for 1 May.
  const exists = !Number.isNaN(date.getTime()) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  if (!exists) throw new BridgeError('WRONG_USE', `${option}: a date (YYYY-MM-DD) or an instant with zone`);
  return date;
}
