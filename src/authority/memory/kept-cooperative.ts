import type { CooperativeFacts } from '../facts.js';
import { type CooperativeRecord, cooperativeOn } from '../record.js';
import type { KeptRecord } from './port.js';

/** One cooperative in memory: what stands in the tables, and what follows from it on the day that was asked for last. */
export class KeptCooperative {
  readonly record: CooperativeRecord;
  readonly #version: number;
  readonly #asOfMs: number | null;
  readonly #leaf: bigint | null;
  #readAtMs: number;
  #day = '';
  #facts: CooperativeFacts | null = null;
  /** Monotonic time at which its time of reading was looked up by itself last. */
  freshenedMs = Number.NEGATIVE_INFINITY;

  constructor(kept: KeptRecord) {
    this.record = kept.record;
    this.#version = kept.version;
    this.#readAtMs = kept.readAt.getTime();
    this.#asOfMs = kept.asOf?.getTime() ?? null;
    this.#leaf = kept.leaf;
  }

  get readAtMs(): number {
    return this.#readAtMs;
  }

  /** A time of reading is never made older: two readings of it may come in one another's way. */
  renew(readAtMs: number): void {
    if (readAtMs <= this.#readAtMs) return;
    this.#readAtMs = readAtMs;
    this.#facts = null;
  }

  /** The cooperative on `day`; nearly everybody asks for today. */
  on(day: string): CooperativeFacts {
    if (this.#facts !== null && this.#day === day) return this.#facts;
    const stamp = { version: this.#version, readAt: new Date(this.#readAtMs) };
    this.#facts = cooperativeOn(this.record, stamp, day);
    this.#day = day;
    return this.#facts;
  }

  held(): KeptRecord {
    return {
      record: this.record,
      version: this.#version,
      readAt: new Date(this.#readAtMs),
      asOf: this.#asOfMs === null ? null : new Date(this.#asOfMs),
      leaf: this.#leaf,
    };
  }
}
