import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import type { TsaCustomer } from './accounts.js';
import { DerProblem, DerReader } from './der.js';
import { TsaRefused } from './refused.js';

/** Remembers which salt and IV came before; false where they did. */
export interface UsedSalts {
  take(salt: Buffer, iv: Buffer): boolean;
}

const ITERATIONS = 100;
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
/** 32 bytes and a whole block of PKCS#7 padding. */
const BOX_BYTES = 48;
/** PKCS #5 asks for 8; Kamu SM's own client sends 16. Above 64 there is nothing to gain. */
const SALT_BYTES = { min: 8, max: 64 };

interface Identity {
  readonly customerNo: bigint;
  readonly salt: Buffer;
  readonly iterations: bigint;
  readonly iv: Buffer;
  readonly box: Buffer;
}

/**
 * Kamu SM's `identity` header (facts/fees-and-records.md §3): hex of a DER SEQUENCE {customer number, salt, iterations, IV,
 * imprint encrypted under the password}. The texts for the caller are the real authority's where they are known.
 *
 * @throws TsaRefused unless the header proves a customer's password over this very imprint, for the first time
 */
export function requireIdentity(
  header: string | string[] | undefined,
  imprint: Buffer,
  customers: readonly TsaCustomer[],
  used: UsedSalts,
): void {
  const identity = readIdentity(header);
  const { customerNo, salt, iterations, iv, box } = identity;
  const customer = customers.find((one) => BigInt(one.customerNo) === customerNo);
  if (customer === undefined)
    throw new TsaRefused('identity-customer', 'badRequest', `User ${customerNo} is not known`);
  if (iterations !== BigInt(ITERATIONS)) throw notAuthenticated('identity-iterations');
  if (salt.length < SALT_BYTES.min || salt.length > SALT_BYTES.max) throw notAuthenticated('identity-salt');
  if (iv.length !== BLOCK_BYTES) throw notAuthenticated('identity-iv');
  if (box.length !== BOX_BYTES) throw notAuthenticated('identity-box');
  const opened = open(customer.password, identity);
  if (opened === undefined) throw notAuthenticated('identity-password');
  if (!opened.equals(imprint)) throw notAuthenticated('identity-imprint');
  if (!used.take(salt, iv)) throw notAuthenticated('identity-replayed');
}

function readIdentity(header: string | string[] | undefined): Identity {
  if (header === undefined) throw notAuthenticated('identity-missing');
  if (typeof header !== 'string' || !/^(?:[0-9a-f]{2})+$/i.test(header))
    throw notAuthenticated('identity-hex');
  try {
    const outer = new DerReader(Buffer.from(header, 'hex'));
    const fields = outer.sequence();
    outer.end();
    const identity = {
      customerNo: fields.integer().value,
      salt: fields.octets(),
      iterations: fields.integer().value,
      iv: fields.octets(),
      box: fields.octets(),
    };
    fields.end();
    return identity;
  } catch (error) {
    if (!(error instanceof DerProblem)) throw error;
    throw notAuthenticated(`identity-der-${error.message}`);
  }
}

/** The decrypted imprint; undefined where the password is another: then the padding or the length is wrong. */
function open(password: string, { salt, iv, box }: Identity): Buffer | undefined {
  const key = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  try {
    const opened = Buffer.concat([decipher.update(box), decipher.final()]);
    return opened.length === BOX_BYTES - BLOCK_BYTES ? opened : undefined;
  } catch {
    return undefined;
  }
}

function notAuthenticated(reason: string): TsaRefused {
  return new TsaRefused(reason, 'badRequest', 'Account could not be authenticated');
}
