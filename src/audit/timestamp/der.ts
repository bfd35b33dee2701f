import { type AsnType, fromBER, Sequence } from 'asn1js';

/** What parsing may cost: far above a token with ten certificates, far below what could stop the process. */
const LIMITS = { maxDepth: 32, maxNodes: 8_000, maxContentLength: 64 * 1024 };
const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;
const LONG_LENGTH = 0x80;

/**
 * The one ASN.1 value that `bytes` are; throws where they are none, or where anything stands behind it. Lengths are held to
 * DER first: asn1js reads on past the end that an outer length sets, so that two readers could see two different values.
 */
export function readOne(bytes: Uint8Array): AsnType {
  // A copy: what the parser keeps must not change with a buffer of somebody else.
  const own = Uint8Array.from(bytes);
  if (requireLengths(own, 0, own.length, 0) !== 1) throw new Error('one value');
  const { offset, result } = fromBER(own, LIMITS);
  if (offset !== own.length || result.error !== '') throw new Error('no ASN.1 value');
  return result;
}

/** How many values fill [from, to) exactly; throws unless each does the same inside (X.690 §10.1: definite, shortest lengths). */
function requireLengths(bytes: Uint8Array, from: number, to: number, depth: number): number {
  if (depth > LIMITS.maxDepth) throw new Error('too deep');
  let count = 0;
  for (let at = from; at < to; count += 1) {
    const tag = bytes[at] ?? 0;
    if ((tag & LONG_TAG) === LONG_TAG) throw new Error('a tag that nothing here has');
    const { start, end } = lengthAt(bytes, at + 1);
    if (end > to) throw new Error('longer than what holds it');
    if ((tag & CONSTRUCTED) !== 0) requireLengths(bytes, start, end, depth + 1);
    at = end;
  }
  return count;
}

function lengthAt(bytes: Uint8Array, at: number): { start: number; end: number } {
  const first = bytes[at];
  if (first === undefined) throw new Error('no length');
  if (first < LONG_LENGTH) return { start: at + 1, end: at + 1 + first };
  const size = first - LONG_LENGTH;
  if (size < 1 || size > 3) throw new Error('an endless length, or one far too long');
  const start = at + 1 + size;
  const length = bytes.subarray(at + 1, start).reduce((sum, byte) => sum * 0x100 + byte, 0);
  if (bytes[at + 1] === 0 || length < LONG_LENGTH) throw new Error('not the shortest length');
  return { start, end: start + length };
}

/** The elements of a SEQUENCE; throws for anything else. */
export function elementsOf(value: AsnType | undefined): AsnType[] {
  if (!(value instanceof Sequence)) throw new Error('no SEQUENCE');
  return value.valueBlock.value as AsnType[];
}

/** The bytes of a parsed value as they came. */
export function rawOf(value: AsnType): Buffer {
  return Buffer.from(value.valueBeforeDecodeView);
}
