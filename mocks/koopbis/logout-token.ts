import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import type { Provider } from './provider.js';
import type { SecureFetch } from './secure-fetch.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** The provider tries again with a new token; an old one is somebody else's. */
const MAX_AGE_S = 120;
const MAX_REMEMBERED = 10_000;

/** Whose session a logout token ends. */
export interface NamedByLogout {
  readonly sid: string | null;
  readonly sub: string | null;
}

/** Checks logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.6); throws where anything does not hold. */
export function createLogoutCheck(
  provider: Pick<Provider, 'keys'>,
  clientId: string,
  fetchBy: SecureFetch,
  now: () => number,
): (token: string) => Promise<NamedByLogout> {
  const seen = new Map<string, number>();
  let keySet: { readonly uri: string; readonly of: ReturnType<typeof createRemoteJWKSet> } | undefined;
  return async (token) => {
    const { issuer, jwksUri, algorithms } = await provider.keys();
    if (keySet?.uri !== jwksUri.href) {
      const options = { [customFetch]: fetchBy as typeof fetch };
      keySet = { uri: jwksUri.href, of: createRemoteJWKSet(jwksUri, options) };
    }
    const { payload, protectedHeader } = await jwtVerify(token, keySet.of, {
      issuer,
      audience: clientId,
      // Never one that the provider does not sign with; `none` and shared secrets are not in this list.
      algorithms: algorithms.filter((one) => !one.startsWith('HS') && one !== 'none'),
      maxTokenAge: MAX_AGE_S,
      clockTolerance: 30,
      currentDate: new Date(now()),
      requiredClaims: ['iat', 'jti', 'events'],
    });
    const { typ } = protectedHeader;
    if (typ !== undefined && typ !== 'logout+jwt') throw new Error('not a logout token');
    const { events, nonce, sid, sub, jti = '' } = payload;
    if (typeof events !== 'object' || events === null || !(EVENT in events)) throw new Error('no logout');
    // An ID token must never pass for one (§2.4).
    if (nonce !== undefined) throw new Error('a logout token has no nonce');
    const named = { sid: typeof sid === 'string' ? sid : null, sub: typeof sub === 'string' ? sub : null };
    if (named.sid === null && named.sub === null) throw new Error('names nobody');
    rememberOnce(seen, jti, now());
    return named;
  };
}

/** The same token twice is a replay; those too old to pass anyway are forgotten. */
function rememberOnce(seen: Map<string, number>, jti: string, now: number): void {
  if (seen.has(jti)) throw new Error('used already');
  for (const [known, at] of seen) {
    if (now - at < 2 * MAX_AGE_S * 1000 && seen.size < MAX_REMEMBERED) break;
    seen.delete(known);
  }
  seen.set(jti, now);
}
