import { randomUUID } from 'node:crypto';
import type { MasterKeys } from '../../audit/master-keys.js';
import { Refusal } from '../../errors/refusal.js';
import type { Database } from '../../storage/database.js';
import type { Looks } from './port.js';

/** What `createLooks` works with. */
export interface LookTools {
  readonly db: Database;
  readonly masterKeys: MasterKeys;
  now(): Date;
}

/** A working day's searches; beyond it the oldest of the session go. */
const MAX_KEPT = 200;
const KEEP_MS = 8 * 3_600_000;
/** The largest upload. */
const MAX_BYTES = 50 * 1024 * 1024;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const KEEP = `WITH old AS (
    DELETE FROM bridge.console_look WHERE look_id IN (
      SELECT look_id FROM bridge.console_look WHERE session_id = $2 ORDER BY created_at DESC OFFSET ${MAX_KEPT - 1}))
  INSERT INTO bridge.console_look (look_id, session_id, what, box, master_key_id, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;
const FIND = `SELECT box, master_key_id FROM bridge.console_look
  WHERE look_id = $1 AND session_id = $2 AND what = $3 AND expires_at > $4`;

/** Looks over the database. */
export function createLooks({ db, masterKeys, now }: LookTools): Looks {
  return {
    keep: async ({ expiresAt, sessionId }, what, content) => {
      if (content.length > MAX_BYTES) throw new Refusal('BODY_TOO_LARGE');
      const id = randomUUID();
      const at = now();
      const until = new Date(Math.min(expiresAt.getTime(), at.getTime() + KEEP_MS));
      const box = masterKeys.wrap(content, lookPlace(sessionId, what, id));
      await db.query({ text: KEEP, values: [id, sessionId, what, box, masterKeys.activeId, at, until] });
      return id;
    },
    find: async ({ sessionId }, what, id) => {
      if (!UUID.test(id)) return null;
      const { rows } = await db.query<{ box: Buffer; master_key_id: string }>({
        text: FIND,
        values: [id, sessionId, what, now()],
      });
      const [row] = rows;
      return row === undefined
        ? null
        : masterKeys.unwrap(row.box, lookPlace(sessionId, what, id), row.master_key_id);
    },
    drop: async ({ sessionId }, id) => {
      if (!UUID.test(id)) return;
      await db.query({
        text: 'DELETE FROM bridge.console_look WHERE look_id = $1 AND session_id = $2',
        values: [id, sessionId],
      });
    },
  };
}

/** Removes what has expired. */
export async function purgeLooks(db: Database, now: Date): Promise<void> {
  await db.query({ text: 'DELETE FROM bridge.console_look WHERE expires_at <= $1', values: [now] });
}

/** Where what a page works with is sealed. */
export function lookPlace(sessionId: string, what: string, id: string): string {
  return `console-look\n${sessionId}\n${what}\n${id}`;
}
