import { formatCount, formatTl } from '../../fees/kurus.js';
import type { QuarterState } from '../../fees/quarter/states.js';
import type { FeeClass } from '../../fees/tariff/tariff.js';
import { codeWords } from '../../fees/words.js';
import type { BothLanguages } from '../../pages/views.js';
import type { Cell, Text, Tone } from '../frame/parts.js';

export const HOME = '/konsol/mali';
export const FEES_BACK = { href: HOME, text: { tr: 'Mali: bu çeyrek', en: 'Fees: this quarter' } };

/** `2026-Q4` as people say it. */
export function quarterText(quarter: string): BothLanguages {
  const [year, number] = [quarter.slice(0, 4), quarter.slice(6)];
  return { tr: `${year} yılı ${number}. çeyrek`, en: `${year}, quarter ${number}` };
}

/** Where a quarter's page is. */
export function quarterPath(quarter: string): string {
  return `${HOME}/ceyrek/${quarter}`;
}

const STATES: Readonly<Record<QuarterState, { readonly text: BothLanguages; readonly tone: Tone }>> = {
  open: { text: { tr: 'Açık: çeyrek sürüyor', en: 'Open: the quarter runs' }, tone: 'calm' },
  collecting: {
    text: { tr: 'Bitti: dondurulmayı bekliyor', en: 'Over: waits to be frozen' },
    tone: 'warning',
  },
  frozen: {
    text: { tr: 'Donduruldu: ikinci görevliyi bekliyor', en: 'Frozen: waits for a second officer' },
    tone: 'warning',
  },
  approved: { text: { tr: 'Onaylandı: mühürlenecek', en: 'Approved: to be sealed' }, tone: 'warning' },
  sealed: { text: { tr: 'Mühürlendi', en: 'Sealed' }, tone: 'good' },
};

export function stateText(state: QuarterState): BothLanguages {
  return STATES[state].text;
}

export function stateTone(state: QuarterState): Tone {
  return STATES[state].tone;
}

/** A state with its tone. */
export function stateCell(state: QuarterState): Cell {
  return { mark: STATES[state].tone, text: STATES[state].text };
}

export function classText(feeClass: FeeClass): BothLanguages {
  return codeWords('feeClass', feeClass) ?? { tr: feeClass, en: feeClass };
}

/** How a query ended; what we have no word for stays a value. */
export function resultText(code: string): Text {
  return codeWords('result', code) ?? code;
}

/** Counts and money, as a cell of a table: Turkish form in both languages. */
export const countCell = (count: number | bigint): string => formatCount(count);
export const moneyCell = (amount: number | bigint): string => formatTl(BigInt(amount));
