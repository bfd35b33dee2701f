import { istanbulDay } from '../calendar/istanbul-day.js';
import { BridgeError } from '../errors/bridge-error.js';
import type { BothLanguages } from './views.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const TIME = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Istanbul',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** A day (`YYYY-MM-DD`) as people write it: `31.07.2025`, `31 July 2025`. What is no such day is shown as it is. */
export function dayText(day: string): BothLanguages {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  const name = MONTHS[Number(month) - 1];
  if (year === undefined || name === undefined) return { tr: day, en: day };
  return { tr: `${date}.${month}.${year}`, en: `${Number(date)} ${name} ${year}` };
}

/** A moment in Europe/Istanbul, to the minute. */
export function momentText(at: Date): BothLanguages {
  const { tr, en } = dayText(istanbulDay(at));
  return { tr: `${tr} ${TIME.format(at)}`, en: `${en}, ${TIME.format(at)}` };
}

/** A Base32 secret as people can copy it by hand. */
export function inGroupsOfFour(secret: string): string {
  return secret.match(/.{1,4}/gs)?.join(' ') ?? '';
}

/** An SVG document as the address of an image: inside `img` nothing of it can run or load anything. */
export function svgAddress(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg, 'utf8').toString('base64')}`;
}

/**
 * An address for `href` and `action`: a path of ours or an absolute `https:` one. Throws `WRONG_USE` for all else, without showing it:
 * `javascript:` would run, `//host` and `/\host` are other hosts.
 */
export function address(value: string): string {
  const isPath = /^\/(?![/\\])/.test(value);
  const isHttps = /^https:\/\/[^/\\]/i.test(value);
  const isPlain = [...value].every((letter) => letter > ' ' && letter !== '\u007f');
  if ((isPath || isHttps) && isPlain) return value;
  throw new BridgeError('WRONG_USE', 'a page was given an address that is neither a path of ours nor https');
}

/** A page of thousands of rows helps nobody; whoever has more uses the console or a file. */
const MAX_ROWS = 100;

/** The rows that are shown, and how many are not. */
export function firstRows<Row>(rows: readonly Row[]): { rows: readonly Row[]; more: number } {
  return { rows: rows.slice(0, MAX_ROWS), more: Math.max(0, rows.length - MAX_ROWS) };
}
