import { Refusal } from '../errors/refusal.js';
import { KimlikNo } from '../person/kimlik-no.js';
import { type PartialDate, parsePartialDate } from '../person/partial-date.js';
import { normaliseName } from '../person/turkish-name.js';
import type { Question } from './question.js';

/** The person asked about, in the form in which KPS is asked. */
export interface Subject {
  readonly kimlikNo: KimlikNo;
  readonly ad: string;
  readonly soyad: string;
  readonly dogumTarihi: PartialDate;
}

/** What can be known to be bad never leaves and costs nothing: check digits, empty names, dates that are none. */
export function checkNumbers(subject: Question['subject'], today: string): Subject {
  const kimlikNo = KimlikNo.parse(subject.kimlikNo);
  if (!kimlikNo.ok) throw new Refusal('IDENTITY_NUMBER_INVALID', { reason: kimlikNo.problem });
  const ad = normaliseName(subject.ad, { allowEmpty: false });
  if (!ad.ok) throw new Refusal('REQUEST_INVALID', { reason: `subject.ad: ${ad.problem}` });
  const soyad = normaliseName(subject.soyad, { allowEmpty: true });
  if (!soyad.ok) throw new Refusal('REQUEST_INVALID', { reason: `subject.soyad: ${soyad.problem}` });
  const dogumTarihi = parsePartialDate(subject.dogumTarihi, today);
  if (!dogumTarihi.ok)
    throw new Refusal('REQUEST_INVALID', { reason: `subject.dogumTarihi: ${dogumTarihi.problem}` });
  return { kimlikNo: kimlikNo.value, ad: ad.value, soyad: soyad.value, dogumTarihi: dogumTarihi.value };
}
