import { z } from 'zod';
import { addDays } from '../../calendar/add-days.js';
import type { Days } from '../../fees/reconciliation/figures.js';
import { dayText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import { ConsoleRefusal } from '../frame/console-problem.js';

/** What is wrong with fields, by their names. */
export type FieldErrors = Readonly<Record<string, BothLanguages>>;

/** Nothing stands there. */
export const NONE = '–';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const day = z.iso.date();

/** An id as ours are; null for everything else. */
export function idOf(text: string | null | undefined): string | null {
  return text !== null && text !== undefined && UUID.test(text) ? text : null;
}

/** The id that an address names. Errors: `NOT_FOUND`. */
export function requireId(text: string | undefined): string {
  const id = idOf(text);
  if (id === null) throw new ConsoleRefusal('NOT_FOUND');
  return id;
}

/** What was found. Errors: `NOT_FOUND`. */
export function requireFound<T>(found: T | null): T {
  if (found === null) throw new ConsoleRefusal('NOT_FOUND');
  return found;
}

/** A day of a date field, `YYYY-MM-DD` from 2000 on; null for everything else. */
export function dayOf(text: string): string | null {
  return day.safeParse(text).success && text >= '2000' && text < '3' ? text : null;
}

export const DAY_WRONG: BothLanguages = { tr: 'Bir gün seçin.', en: 'Choose a day.' };
export const CHOOSE: BothLanguages = { tr: 'Listeden birini seçin.', en: 'Choose one of the list.' };

/** First to last day, both included. */
export function periodText(from: string, to: string): BothLanguages {
  const [first, last] = [dayText(from), dayText(to)];
  return { tr: `${first.tr} – ${last.tr}`, en: `${first.en} – ${last.en}` };
}

/** The same of half-open days. */
export function daysText({ from, to }: Days): BothLanguages {
  return periodText(from, addDays(to, -1));
}

/** Whole percent. */
export function percentText(percent: number): BothLanguages {
  return { tr: `%${percent}`, en: `${percent}%` };
}
