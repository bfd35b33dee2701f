import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Language } from './call.js';
import type { Text } from './parts.js';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH = /^(\d{4})-(\d{2})$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const CLOCK = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Istanbul',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
const NUMBERS = { tr: new Intl.NumberFormat('tr-TR'), en: new Intl.NumberFormat('en-GB') } as const;
/** A longer text would push the picture aside. */
const MAX_TEXT = 48;

/**
 * How a point of a chart is written along its axis: a day (`2026-11-22`) as `22.11`, a month as `11.2026`, an instant as `22.11 14:05` in
 * Europe/Istanbul; anything else as it is.
 */
export function pointText(point: string, language: Language): string {
  const [, , month, day] = DAY.exec(point) ?? [];
  if (month !== undefined) return language === 'tr' ? `${day}.${month}` : `${day}/${month}`;
  const [, year, monthOnly] = MONTH.exec(point) ?? [];
  if (year !== undefined) return language === 'tr' ? `${monthOnly}.${year}` : `${monthOnly}/${year}`;
  if (INSTANT.test(point)) {
    const at = new Date(point);
    return `${pointText(istanbulDay(at), language)} ${CLOCK.format(at)}`;
  }
  return shownText(point, language);
}

/** A number along an axis: `1.234,5`, in English `1,234.5`. */
export function axisNumber(value: number, language: Language): string {
  return NUMBERS[language].format(value);
}

/** A text inside the picture: without what turns the direction of others around (there is no `bdi` in SVG), and not too long. */
export function shownText(text: Text, language: Language): string {
  const plain = (typeof text === 'string' ? text : text[language]).replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu,
    '',
  );
  const letters = [...plain];
  return letters.length <= MAX_TEXT ? plain : `${letters.slice(0, MAX_TEXT - 1).join('')}…`;
}
