import { randomBytes, randomUUID } from 'node:crypto';
import { TAKE_BATCH_LOCK } from '../audit/batch-lock.js';
import type { MasterKeys } from '../audit/master-keys.js';
import type { PersonTagger } from '../audit/person-tags.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import type { Database } from '../storage/database.js';
import { hashToken, sessionPlace } from './access-tokens.js';

/** A sign-in that has been proved. Lifetimes in seconds. */
export interface NewSession {
  readonly person: KimlikNo;
  readonly acr: string;
  readonly authTime: Date;
  readonly lifetimeS: number;
}

/** The token that a session gives to one client over one certificate. */
export interface NewToken {
  readonly clientId: string;
  readonly certificateSha256: Buffer;
  readonly lifetimeS: number;
}

/** Opens a session and gives its first access token; the token's text exists only in this answer. */
export async function openSession(
  db: Database,
  keys: { readonly masterKeys: MasterKeys; readonly tagger: PersonTagger },
  session: NewSession,
  token: NewToken,
  now: Date,
): Promise<{ readonly sessionId: string; readonly accessToken: string }> {
  const sessionId = randomUUID();
  const accessToken = randomBytes(32).toString('base64url');
  const box = keys.masterKeys.wrap(Buffer.from(session.person.reveal(), 'utf8'), sessionPlace(sessionId));
  const tag = keys.tagger.tag('authority', session.person);
  await db.transaction(async (tx) => {
    await tx.query({
      text: `INSERT INTO bridge.sign_in_session
        (session_id, person_tag, person_box, master_key_id, acr, auth_time, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      values: [
        sessionId,
        tag,
        box,
        keys.masterKeys.activeId,
        session.acr,
        session.authTime,
        later(now, session.lifetimeS),
      ],
    });
    await tx.query({
      text: `INSERT INTO bridge.access_token (token_hash, session_id, client_id, certificate_sha256, expires_at)
        VALUES ($1, $2, $3, $4, $5)`,
      values: [
        hashToken(accessToken),
        sessionId,
        token.clientId,
        token.certificateSha256,
        later(now, token.lifetimeS),
      ],
    });
  });
  return { sessionId, accessToken };
}

/** Ends a session; from its COMMIT on no intent is written on any of its tokens. */
export async function endSession(db: Database, sessionId: string, now: Date): Promise<void> {
  await db.transaction(
    async (tx) => {
      await tx.query({
        text: 'UPDATE bridge.sign_in_session SET ended_at = $2 WHERE session_id = $1 AND ended_at IS NULL',
        values: [sessionId, now],
      });
    },
    { begin: TAKE_BATCH_LOCK },
  );
}

function later(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}
