import type { Environment } from './environment.js';
import { InstantReader, TIME_LENGTH } from './instant.js';
import { LIMITS } from './limits.js';
import { fail } from './report.js';
import type { CompactRange } from './tree.js';

/** What is known of the log right after one of the exported entries. */
export interface Mark {
  readonly root: Uint8Array;
  /** `at` of the last entry, ms since 1970; `null` before the first. */
  readonly at: number | null;
}

interface ScanOptions {
  readonly count: number;
  /** Holds the tree of what stands before the export; leaves are added to it. */
  readonly range: CompactRange;
  /** Numbers of entries, ascending, after which a mark is wanted. */
  readonly markAfter: readonly number[];
}

/**
 * Reads `entries.ndjson` once, from first to last byte: every line well-formed UTF-8 without control characters, ended
 * by LF, beginning with its `at`, which never runs backwards. Nothing is parsed and no line is copied but those that lie
 * on a seam: at a million entries all time goes into hashing.
 */
export async function scanEntries(
  environment: Environment,
  options: ScanOptions,
): Promise<{ readonly marks: ReadonlyMap<number, Mark>; readonly lastAt: number | null }> {
  const scan = new Scan(environment, options);
  for await (const chunk of environment.folder.chunks('entries.ndjson')) scan.take(chunk);
  return scan.end();
}

const LF = 10;
/** `{"at":"` and then the time. */
const HEAD = Uint8Array.from('{"at":"', (char) => char.charCodeAt(0));

class Scan {
  readonly #environment: Environment;
  readonly #options: ScanOptions;
  readonly #marks = new Map<number, Mark>();
  /** One spare byte for the leaf's prefix, then the beginning of a line whose end has not come yet. */
  #carry = new Uint8Array(64 * 1024);
  #carried = 0;
  #lines = 0;
  #nextMark: number;
  readonly #time = new Uint8Array(TIME_LENGTH);
  readonly #instants = new InstantReader();
  #at: number | null = null;

  constructor(environment: Environment, options: ScanOptions) {
    this.#environment = environment;
    this.#options = options;
    this.#nextMark = this.#markFrom(0);
    this.#markIfDue();
  }

