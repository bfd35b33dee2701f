/** Characters of an instant: `2026-11-22T08:15:42.007Z`. */
export const TIME_LENGTH = 24;
/** `2026-11-22T08:15:` */
const MINUTE_LENGTH = 17;
const MINUTE_MS = 60_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Milliseconds since 1970 of an RFC 3339 instant in UTC with milliseconds, a real day and time; `null` for anything else. */
export function parseInstant(text: string): number | null {
  if (!INSTANT.test(text)) return null;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text ? ms : null;
}

/**
 * The same for bytes that come in order. Most entries are of the minute of the one before: only seconds are read then, since
 * a date costs as much as a hash.
 */
export class InstantReader {
  readonly #minute = new Uint8Array(MINUTE_LENGTH);
  #minuteMs = 0;

  read(bytes: Uint8Array, from: number): number | null {
    for (let i = 0; i < MINUTE_LENGTH; i += 1) {
      if (bytes[from + i] !== this.#minute[i]) return this.#readWhole(bytes, from);
    }
    const at = from + MINUTE_LENGTH;
    const [s10, s1] = [digit(bytes[at]), digit(bytes[at + 1])];
    const [ms100, ms10, ms1] = [digit(bytes[at + 3]), digit(bytes[at + 4]), digit(bytes[at + 5])];
    const points = bytes[at + 2] === 0x2e && bytes[at + 6] === 0x5a;
    // No leap second: no ISO text of ours has one.
    if (!points || s10 > 5 || s1 > 9 || ms100 > 9 || ms10 > 9 || ms1 > 9) return null;
    return this.#minuteMs + 10_000 * s10 + 1000 * s1 + 100 * ms100 + 10 * ms10 + ms1;
  }

  #readWhole(bytes: Uint8Array, from: number): number | null {
    const text = String.fromCharCode(...bytes.subarray(from, from + TIME_LENGTH));
    const ms = parseInstant(text);
    if (ms === null) return null;
    this.#minute.set(bytes.subarray(from, from + MINUTE_LENGTH));
    this.#minuteMs = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
    return ms;
  }
}

/** Value of a digit's byte; beyond 9 for any other. */
function digit(byte: number | undefined): number {
  return ((byte ?? 0) - 0x30) & 0xff;
}
