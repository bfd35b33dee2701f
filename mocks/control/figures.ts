import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { recoverLines } from './recover-lines.js';

/** What an account owes for: one operation that KPS carried out. */
export interface Bill {
  readonly userName: string;
  readonly service: string;
  /** Criteria that were answered, with a record or HataBilgisi. */
  readonly criteria: number;
}

/** One line of the Interior Ministry's screen. `day` `YYYY-MM-DD` in Europe/Istanbul; money in kuruş. */
export interface Figure {
  readonly day: string;
  readonly service: string;
  readonly queries: number;
  readonly amountKurus: bigint;
}

interface Kept extends Bill {
  readonly at: string;
}

const ISTANBUL = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Istanbul',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/**
 * The Interior Ministry's own count (facts/fees-and-records.md §1): what KPS carried out for each account, by day and service, by its
 * own clock. One line of `figures.ndjson` for each operation, appended before its answer goes out, so that it survives kill -9 as the
 * witnesses do. It counts what was carried out, whatever became of the answer on its way.
 */
export class Figures {
  readonly #file: number;
  readonly #now: () => Date;
  readonly #prices: ReadonlyMap<string, number>;
  /** By account, then by day and service. */
  readonly #counts = new Map<string, Map<string, { day: string; service: string; queries: number }>>();

  /** `prices`: kuruş for one query, by user name; 0 for those outside the fee. */
  constructor(directory: string, prices: ReadonlyMap<string, number>, now: () => Date) {
    this.#now = now;
    this.#prices = prices;
    this.#file = openSync(join(directory, 'figures.ndjson'), 'a+', 0o600);
    recoverLines(this.#file, (line) => this.#count(JSON.parse(line) as Kept));
  }

  append({ userName, service, criteria }: Bill): void {
    const kept: Kept = { at: this.#now().toISOString(), userName, service, criteria };
    writeSync(this.#file, `${JSON.stringify(kept)}\n`);
    this.#count(kept);
  }

  /** Figures of an account for the days from `from` to before `to`, sorted by day and service; undefined for an account that there is not. */
  of(userName: string, from: string, to: string): readonly Figure[] | undefined {
    const price = this.#prices.get(userName);
    if (price === undefined) return undefined;
    return [...(this.#counts.get(userName)?.values() ?? [])]
      .filter(({ day }) => day >= from && day < to)
      .sort((a, b) => compare(a.day, b.day) || compare(a.service, b.service))
      .map((one) => ({ ...one, amountKurus: BigInt(one.queries) * BigInt(price) }));
  }

  close(): void {
    closeSync(this.#file);
  }

  #count({ at, userName, service, criteria }: Kept): void {
    if (criteria === 0) return;
    const day = ISTANBUL.format(new Date(at));
    const account = this.#counts.get(userName) ?? new Map();
    this.#counts.set(userName, account);
    const key = `${day} ${service}`;
    account.set(key, { day, service, queries: (account.get(key)?.queries ?? 0) + criteria });
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
