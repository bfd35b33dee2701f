import { type AsnType, fromBER, Sequence } from 'asn1js';

/** What parsing may cost: far above a token with ten certificates, far below what could stop the process. */
const LIMITS = { maxDepth: 32, maxNodes: 8_000, maxContentLength: 64 * 1024 };

/** The one ASN.1 value that `bytes` are; throws where they are none, or where anything stands behind it. */
export function readOne(bytes: Uint8Array): AsnType {
  // A copy: what the parser keeps must not change with a buffer of somebody else.
  const own = Uint8Array.from(bytes);
  const { offset, result } = fromBER(own, LIMITS);
  if (offset === -1 || result.error !== '') throw new Error('no ASN.1 value');
  if (offset !== own.length) throw new Error('something stands behind the value');
  return result;
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
