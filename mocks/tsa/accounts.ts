import { createHash, timingSafeEqual } from 'node:crypto';

/** A customer of `/`, by Kamu SM's number. */
export interface TsaCustomer {
  readonly customerNo: number;
  readonly password: string;
}

/** A user of `/basic`. */
export interface TsaUser {
  readonly userName: string;
  readonly password: string;
}

/** True where an `Authorization` header is HTTP Basic (RFC 7617, UTF-8) for one of the users. */
export function basicHolds(header: string | undefined, users: readonly TsaUser[]): boolean {
  const [, token] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '') ?? [];
  if (token === undefined) return false;
  const given = Buffer.from(token, 'base64').toString('utf8');
  // Every user is compared, and as hashes, so that time tells neither name nor password.
  const held = users.filter(({ userName, password }) =>
    timingSafeEqual(hash(given), hash(`${userName}:${password}`)),
  );
  return held.length === 1;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
