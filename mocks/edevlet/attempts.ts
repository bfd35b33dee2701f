import { BoundedMap } from './bounded-map.js';

/** Wrong passwords and codes for one number, over all browsers; then it has to wait. */
const MAX_WRONG = 20;
const WINDOW_MS = 15 * 60_000;
const MAX_NUMBERS = 10_000;

/** Counts what was typed wrong for a number, known or not: a locked number tells nobody whether it exists. */
export class Attempts {
  readonly #now: () => number;
  readonly #wrong = new BoundedMap<{ readonly since: number; count: number }>(MAX_NUMBERS);

  constructor(now: () => number) {
    this.#now = now;
  }

  locked(kimlikNo: string): boolean {
    return (this.#living(kimlikNo)?.count ?? 0) >= MAX_WRONG;
  }

  wrong(kimlikNo: string): void {
    const entry = this.#living(kimlikNo);
    if (entry === undefined) this.#wrong.set(kimlikNo, { since: this.#now(), count: 1 });
    else entry.count += 1;
  }

  /** Only a whole login forgets: a known password must not buy more codes. */
  passed(kimlikNo: string): void {
    this.#wrong.delete(kimlikNo);
  }

  #living(kimlikNo: string): { count: number } | undefined {
    const entry = this.#wrong.get(kimlikNo);
    return entry !== undefined && this.#now() - entry.since < WINDOW_MS ? entry : undefined;
  }
}
