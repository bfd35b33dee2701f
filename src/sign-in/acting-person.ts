import type { MasterKeys } from '../audit/master-keys.js';
import type { Queryable } from '../storage/database.js';
import { hashToken, openPerson, type SignedIn, type TokenRow } from './access-tokens.js';

const SELECT = `SELECT t.token_hash, t.client_id, t.certificate_sha256, s.session_id, s.person_tag, s.person_box,
    s.master_key_id, s.acr, s.auth_time
  FROM bridge.access_token t JOIN bridge.sign_in_session s USING (session_id)
  WHERE t.token_hash = $1 AND t.expires_at > $2 AND s.expires_at > $2 AND s.ended_at IS NULL`;

/**
 * Who acts by this access token on the command line, or null where it is unknown, expired or its session ended. There is no
 * certificate to bind it to here: whoever runs commands already has the settings, and every use is an entry with the
 * operating-system user (CONTRACT §7).
 */
export async function readActingPerson(
  db: Queryable,
  masterKeys: MasterKeys,
  token: string,
  now: Date,
): Promise<SignedIn | null> {
  const { rows } = await db.query<TokenRow>({ text: SELECT, values: [hashToken(token), now] });
  const [row] = rows;
  const person = row === undefined ? null : openPerson(row, masterKeys);
  if (row === undefined || person === null) return null;
  return {
    sessionId: row.session_id,
    person,
    tag: row.person_tag,
    acr: row.acr,
    authTime: row.auth_time,
  };
}