  /** The next bytes. They are written over: a line's hash wants a zero before it, where the line feed stood. */
  take(chunk: Uint8Array): void {
    const control = firstControl(chunk);
    const stop = control < 0 ? chunk.length : control;
    const first = chunk.indexOf(LF);
    if (first < 0 || stop < first) {
      if (stop < chunk.length) this.#wrongBytes(this.#lines + 1);
      this.#keep(chunk);
      return;
    }
    this.#keep(chunk.subarray(0, first));
    this.#carriedLine();
    const last = chunk.lastIndexOf(LF);
    const inside = chunk.subarray(first, last + 1);
    const wellFormed = this.#environment.isUtf8(inside);
    for (let start = first + 1; start <= last; ) {
      const end = chunk.indexOf(LF, start);
      if (stop < end || (!wellFormed && !this.#environment.isUtf8(chunk.subarray(start, end)))) {
        this.#wrongBytes(this.#lines + 1);
      }
      this.#line(chunk, start, end);
      start = end + 1;
    }
    if (stop < chunk.length) this.#wrongBytes(this.#lines + 1);
    this.#keep(chunk.subarray(last + 1));
  }

  end(): { readonly marks: ReadonlyMap<number, Mark>; readonly lastAt: number | null } {
    if (this.#carried > 0) {
      fail(
        'Son kaydın satır sonu yok: dosyanın sonu kesilmiş.',
        'The last entry has no end of line: the end of the file was cut off.',
        `line ${this.#lines + 1}`,
      );
    }
    const { count } = this.#options;
    if (this.#lines !== count) {
      fail(
        'Kayıt sayısı bildirilenden az: kayıt eksiltilmiş.',
        'There are fewer entries than declared: entries were removed.',
        `${this.#lines} of ${count} lines`,
      );
    }
    return { marks: this.#marks, lastAt: this.#at };
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#carried + bytes.length;
    if (length > LIMITS.lineBytes) this.#tooLong();
    if (length + 1 > this.#carry.length) {
      const larger = new Uint8Array(Math.max(2 * this.#carry.length, length + 1));
      larger.set(this.#carry);
      this.#carry = larger;
    }
    this.#carry.set(bytes, 1 + this.#carried);
    this.#carried = length;
  }

  #carriedLine(): void {
    const end = 1 + this.#carried;
    if (!this.#environment.isUtf8(this.#carry.subarray(1, end))) this.#wrongBytes(this.#lines + 1);
    this.#line(this.#carry, 1, end);
    this.#carried = 0;
  }

  /** One line without its end. The byte before `start` is ours to write. */
  #line(bytes: Uint8Array, start: number, end: number): void {
    if (end - start > LIMITS.lineBytes) this.#tooLong();
    if (this.#lines === this.#options.count) {
      fail(
        'Kayıt sayısı bildirilenden fazla: kayıt eklenmiş.',
        'There are more entries than declared: entries were added.',
        `more than ${this.#options.count} lines`,
      );
    }
    this.#readTime(bytes, start, end);
    bytes[start - 1] = 0;
    this.#options.range.addLeaf(bytes.subarray(start - 1, end));
    this.#lines += 1;
    if (this.#lines === this.#nextMark) this.#markIfDue();
  }

  #readTime(bytes: Uint8Array, start: number, end: number): void {
    const from = start + HEAD.length;
    const to = from + TIME_LENGTH;
    let fits = to + 1 < end && bytes[to] === 0x22 && bytes[to + 1] === 0x2c;
    for (let i = 0; i < HEAD.length; i += 1) if (bytes[start + i] !== HEAD[i]) fits = false;
    let order = 0;
    if (fits) {
      for (let i = 0; i < TIME_LENGTH && order === 0; i += 1) {
        order = (bytes[from + i] as number) - (this.#time[i] as number);
      }
    }
    if (fits && order === 0) return;
    // Text of equal form: where its characters go back, so does the time.
    const at = fits ? this.#instants.read(bytes, from) : null;
    if (at === null) {
      fail(
        'Bir kayıt beklenen biçimde, zamanıyla başlamıyor.',
        'An entry does not begin with its time in the expected form.',
        `line ${this.#lines + 1}`,
      );
    }
    if (order < 0) {
      fail(
        'Bir kaydın zamanı, önceki kayıttan geride: sıra bozulmuş.',
        'The time of an entry is before that of the entry in front of it: the order is broken.',
        `line ${this.#lines + 1}`,
      );
    }
    for (let i = 0; i < TIME_LENGTH; i += 1) this.#time[i] = bytes[from + i] as number;
    this.#at = at;
  }

  #markFrom(lines: number): number {
    return this.#options.markAfter.find((after) => after >= lines) ?? -1;
  }

  #markIfDue(): void {
    if (this.#lines !== this.#nextMark) return;
    this.#marks.set(this.#lines, { root: this.#options.range.root(), at: this.#at });
    this.#nextMark = this.#markFrom(this.#lines + 1);
  }

  #wrongBytes(line: number): never {
    fail(
      'Bir kayıtta metin olmayan baytlar var: dosya bozulmuş ya da değiştirilmiş.',
      'An entry holds bytes that are no text: the file was damaged or changed.',
      `line ${line}: a control character, or not UTF-8`,
    );
  }

  #tooLong(): never {
    fail(
      'Bir satır, hiçbir kaydın olamayacağı kadar uzun.',
      'A line is longer than any entry can be.',
      `line ${this.#lines + 1}: more than ${LIMITS.lineBytes} bytes`,
    );
  }
}

/** Place of the first control character other than LF, or -1. Four bytes at a time: this runs over every byte there is. */
function firstControl(bytes: Uint8Array): number {
  const { length } = bytes;
  const misaligned = (4 - (bytes.byteOffset % 4)) % 4;
  const head = Math.min(misaligned, length);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, (length - head) >> 2);
  for (let i = 0; i < head; i += 1) if (isControl(bytes[i] as number)) return i;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] as number;
    // Not zero where a byte of the word is below 0x20 (the classic "haszero" of bit-twiddling, with borrows that can
    // only add false alarms above a true one).
    if (((word - 0x20202020) & ~word & 0x80808080) === 0) continue;
    for (let k = head + 4 * i; k < head + 4 * i + 4; k += 1) if (isControl(bytes[k] as number)) return k;
  }
  for (let i = head + 4 * words.length; i < length; i += 1) if (isControl(bytes[i] as number)) return i;
  return -1;
}

function isControl(byte: number): boolean {
  return byte < 0x20 && byte !== LF;
}
