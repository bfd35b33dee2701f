import { createHash } from 'node:crypto';
import type { MasterKeys } from '../../audit/master-keys.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';

/** A record of the OpenID provider as it comes and goes. `payload`: plain JSON. */
interface OidcRecord {
  readonly payload: Record<string, unknown>;
  readonly uid: string | null;
  readonly grantId: string | null;
  /** The session whose end takes the record away with it; null: the record outlives it. */
  readonly sessionId: string | null;
  readonly expiresAt: Date;
}

/** What a found record holds, with `consumed` (epoch seconds) where it was used. */
export type FoundRecord = Record<string, unknown> & { consumed?: number };

/** The records of all models. Ids are secrets of browsers and clients: only their SHA-256 reaches the table. */
export interface OidcRecords {
  /** False where `once` is set and the id is there already. */
  put(model: string, id: string, record: OidcRecord, once: boolean): Promise<boolean>;
  find(model: string, by: 'id' | 'uid', value: string): Promise<FoundRecord | undefined>;
  /** False where it was used before: of two calls at once one wins. */
  consume(model: string, id: string, now: Date): Promise<boolean>;
  destroy(model: string, id: string): Promise<void>;
  revokeGrant(model: string, grantId: string, now: Date): Promise<void>;
}

interface Row {
  id_hash: Buffer;
  box: Buffer;
  master_key_id: string;
  consumed_at: Date | null;
}

const COLUMNS = '(model, id_hash, box, master_key_id, uid_hash, grant_hash, session_id, expires_at)';
const ONCE = `INSERT INTO bridge.oidc_record ${COLUMNS} VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`;
const PUT = `INSERT INTO bridge.oidc_record ${COLUMNS} VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (model, id_hash) DO UPDATE SET box = excluded.box, master_key_id = excluded.master_key_id,
    uid_hash = excluded.uid_hash, grant_hash = excluded.grant_hash, session_id = excluded.session_id,
    expires_at = excluded.expires_at`;
const FIND = 'SELECT id_hash, box, master_key_id, consumed_at FROM bridge.oidc_record WHERE model = $1 AND ';
const CONSUME = `UPDATE bridge.oidc_record SET consumed_at = $3 WHERE model = $1 AND id_hash = $2 AND consumed_at IS NULL`;
// The value of an access token is its id: one hash names both.
const DESTROY = `WITH gone AS (DELETE FROM bridge.oidc_record WHERE model = $1 AND id_hash = $2 RETURNING id_hash)
  DELETE FROM bridge.access_token USING gone WHERE $1 = 'AccessToken' AND token_hash = gone.id_hash`;
// In key order, as whatever else locks several of them. The API's row stays until it is purged, so that the log can tell a token that
// was signed out from one that nobody was given. An hour back: no instance's clock is that slow.
const REVOKE = `WITH gone AS (DELETE FROM bridge.oidc_record WHERE model = $1 AND id_hash IN (
    SELECT id_hash FROM bridge.oidc_record WHERE model = $1 AND grant_hash = $2 ORDER BY id_hash FOR UPDATE) RETURNING id_hash)
  UPDATE bridge.access_token SET expires_at = least(expires_at, $3::timestamptz - interval '1 hour') FROM gone
  WHERE $1 = 'AccessToken' AND token_hash = gone.id_hash`;

/** The records over `db`, their contents sealed under the master key in the place of model and id. */
export function createOidcRecords(db: Queryable, masterKeys: MasterKeys): OidcRecords {
  const open = (model: string, row: Row): FoundRecord | undefined => {
    try {
      const text = masterKeys
        .unwrap(row.box, recordPlace(model, row.id_hash), row.master_key_id)
        .toString('utf8');
      const payload = JSON.parse(text) as FoundRecord;
      return row.consumed_at === null
        ? payload
        : { ...payload, consumed: Math.floor(row.consumed_at.getTime() / 1000) };
    } catch (error) {
      // A key that was taken away, or a row that somebody changed: then there is no such record.
      if (isBridgeError(error, 'KEY_DESTROYED', 'SEALED_VALUE_INVALID')) return undefined;
      throw error;
    }
  };
  return {
    put: async (model, id, { payload, uid, grantId, sessionId, expiresAt }, once) => {
      const hash = hashOf(id);
      const box = masterKeys.wrap(Buffer.from(JSON.stringify(payload), 'utf8'), recordPlace(model, hash));
      const values = [
        model,
        hash,
        box,
        masterKeys.activeId,
        uid === null ? null : hashOf(uid),
        grantId === null ? null : hashOf(grantId),
        sessionId,
        expiresAt,
      ];
      return (await db.query({ text: once ? ONCE : PUT, values })).count === 1;
    },
    find: async (model, by, value) => {
      const text = `${FIND}${by === 'id' ? 'id_hash' : 'uid_hash'} = $2 ORDER BY expires_at DESC LIMIT 1`;
      const { rows } = await db.query<Row>({ text, values: [model, hashOf(value)] });
      return rows[0] && open(model, rows[0]);
    },
    consume: async (model, id, now) =>
      (await db.query({ text: CONSUME, values: [model, hashOf(id), now] })).count === 1,
    destroy: async (model, id) => {
      await db.query({ text: DESTROY, values: [model, hashOf(id)] });
    },
    revokeGrant: async (model, grantId, now) => {
      await db.query({ text: REVOKE, values: [model, hashOf(grantId), now] });
    },
  };
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** Where the content of a record is sealed. */
export function recordPlace(model: string, idHash: Buffer): string {
  return `oidc\n${model}\n${idHash.toString('hex')}`;
}
