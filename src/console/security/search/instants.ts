import { addDays } from '../../../calendar/add-days.js';
import { istanbulDay, istanbulQuarter, quarterDays } from '../../../calendar/istanbul-day.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';

const LOCAL = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2})?$/;
const TURKISH = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (\d{2}:\d{2}))?$/;

/**
 * What was typed as a moment, in the form that a search takes: Europe/Istanbul, as browsers send it (`2026-05-04T09:30`), as people write it
 * (`04.05.2026 09:30`), or a day alone. Anything else as it is: the search says what is wrong with it.
 */
export function instantTyped(text: string): string {
  const [, localDay, localTime] = LOCAL.exec(text) ?? [];
  if (localDay !== undefined) return `${localDay}T${localTime}:00+03:00`;
  const [, , , , time] = TURKISH.exec(text) ?? [];
  const day = dayTyped(text.split(' ')[0] ?? '');
  return time === undefined ? dayTyped(text) : `${day}T${time}:00+03:00`;
}

/** What was typed as a day (`2026-05-04` or `04.05.2026`) as `YYYY-MM-DD`; anything else as it is. */
export function dayTyped(text: string): string {
  const [, day, month, year, time] = TURKISH.exec(text) ?? [];
  if (year === undefined || time !== undefined) return text;
  return `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** A moment as a field of date and time holds it, Europe/Istanbul. */
function localText(at: Date): string {
  return `${istanbulDay(at)}T${momentText(at).tr.slice(-5)}`;
}

/** The same for a kept `from` or `to`. */
export function localOf(kept: string | null): string {
  if (kept === null) return '';
  return kept.includes('T') ? localText(new Date(kept)) : `${kept}T00:00`;
}

/** Periods that are offered as links. */
export const RANGES = {
  'son-24-saat': { tr: 'Son 24 saat', en: 'Last 24 hours' },
  bugun: { tr: 'Bugün', en: 'Today' },
  hafta: { tr: 'Bu hafta', en: 'This week' },
  ay: { tr: 'Bu ay', en: 'This month' },
  ceyrek: { tr: 'Bu çeyrek', en: 'This quarter' },
} as const satisfies Readonly<Record<string, BothLanguages>>;

const DAY_MS = 86_400_000;

/** Begin of an offered period, as its field holds it; null where it is none. Its end is open: now. */
export function rangeStart(name: string, at: Date): string | null {
  const today = istanbulDay(at);
  // Monday first.
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  switch (name) {
    case 'son-24-saat':
      return localText(new Date(at.getTime() - DAY_MS));
    case 'bugun':
      return `${today}T00:00`;
    case 'hafta':
      return `${addDays(today, -weekday)}T00:00`;
    case 'ay':
      return `${today.slice(0, 7)}-01T00:00`;
    case 'ceyrek':
      return `${quarterDays(istanbulQuarter(at)).from}T00:00`;
    default:
      return null;
  }
}
