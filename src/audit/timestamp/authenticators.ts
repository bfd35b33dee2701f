import { createCipheriv, pbkdf2Sync } from 'node:crypto';
import { Integer, OctetString, Sequence } from 'asn1js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { AuthoritySettings } from './settings.js';

/** How we show an authority who asks: headers beside one request over `imprint` (SHA-256). */
export interface Authenticator {
  headers(imprint: Buffer): Record<string, string>;
}

export type RandomBytes = (size: number) => Buffer;

/** Fixed by Kamu SM, whatever the count that stands in the header. */
const KAMUSM_ITERATIONS = 100;
const KEY_BYTES = 32;
const IV_BYTES = 16;
const SALT_BYTES = 16;

const nobody: Authenticator = { headers: () => ({}) };

/** HTTP Basic (RFC 7617), UTF-8. Throws `CONFIG_INVALID` for a user name with a colon: it would end there. */
export function basicAuthenticator(userName: string, password: string): Authenticator {
  if (userName.includes(':'))
    throw new BridgeError('CONFIG_INVALID', 'a user name for HTTP Basic has no colon');
  const value = `Basic ${Buffer.from(`${userName}:${password}`, 'utf8').toString('base64')}`;
  return { headers: () => ({ authorization: value }) };
}

/**
 * TÜBİTAK Kamu SM (facts/fees-and-records.md §3): header `identity`, hex of DER SEQUENCE { customer number, salt,
 * iterations, IV, imprint under AES-256-CBC/PKCS #7 }, key = PBKDF2-HMAC-SHA256(password, salt, 100, 32 bytes). Salt and
 * IV are fresh for each request, so that two requests never show that they carry the same imprint.
 */
export function kamusmAuthenticator(
  customerNo: number,
  password: string,
  randomBytes: RandomBytes,
): Authenticator {
  return {
    headers: (imprint) => {
      const salt = randomBytes(SALT_BYTES);
      const iv = randomBytes(IV_BYTES);
      const key = pbkdf2Sync(password, salt, KAMUSM_ITERATIONS, KEY_BYTES, 'sha256');
      const cipher = createCipheriv('aes-256-cbc', key, iv);
      const encrypted = Buffer.concat([cipher.update(imprint), cipher.final()]);
      const identity = new Sequence({
        value: [
          new Integer({ value: customerNo }),
          octets(salt),
          new Integer({ value: KAMUSM_ITERATIONS }),
          octets(iv),
          octets(encrypted),
        ],
      });
      return { identity: Buffer.from(identity.toBER()).toString('hex') };
    },
  };
}

/** The authenticator that the settings name. Throws `CONFIG_INVALID` where they lack what it needs. */
export function authenticatorOf(settings: AuthoritySettings, randomBytes: RandomBytes): Authenticator {
  const { id, authentication, userName, password, customerNo } = settings;
  const missing = (what: string) =>
    new BridgeError('CONFIG_INVALID', `time stamp authority ${id} needs ${what}`, {
      fields: { authority: id },
    });
  if (authentication === 'none') return nobody;
  if (password === undefined) throw missing('a password');
  if (authentication === 'basic') {
    if (userName === undefined) throw missing('a user name');
    return basicAuthenticator(userName, password);
  }
  if (customerNo === undefined) throw missing('a customer number');
  return kamusmAuthenticator(customerNo, password, randomBytes);
}

function octets(bytes: Buffer): OctetString {
  return new OctetString({ valueHex: Uint8Array.from(bytes) });
}
