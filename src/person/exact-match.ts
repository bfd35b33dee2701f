import { type PartialDate, samePartialDate } from './partial-date.js';
import { normaliseName } from './turkish-name.js';

/** What m.9(3) compares, beside the number itself. `soyad` is `''` for a person recorded without one. */
export interface ComparedFields {
  readonly ad: string;
  readonly soyad: string;
  readonly dogumTarihi: PartialDate;
}

type ComparedField = keyof ComparedFields;

/** `differs` is in the order ad, soyad, dogumTarihi; it is for the outcome's text, never for telling what would have matched. */
export interface ExactMatch {
  readonly equal: boolean;
  readonly differs: readonly ComparedField[];
}

/**
 * m.9(3): number, names and birth date must match the register exactly; so both sides go through the same normalisation
 * and then every character counts. A name that cannot be normalised, on either side, equals nothing; neither does an
 * empty `ad` (a record whose compared field is missing confirms nobody). An empty `soyad` equals only an empty one, an
 * unknown part of a date only an unknown part.
 */
export function exactMatch(asked: ComparedFields, record: ComparedFields): ExactMatch {
  const differs: ComparedField[] = [];
  if (!sameName(asked.ad, record.ad, { allowEmpty: false })) differs.push('ad');
  if (!sameName(asked.soyad, record.soyad, { allowEmpty: true })) differs.push('soyad');
  if (!samePartialDate(asked.dogumTarihi, record.dogumTarihi)) differs.push('dogumTarihi');
  return { equal: differs.length === 0, differs };
}

function sameName(asked: string, record: string, options: { allowEmpty: boolean }): boolean {
  const a = normaliseName(asked, options);
  const b = normaliseName(record, options);
  return a.ok && b.ok && a.value === b.value;
}
