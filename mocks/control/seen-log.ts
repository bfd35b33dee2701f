import { closeSync, openSync, readSync, writeSync } from 'node:fs';

import { recoverLines } from './recover-lines.js';

/** What reached a system. `action` is `''` where none could be read; identity numbers stand as they were sent. */
export interface SeenRequest {
  readonly action: string;
  readonly kimlikNo?: string | undefined;
  readonly mersisNo?: string | undefined;
  readonly messageId?: string | undefined;
  readonly sorgulayan?: string | undefined;
  /** True once an answer, even a fault, was given completely. */
  readonly answered: boolean;
  readonly refused?: string | undefined;
}

interface SeenItem extends SeenRequest {
  readonly n: number;
  readonly at: string;
}

export interface SeenPage {
  /** `after` of the next call: the last `n` given here, or the one asked with. */
  readonly next: number;
  readonly requests: readonly SeenItem[];
}

/** One page fits in memory many times over; a reader goes on with `next` until a page is empty. */
const PAGE = 1_000;
const AMENDMENT = '{"amends":';

/**
 * The witness of one system: one line of NDJSON for each item, appended before its answer goes out, numbered from 1
 * without a gap. A line handed to the operating system survives kill -9 of this process (not a power cut). Only the
 * places of the lines stay in memory, so that a long benchmark does not fill it.
 */
export class SeenLog {
  readonly #file: number;
  readonly #now: () => Date;
  readonly #offsets: number[] = [];
  readonly #amended = new Map<number, boolean>();
  #size = 0;

  /** Opens or creates the file (mode 0600: it holds identity numbers); a line that was torn by a crash is cut off. */
  constructor(path: string, now: () => Date) {
    this.#now = now;
    this.#file = openSync(path, 'a+', 0o600);
    this.#size = recoverLines(this.#file, (line, at) => this.#takeLine(line, at));
  }

  /** Appends the items in order and gives their numbers. Returns only after the operating system has them. */
  append(requests: readonly SeenRequest[]): number[] {
    const at = this.#now().toISOString();
    const numbers: number[] = [];
    let lines = '';
    let end = this.#size;
    for (const request of requests) {
      const n = this.#offsets.length + 1;
      const line = `${JSON.stringify({ n, at, ...request })}\n`;
      this.#offsets.push(end);
      end += Buffer.byteLength(line);
      lines += line;
      numbers.push(n);
    }
    this.#write(lines);
    return numbers;
  }

  /** Corrects what was foreseen: the answer went out after all, or the connection was lost under it. */
  settle(numbers: readonly number[], answered: boolean): void {
    for (const n of numbers) {
      this.#amended.set(n, answered);
      this.#write(`${AMENDMENT}${n},"answered":${answered}}\n`);
    }
  }

  /** Up to 1,000 items with a number greater than `after`. */
  page(after: number): SeenPage {
    const last = Math.min(this.#offsets.length, after + PAGE);
    const from = this.#offsets[after];
    if (from === undefined) return { next: after, requests: [] };
    const to = this.#offsets[last] ?? this.#size;
    const bytes = Buffer.alloc(to - from);
    readSync(this.#file, bytes, 0, bytes.length, from);
    const requests: SeenItem[] = [];
    for (const line of bytes.toString('utf8').split('\n')) {
      if (line === '' || line.startsWith(AMENDMENT)) continue;
      const item = JSON.parse(line) as SeenItem;
      requests.push({ ...item, answered: this.#amended.get(item.n) ?? item.answered });
    }
    return { next: last, requests };
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(lines: string): void {
    if (lines === '') return;
    this.#size += writeSync(this.#file, lines);
  }

  #takeLine(line: string, at: number): void {
    if (line.startsWith(AMENDMENT)) {
      const amendment = JSON.parse(line) as { amends: number; answered: boolean };
      this.#amended.set(amendment.amends, amendment.answered);
    } else {
      this.#offsets.push(at);
    }
  }
}
