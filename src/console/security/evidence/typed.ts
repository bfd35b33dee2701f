import { istanbulDay } from '../../../calendar/istanbul-day.js';
import type { BothLanguages } from '../../../pages/views.js';
import { KimlikNo } from '../../../person/kimlik-no.js';
import { clearTextFault } from '../../frame/clear-text.js';

/** One field as it was typed: what it means, or what is wrong with it. */
export interface Typed<T> {
  readonly text: string;
  readonly value: T | null;
  readonly error: BothLanguages | undefined;
}

const NEEDED: BothLanguages = { tr: 'Bu alan doldurulmalıdır.', en: 'This field is needed.' };
const NO_DAY: BothLanguages = {
  tr: 'Geçerli bir tarih değil. Gün, ay ve yılı denetleyin.',
  en: 'Not a valid day. Check day, month and year.',
};
const TURKISH_DAY = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Before it nothing of ours exists, and no paper of it is of use. */
const FIRST_DAY = '1990-01-01';

const wrong = <T>(text: string, error: BothLanguages): Typed<T> => ({ text, value: null, error });
const right = <T>(text: string, value: T | null): Typed<T> => ({ text, value, error: undefined });

/** A text that stands in the log in clear: 1 to `max` characters, without an identity number. */
export function clearText(text: string, max: number): Typed<string> {
  if (text === '') return wrong(text, NEEDED);
  const fault = clearTextFault(text, max);
  return fault === null ? right(text, text) : wrong(text, fault);
}

/** A day as browsers send it or people write it (`2026-11-22`, `22.11.2026`), not after `now`'s. */
export function pastDay(typed: string, now: Date): Typed<string> {
  if (typed === '') return wrong(typed, NEEDED);
  const [, date = '', month = '', year] = TURKISH_DAY.exec(typed) ?? [];
  const text = year === undefined ? typed : `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  if (!isDay(text)) return wrong(typed, NO_DAY);
  if (text > istanbulDay(now))
    return wrong(text, { tr: 'Bugünden sonra olamaz.', en: 'It cannot be after today.' });
  return right(text, text);
}

/** The same, or nothing: null without an error. */
export function pastDayOrNone(text: string, now: Date): Typed<string> {
  return text === '' ? right<string>(text, null) : pastDay(text, now);
}

function isDay(text: string): boolean {
  if (!DAY.test(text) || text < FIRST_DAY) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** The last of two days that make a period; both may be open. */
export function notBefore(from: Typed<string>, to: Typed<string>): Typed<string> {
  if (from.value === null || to.value === null || from.value <= to.value) return to;
  return wrong(to.text, {
    tr: 'Son gün, ilk günden önce olamaz.',
    en: 'The last day cannot be before the first one.',
  });
}

/** A year of four digits, `min` to `max`. */
export function yearBetween(text: string, min: number, max: number): Typed<number> {
  if (text === '') return wrong(text, NEEDED);
  const year = /^\d{4}$/.test(text) ? Number(text) : 0;
  return year >= min && year <= max
    ? right(text, year)
    : wrong(text, {
        tr: `${min} ile ${max} arasında bir yıl olmalıdır.`,
        en: `It must be a year from ${min} to ${max}.`,
      });
}

/** A person's number. */
export function personNumber(text: string): Typed<KimlikNo> {
  if (text === '') return wrong(text, NEEDED);
  const parsed = KimlikNo.parse(text);
  return parsed.ok
    ? right(text, parsed.value)
    : wrong(text, {
        tr: 'Geçerli bir kimlik numarası değil. 11 rakamı denetleyip yeniden yazınız.',
        en: 'Not a valid identity number. Check the 11 digits and type it again.',
      });
}

/** One of a closed list. */
export function oneOf<T extends string>(text: string, options: readonly T[]): Typed<T> {
  const found = options.find((option) => option === text);
  return found === undefined
    ? wrong(text, { tr: 'Seçeneklerden biri seçilmelidir.', en: 'Choose one of these.' })
    : right(text, found);
}

/** Whether nothing is wrong with any of these. */
export function allRight(fields: Readonly<Record<string, Typed<unknown>>>): boolean {
  return Object.values(fields).every(({ error }) => error === undefined);
}
