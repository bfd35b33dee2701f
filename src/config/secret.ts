import { inspect } from 'node:util';

const HIDDEN = '***';

/**
 * A secret value that cannot be printed by accident: string, JSON, template and inspect all give `***`. The value
 * leaves only through `reveal()`, which is easy to search for in a review.
 */
export class Secret {
  readonly #value: string;
  /** When the file that it stands in was last written; null where it came otherwise. */
  readonly changedAt: Date | null;

  constructor(value: string, changedAt: Date | null = null) {
    this.#value = value;
    this.changedAt = changedAt;
  }

  /** The value itself. Call it where it is used, never earlier, and keep no copy. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
