import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { BridgeError } from '../errors/bridge-error.js';

/** Shorter keys are refused: 128 bits is the least WS-Trust allows here; longer than 64 bytes no STS issues. */
const MIN_BYTES = 16;
const MAX_BYTES = 64;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The symmetric key that proves possession of a token. Whoever holds it can ask KPS in the institution's name, so it is
 * handled like a password: never printed, and overwritten when it is dropped.
 */
export class ProofKey {
  readonly #bytes: Buffer;
  #dropped = false;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Null where the text is not base64 of 16 to 64 bytes. */
  static fromBase64(text: string): ProofKey | null {
    if (text.length > 2 * MAX_BYTES || text.length % 4 !== 0 || !BASE64.test(text)) return null;
    const bytes = Buffer.from(text, 'base64');
    return bytes.length < MIN_BYTES || bytes.length > MAX_BYTES ? null : new ProofKey(bytes);
  }

  get dropped(): boolean {
    return this.#dropped;
  }

  /** HMAC-SHA1 in base64; SHA-1 is fixed by the protocol (facts/kps.md §2.3). Throws once the key was dropped. */
  hmacSha1(data: string): string {
    if (this.#dropped) throw new BridgeError('WRONG_USE', 'the proof key was dropped');
    return createHmac('sha1', this.#bytes).update(data, 'utf8').digest('base64');
  }

  /** Overwrites the key. A signature with zeroes would only be refused, but a dropped key must not sign at all. */
  drop(): void {
    this.#dropped = true;
    this.#bytes.fill(0);
  }

  toString(): string {
    return '***';
  }

  toJSON(): string {
    return '***';
  }

  [inspect.custom](): string {
    return '***';
  }
}
