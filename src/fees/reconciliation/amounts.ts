import { type Kurus, kurus } from '../kurus.js';

/** A value, or what is wrong in our own words; `tr`: the same in Turkish. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly tr: string };

/** Ten thousand million TL, as kuruş: more than any fee, and sums of a year of days stay exact as JSON numbers. */
const MAX_KURUS = 1_000_000_000_000n;
/** Queries in one figure. */
const MAX_COUNT = 1_000_000_000n;
/** Digits that every number of a workbook (a double) holds exactly; with more of them it is not what somebody typed. */
const EXACT_DIGITS = 15;

/** `1234`, or groups of three: `1.234`. */
const WHOLE = /^(?:\d{1,15}|\d{1,3}(?:\.\d{3}){1,4})$/;
/** The same with a fraction after a comma. */
const WITH_FRACTION = /^(\d{1,15}|\d{1,3}(?:\.\d{3}){1,4})(?:,(\d+))?$/;
const FRACTION = ['is a fraction of a query', 'kesirli: sorgu adedi tam sayıdır'] as const;
const TOO_LARGE = ['is too large', 'çok büyük'] as const;
const CURRENCY = /\s*(?:TL|TRY|₺)$/;

/** A count in Turkish form: `1234`, `1.234`. */
export function parseCount(text: string): Parsed<number> {
  if (text.startsWith('-')) return no('is negative', 'eksi olamaz');
  if (!WHOLE.test(text)) {
    const parts = WITH_FRACTION.test(text) || /^\d+\.\d+$/.test(text);
    return parts ? no(...FRACTION) : no('is not a count (1234 or 1.234)', 'adet değil (1234 ya da 1.234)');
  }
  return counted(BigInt(text.replaceAll('.', '')));
}

/** A count as a workbook's number: `1234`. */
export function parseCountNumber(text: string): Parsed<number> {
  if (text.startsWith('-')) return no('is negative', 'eksi olamaz');
  if (/^\d+\.\d+$/.test(text)) return no(...FRACTION);
  return /^\d{1,15}$/.test(text) ? counted(BigInt(text)) : no(...TOO_LARGE);
}

function counted(count: bigint): Parsed<number> {
  return count > MAX_COUNT ? no(...TOO_LARGE) : { ok: true, value: Number(count) };
}

/** Lira in Turkish form, from text alone to whole kuruş: `1.234,56`, `1234,56`, `1.234,56 TL`. */
export function parseLira(text: string): Parsed<Kurus> {
  const bare = text.replace(CURRENCY, '');
  if (bare.startsWith('-')) return no('is negative', 'eksi olamaz');
  const [, lira, fraction = ''] = WITH_FRACTION.exec(bare) ?? [];
  if (lira === undefined) return no('is not an amount (1.234,56)', 'tutar değil (1.234,56)');
  return fromParts(lira.replaceAll('.', ''), fraction);
}

/**
 * Lira as a workbook's number. A workbook holds a double; its shortest decimal text (`String(number)`) is what was typed, up to 15 digits,
 * and is read as text: nothing is multiplied or rounded. What has more digits was computed, and is refused.
 */
export function parseLiraNumber(text: string): Parsed<Kurus> {
  if (text.startsWith('-')) return no('is negative', 'eksi olamaz');
  const [, lira, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (lira === undefined) return no('is not an amount', 'tutar değil');
  if (fraction.length <= 2 && lira.length + fraction.length > EXACT_DIGITS) return no(...TOO_LARGE);
  return fromParts(lira, fraction);
}

function fromParts(lira: string, fraction: string): Parsed<Kurus> {
  if (fraction.length > 2)
    return no(
      'has more than two decimals: money is whole kuruş',
      'virgülden sonra ikiden çok basamak var: tutar tam kuruş olmalı',
    );
  const value = BigInt(`${lira}${fraction.padEnd(2, '0')}`);
  return value > MAX_KURUS ? no(...TOO_LARGE) : { ok: true, value: kurus(value) };
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;

/** A day: `2026-07-01`, `01.07.2026`, `1.7.2026`; as `YYYY-MM-DD`. */
export function parseDay(text: string): Parsed<string> {
  const iso = ISO.exec(text);
  const [year, month, day] = iso === null ? (DOTTED.exec(text)?.slice(1).reverse() ?? []) : iso.slice(1);
  if (year === undefined || month === undefined || day === undefined)
    return no('is not a day (2026-07-01 or 01.07.2026)', 'gün olarak okunamadı (01.07.2026 gibi yazılır)');
  const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${value}T00:00:00Z`);
  const isDay = !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === value;
  return isDay ? { ok: true, value } : no('is no day of the calendar', 'takvimde böyle bir gün yok');
}

function no(problem: string, tr: string): Extract<Parsed<never>, { readonly ok: false }> {
  return { ok: false, problem, tr };
}
