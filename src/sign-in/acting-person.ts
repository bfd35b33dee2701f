import type { MasterKeys } from '../audit/master-keys.js';
import type { Queryable } from '../storage/database.js';
import {
  hashToken,
  IN_FORCE,
  SELECT_SIGNED_IN,
  type SignedIn,
  signedInOf,
  type TokenRow,
} from './access-tokens.js';

const SELECT = `${SELECT_SIGNED_IN} WHERE t.token_hash = $1 AND ${IN_FORCE}`;

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
  return row === undefined ? null : signedInOf(row, masterKeys);
}
