import { LOG_FIELDS } from './log-fields.js';
import { boundedNumber, boundedText } from './mask.js';

export const DROPPED = '[dropped]';

/** More fields than any event has; a limit, because a whole object may be passed by mistake. */
const MAX_FIELDS = 40;

const ALLOWED: ReadonlySet<string> = new Set(LOG_FIELDS);

export type SafeValue = string | number | boolean | null;

/** A value as it may be printed: bounded primitives; a `KimlikNo` as `***`; any other object is dropped unread. */
function safeValue(value: unknown): SafeValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return boundedText(value);
  if (typeof value === 'number' || typeof value === 'bigint') return boundedNumber(value);
  // By name, because this room knows nothing of `person/`; asking the value itself to print would throw in tests.
  if (typeof value === 'object' && value.constructor?.name === 'KimlikNo') return '***';
  return DROPPED;
}

/** The fields of one line: names outside the closed list keep their place as `[dropped]`, their values are not read. */
export function safeFields(fields: Readonly<Record<string, unknown>>): Record<string, SafeValue> {
  const safe: Record<string, SafeValue> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(fields).slice(0, MAX_FIELDS)) {
    if (value === undefined) continue;
    if (ALLOWED.has(name)) safe[name] = safeValue(value);
    // An unknown name may itself be data (a map keyed by number): only plain words are printed.
    else if (/^[A-Za-z][A-Za-z_]{0,31}$/.test(name) && name !== '__proto__') safe[name] = DROPPED;
    else dropped += 1;
  }
  if (dropped > 0) safe.droppedFields = dropped;
  return safe;
}
