import type { Column } from '../../documents/table.js';
import { classWord } from './words.js';

export const ACCOUNT: Column = { key: 'hesap', title: 'Hesap', kind: 'text' };
export const CLASS: Column = {
  key: 'ücret_sınıfı',
  title: 'Ücret sınıfı',
  kind: 'text',
  word: classWord,
  isCode: true,
};
export const WHOSE: readonly Column[] = [ACCOUNT, CLASS];
export const QUERIES: Column = { key: 'sorgu', title: 'Sorgu', kind: 'count' };
/** As the lines have it, before corrections: in the summary and everywhere below it. */
export const BOOKED_UNITS: Column = { key: 'kayıtlı_birim', title: 'Kayıtlı birim', kind: 'count' };
export const BOOKED_AMOUNT: Column = { key: 'kayıtlı_tutar', title: 'Kayıtlı tutar', kind: 'money' };
/** What corrections change of it: never positive. */
export const CORRECTED_UNITS: Column = { key: 'düzeltme_birimi', title: 'Düzeltme birimi', kind: 'count' };
export const CORRECTED_AMOUNT: Column = { key: 'düzeltme_tutarı', title: 'Düzeltme tutarı', kind: 'money' };
/** What counts, corrections included: in the summary alone. */
export const UNITS: Column = { key: 'birim_adedi', title: 'Ücret birimi', kind: 'count' };
export const AMOUNT: Column = { key: 'tutar', title: 'Tutar', kind: 'money' };
const LINES: Column = { key: 'satır', title: 'Satır', kind: 'count' };
/** What every group of lines adds up. */
export const SUMS: readonly Column[] = [LINES, QUERIES, BOOKED_UNITS, BOOKED_AMOUNT];
