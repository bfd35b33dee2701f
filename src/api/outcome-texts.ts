import type { Outcome } from '../verification/conclude.js';

/** The fixed text of each outcome: what the clerk reads and can do next. */
export const OUTCOME_TEXTS: Readonly<Record<Outcome, { readonly tr: string; readonly en: string }>> = {
  match: {
    tr: 'Bilgiler nüfus kaydıyla aynıdır ve kayıt açıktır.',
    en: 'The data equal the population register’s, and the record is open.',
  },
  deceased: {
    tr: 'Bilgiler nüfus kaydıyla aynıdır; kişi ölüm kaydı ile kapalıdır. Ortak olarak kaydedilemez.',
    en: 'The data equal the register’s; the person is recorded as deceased and cannot be saved as a member.',
  },
  inactive: {
    tr: 'Bilgiler nüfus kaydıyla aynıdır; kayıt açık değildir. İl müdürlüğüne danışınız.',
    en: 'The data equal the register’s, but the record is not open. Please ask the provincial directorate.',
  },
  mismatch: {
    tr: 'Bilgiler nüfus kaydıyla aynı değildir. Adların tamamını (iki adı varsa ikisini de) kısaltmadan, soyadını ve doğum tarihini kimlik belgesindeki gibi yazınız.',
    en: 'The data differ from the register’s. Write all given names (both, where there are two) without abbreviation, and the surname and birth date as on the identity document.',
  },
  'not-found': {
    tr: 'Bu numara ve doğum tarihi ile kayıt bulunamadı. Numarayı ve doğum tarihini (bilinmeyen gün ya da ay için 00) kayıttaki gibi yazınız.',
    en: 'No record with this number and birth date. Write the number and the birth date as registered (00 for an unknown day or month).',
  },
};
