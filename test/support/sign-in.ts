import { randomBytes } from 'node:crypto';
import type { Appender } from '../../src/audit/appender.js';
import type { MasterKeys } from '../../src/audit/master-keys.js';
import type { PersonTagger } from '../../src/audit/person-tags.js';
import type { KimlikNo } from '../../src/person/kimlik-no.js';
import { ACR_TWO_STEP } from '../../src/sign-in/access-tokens.js';
import { issueToken } from '../../src/sign-in/issue-token.js';
import { type NewSession, openSession } from '../../src/sign-in/open-session.js';
import type { Queryable } from '../../src/storage/database.js';

/** What the rule of two steps makes of a sound sign-in. */
export const TWO_STEPS: NewSession['judged'] = {
  inForceFrom: '2025-07-31',
  judged: 'two-step',
  level: '5',
  method: 'password-with-second-step',
  profile: 'e-devlet',
  twoStep: 'yes',
};

/** Where a test signs in. `log` needs `openSessionApplier`. */
export interface SignInTools {
  readonly log: Appender;
  readonly masterKeys: MasterKeys;
  readonly tagger: PersonTagger;
  readonly db: Queryable;
}

/** A sign-in as a test wants it; what is not given is sound. Lifetimes in seconds. */
export interface TestSignIn {
  readonly person: KimlikNo;
  readonly names?: NewSession['names'];
  readonly client?: string;
  readonly certificateSha256?: Buffer;
  /** Whether the token counts as stepped up, for as long as it lives. */
  readonly stepUp?: boolean;
  readonly acr?: string;
  readonly now?: Date;
  readonly lifetimeS?: number;
  /** As long as the session, where it is not given: nobody uses it in between. */
  readonly idleS?: number;
  readonly tokenLifetimeS?: number;
}

/** A session and one access token of it, as the OpenID provider gives them. */
export async function signInForTest(
  { log, masterKeys, tagger, db }: SignInTools,
  wanted: TestSignIn,
): Promise<{ readonly sessionId: string; readonly accessToken: string }> {
  const { person, client = 'core', stepUp = false, now = new Date(), lifetimeS = 3600 } = wanted;
  const session: NewSession = {
    person,
    names: wanted.names ?? null,
    acr: wanted.acr ?? ACR_TWO_STEP,
    method: 'e-devlet',
    judged: TWO_STEPS,
    client,
    authTime: now,
    lifetimeS,
    idleS: wanted.idleS ?? lifetimeS,
  };
  const { sessionId } = await openSession(log, { masterKeys, tagger }, session, now);
  const accessToken = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + (wanted.tokenLifetimeS ?? 600) * 1000);
  const issued = await issueToken(db, {
    token: accessToken,
    sessionId,
    clientId: client,
    certificateSha256: wanted.certificateSha256 ?? Buffer.alloc(32, 9),
    expiresAt,
    stepUpUntil: stepUp ? expiresAt : null,
  });
  if (!issued) throw new Error('the session was gone before its token');
  return { sessionId, accessToken };
}
