import type { Queryable } from '../storage/database.js';
import { hashToken } from './access-tokens.js';

/** An access token that the OpenID provider gives to one client over one certificate (RFC 8705 §3). */
export interface IssuedToken {
  readonly token: string;
  readonly sessionId: string;
  readonly clientId: string;
  readonly certificateSha256: Buffer;
  readonly expiresAt: Date;
  /** Until when it counts as stepped up; null: it does not. */
  readonly stepUpUntil: Date | null;
}

// Rights come out of the session's row, which must still live: nothing of it is copied here.
const INSERT = `INSERT INTO bridge.access_token
    (token_hash, session_id, client_id, certificate_sha256, expires_at, step_up_until)
  SELECT $1, s.session_id, $3, $4, least($5, s.expires_at), $6 FROM bridge.sign_in_session s
  WHERE s.session_id = $2 AND s.ended_at IS NULL`;

/** Makes `token` worth something at the service API. False where its session has ended meanwhile. Errors: those of `Queryable`. */
export async function issueToken(db: Queryable, issued: IssuedToken): Promise<boolean> {
  const { token, sessionId, clientId, certificateSha256, expiresAt, stepUpUntil } = issued;
  const values = [hashToken(token), sessionId, clientId, certificateSha256, expiresAt, stepUpUntil];
  return (await db.query({ text: INSERT, values })).count === 1;
}
