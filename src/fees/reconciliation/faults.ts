import type { Words } from '../words.js';
import type { Fault } from './figures.js';

/** Faults that are told one by one: a file of another form has one on each line. */
const MAX_SHOWN = 20;

/** Nothing stands in the file. */
export const EMPTY_FILE: Words = { en: 'there is nothing in it', tr: 'içinde hiçbir şey yok' };

/** Faults as they are found. */
export interface Faults {
  readonly shown: readonly Fault[];
  /** How many were found, shown or not. */
  readonly count: number;
  add(line: number | null, words: Words): void;
}

/** An empty list. */
export function noFaults(): Faults {
  const shown: Fault[] = [];
  let count = 0;
  return {
    shown,
    get count() {
      return count;
    },
    add: (line, { en: message, tr }) => {
      count += 1;
      if (shown.length < MAX_SHOWN) shown.push({ line, message, tr });
    },
  };
}
