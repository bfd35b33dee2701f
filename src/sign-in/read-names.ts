import type { MasterKeys } from '../audit/master-keys.js';
import { isBridgeError } from '../errors/bridge-error.js';
import type { Queryable } from '../storage/database.js';
import { profilePlace } from './access-tokens.js';
import type { PersonNames } from './open-session.js';
import { isSessionId } from './session-id.js';

const SELECT = `SELECT session_id, profile_box, master_key_id FROM bridge.sign_in_session
  WHERE session_id = ANY($1::uuid[]) AND profile_box IS NOT NULL`;
/** Sessions in one statement. */
const PIECE = 1_000;

/**
 * Names as e-Devlet gave them, by session, ended or not; only those that are still kept and open. Errors: those of `Queryable`.
 */
export async function readNamesOf(
  db: Queryable,
  masterKeys: MasterKeys,
  sessions: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = sessions.filter(isSessionId);
  const names = new Map<string, string>();
  for (let at = 0; at < wanted.length; at += PIECE) {
    const { rows } = await db.query<{ session_id: string; profile_box: Buffer; master_key_id: string }>({
      text: SELECT,
      values: [wanted.slice(at, at + PIECE)],
    });
    for (const { master_key_id: keyId, profile_box: box, session_id: session } of rows) {
      const name = nameIn(() => masterKeys.unwrap(box, profilePlace(session), keyId));
      if (name !== null) names.set(session, name);
    }
  }
  return names;
}

/** Null where the box does not open: its master key was taken away, or somebody changed the row. */
function nameIn(open: () => Buffer): string | null {
  try {
    const { ad, soyad } = JSON.parse(open().toString('utf8')) as PersonNames;
    return `${ad} ${soyad}`.trim() || null;
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return null;
    throw error;
  }
}
