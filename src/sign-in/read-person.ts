import type { MasterKeys } from '../audit/master-keys.js';
import { isBridgeError } from '../errors/bridge-error.js';
import { KimlikNo } from '../person/kimlik-no.js';
import type { Queryable } from '../storage/database.js';
import { sessionPlace } from './access-tokens.js';
import { isSessionId } from './session-id.js';

const SELECT = 'SELECT person_box, master_key_id FROM bridge.sign_in_session WHERE session_id = $1';

/**
 * Whose session it is or was: applications are told of its end by the person's `sub`. Null where it is unknown or its number does
 * not open. Errors: those of `Queryable`.
 */
export async function readPersonOf(
  db: Queryable,
  masterKeys: MasterKeys,
  sessionId: string,
): Promise<KimlikNo | null> {
  if (!isSessionId(sessionId)) return null;
  const { rows } = await db.query<{ person_box: Buffer; master_key_id: string }>({
    text: SELECT,
    values: [sessionId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  try {
    const digits = masterKeys.unwrap(row.person_box, sessionPlace(sessionId), row.master_key_id);
    const person = KimlikNo.parse(digits.toString('utf8'));
    return person.ok ? person.value : null;
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}
