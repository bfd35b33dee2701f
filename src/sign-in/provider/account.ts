import { createHmac } from 'node:crypto';
import type { Account, AccountClaims } from 'oidc-provider';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { BrowserSession } from '../living-session.js';

/**
 * The `sub` of a person for one application (OpenID Connect Core §8.1): HMAC-SHA-256 of both, so that two applications cannot
 * put what they know together, and nobody without the key can try numbers out.
 */
export function pairwiseSubject(key: Buffer, clientId: string, person: KimlikNo): string {
  return createHmac('sha256', key).update(`${clientId}\0${person.reveal()}`).digest('base64url');
}

/** An account of the provider is one session of ours; claims by scope as CONTRACT §5 has them. */
export function accountOf(session: BrowserSession): Account {
  return {
    accountId: session.sessionId,
    claims: (_use, scope): AccountClaims => {
      const sub = session.sessionId;
      if (!scope.split(' ').includes('kimlik')) return { sub };
      return {
        sub,
        kimlik_no: session.person.reveal(),
        given_name: session.names?.ad,
        family_name: session.names?.soyad,
      };
    },
  };
}
