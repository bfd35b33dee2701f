/** Bytes that are not DER, or not what was expected at this place. */
export class DerProblem extends Error {}

/** Universal tags that a request uses (X.690 §8.1.2). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** Longer lengths than a request can have are not read at all. */
const MAX_LENGTH_OCTETS = 3;

/**
 * Reads DER strictly: definite and shortest lengths, shortest integers, TRUE as 0xff. The authority reads with code of its
 * own, so that a request is not accepted merely because a lenient library on both sides understands it.
 */
export class DerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get next(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The content of the next element and its whole encoding. @throws DerProblem where its tag is another */
  element(tag: number): { readonly content: Buffer; readonly whole: Buffer } {
    if (this.next !== tag) throw new DerProblem('tag');
    const start = this.#at;
    const { from, length } = this.#length(start + 1);
    const end = from + length;
    if (end > this.#bytes.length) throw new DerProblem('length');
    this.#at = end;
    return { content: this.#bytes.subarray(from, end), whole: this.#bytes.subarray(start, end) };
  }

  sequence(): DerReader {
    return new DerReader(this.element(TAG.sequence).content);
  }

  octets(): Buffer {
    return this.element(TAG.octetString).content;
  }

  /** An object identifier's content octets. */
  oid(): Buffer {
    const { content } = this.element(TAG.oid);
    const startsAnew = (index: number) => index === 0 || ((content[index - 1] ?? 0) & 0x80) === 0;
    const padded = content.some((byte, index) => byte === 0x80 && startsAnew(index));
    if (content.length === 0 || padded || ((content.at(-1) ?? 0) & 0x80) !== 0) throw new DerProblem('oid');
    return content;
  }

  integer(): { readonly value: bigint; readonly whole: Buffer } {
    const { content, whole } = this.element(TAG.integer);
    const [first, second = 0] = content;
    const padded =
      content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (first === undefined || padded) throw new DerProblem('integer');
    const unsigned = BigInt(`0x${content.toString('hex')}`);
    return { value: BigInt.asIntN(content.length * 8, unsigned), whole };
  }

  /** A BOOLEAN that is there is TRUE: a default of FALSE is left out. */
  isTrue(): true {
    const { content } = this.element(TAG.boolean);
    if (content.length !== 1 || content[0] !== 0xff) throw new DerProblem('boolean');
    return true;
  }

  /** @throws DerProblem where anything follows */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new DerProblem('trailing');
  }

  #length(at: number): { from: number; length: number } {
    const first = this.#bytes[at];
    if (first === undefined) throw new DerProblem('length');
    if (first < 0x80) return { from: at + 1, length: first };
    const octets = first & 0x7f;
    const from = at + 1 + octets;
    if (octets === 0 || octets > MAX_LENGTH_OCTETS || from > this.#bytes.length)
      throw new DerProblem('length');
    const length = this.#bytes.readUIntBE(at + 1, octets);
    if (length < 0x80 || this.#bytes[at + 1] === 0) throw new DerProblem('length');
    return { from, length };
  }
}
