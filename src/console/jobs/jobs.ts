import { randomBytes, randomUUID } from 'node:crypto';
import type { MasterKeys } from '../../audit/master-keys.js';
import { Refusal } from '../../errors/refusal.js';
import type { Database } from '../../storage/database.js';
import { openOrder, sealOrder } from './job-box.js';
import { readPieces } from './job-pieces.js';
import { cancelJob, findFile, findJob, listJobs } from './job-rows.js';
import type { Jobs } from './port.js';

/** What `createJobs` works with. */
export interface JobTools {
  readonly db: Database;
  readonly masterKeys: MasterKeys;
  /** Long work of one person at once. */
  readonly maxWaiting: number;
  readonly keepHours: number;
  /** Whether the person (tag in the domain `authority`) holds this role today; `signed-in` is held by everybody. */
  stillHolds(tag: Buffer, role: string): Promise<boolean>;
  now(): Date;
}

/** Jobs on one page; older ones have expired long before. */
const SHOWN = 100;
const HOUR_MS = 3_600_000;
// Two requests of one person at once must not pass the limit together.
const LOCK = 'SELECT pg_advisory_xact_lock(7202, 12)';
const WAITING = `SELECT count(*)::int AS waiting FROM bridge.console_job WHERE person_tag = $1 AND state IN ('waiting', 'running') AND expires_at > $2`;
const START = `INSERT INTO bridge.console_job (job_id, person_tag, session_id, what, box, master_key_id, state, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8)`;

/** Long work over the database, as pages know it. */
export function createJobs(tools: JobTools): Jobs {
  const { db, keepHours, masterKeys, maxWaiting, now, stillHolds } = tools;
  return {
    start: async (officer, what, order) => {
      const { sessionId, tag } = officer;
      const [id, at] = [randomUUID(), now()];
      const box = sealOrder(
        masterKeys,
        { id, what, tag, sessionId },
        { order, officer, fileKey: randomBytes(32) },
      );
      const until = new Date(at.getTime() + keepHours * HOUR_MS);
      await db.transaction(
        async (tx) => {
          const { rows } = await tx.query<{ waiting: number }>({ text: WAITING, values: [tag, at] });
          if ((rows[0]?.waiting ?? 0) >= maxWaiting)
            throw new Refusal('RATE_LIMITED', { reason: 'jobs-waiting' });
          const values = [id, tag, sessionId, what, box, masterKeys.activeId, at, until];
          await tx.query({ text: START, values });
        },
        { begin: LOCK },
      );
      return id;
    },
    list: (tag) => listJobs(db, tag, SHOWN, now()),
    find: (tag, id) => findJob(db, tag, id, now()),
    file: async (tag, id) => {
      const row = await findFile(db, tag, id, now());
      if (row === null) return null;
      const { box, file_name: name, master_key_id: keyId, media_type: mediaType, session_id, what } = row;
      const { fileKey, officer } = openOrder(
        masterKeys,
        { id, what, tag, sessionId: session_id },
        box,
        keyId,
      );
      // What a role has opened stays shut once the role is gone.
      if (!(await stillHolds(tag, officer.role))) throw new Refusal('ROLE_REQUIRED');
      const whole = { bytes: Number(row.bytes), sha256: row.sha256 };
      return { name, mediaType, body: readPieces(db, fileKey, id, whole) };
    },
    cancel: (tag, id) => cancelJob(db, tag, id, now()),
  };
}
