import type { Column } from '../statement/cells.js';
import { classWord } from './words.js';

export const ACCOUNT: Column = { key: 'hesap', title: 'Hesap', kind: 'text' };
export const CLASS: Column = { key: 'ücret_sınıfı', title: 'Ücret sınıfı', kind: 'text', word: classWord };
export const WHOSE: readonly Column[] = [ACCOUNT, CLASS];
export const QUERIES: Column = { key: 'sorgu', title: 'Sorgu', kind: 'count' };
export const UNITS: Column = { key: 'birim_adedi', title: 'Ücret birimi', kind: 'count' };
export const AMOUNT: Column = { key: 'tutar', title: 'Tutar', kind: 'money' };
const LINES: Column = { key: 'satır', title: 'Satır', kind: 'count' };
/** What every group of lines adds up. */
export const SUMS: readonly Column[] = [LINES, QUERIES, UNITS, AMOUNT];
