import type { Fault } from './figures.js';

/** Faults that are told one by one: a file of another form has one on each line. */
const MAX_SHOWN = 20;

/** Faults as they are found. */
export interface Faults {
  readonly shown: readonly Fault[];
  /** How many were found, shown or not. */
  readonly count: number;
  add(line: number | null, message: string): void;
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
    add: (line, message) => {
      count += 1;
      if (shown.length < MAX_SHOWN) shown.push({ line, message });
    },
  };
}
