import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { inSigningOrder, type SigningKey } from './keys.js';

/** An application is told at once or tried again with a new token: two minutes are enough for clocks that differ. */
const LIFETIME_S = 120;

/** What a logout token says (OpenID Connect Back-Channel Logout §2.4). */
export interface LogoutClaims {
  readonly issuer: string;
  readonly clientId: string;
  readonly sub: string;
  /** `''` where the application was never given one. */
  readonly sid: string;
}

/** A signed logout token. Throws where no key signs now. */
export async function logoutToken(
  { issuer, clientId, sub, sid }: LogoutClaims,
  keys: readonly SigningKey[],
  now: Date,
): Promise<string> {
  const [key] = inSigningOrder(keys, now);
  if (key === undefined) throw new Error('no key signs now');
  const iat = Math.floor(now.getTime() / 1000);
  return new SignJWT({
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    ...(sid === '' ? {} : { sid }),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt', kid: key.jwk.kid })
    .setIssuer(issuer)
    .setAudience(clientId)
    .setSubject(sub)
    .setJti(randomUUID())
    .setIssuedAt(iat)
    .setExpirationTime(iat + LIFETIME_S)
    .sign(await importJWK(key.jwk, 'RS256'));
}
