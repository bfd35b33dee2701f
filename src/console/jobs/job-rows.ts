import type { Queryable } from '../../storage/database.js';
import type { Job, JobState, JobWhat } from './port.js';

interface Row {
  readonly job_id: string;
  readonly what: JobWhat;
  readonly state: JobState;
  readonly done_units: bigint;
  readonly total_units: bigint | null;
  readonly code: string | null;
  readonly file_name: string | null;
  readonly bytes: bigint | null;
  readonly sha256: string | null;
  readonly created_at: Date;
  readonly ended_at: Date | null;
  readonly expires_at: Date;
}

/** What stands of a finished file, and what its order is sealed with. */
export interface FileRow {
  readonly session_id: string;
  readonly what: JobWhat;
  readonly box: Buffer;
  readonly master_key_id: string;
  readonly file_name: string;
  readonly media_type: string;
  readonly bytes: bigint;
  readonly sha256: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const COLUMNS = `job_id, what, state, done_units, total_units, code, file_name, bytes, sha256, created_at, ended_at, expires_at`;
const LIST = `SELECT ${COLUMNS} FROM bridge.console_job WHERE person_tag = $1 AND expires_at > $2
  ORDER BY created_at DESC LIMIT $3`;
const FIND = `SELECT ${COLUMNS} FROM bridge.console_job WHERE job_id = $1 AND person_tag = $2 AND expires_at > $3`;
const FIND_FILE = `SELECT session_id, what, box, master_key_id, file_name, media_type, bytes, sha256 FROM bridge.console_job
  WHERE job_id = $1 AND person_tag = $2 AND expires_at > $3 AND state = 'done'`;

/** A person's jobs, newest first. */
export async function listJobs(
  db: Queryable,
  tag: Buffer,
  limit: number,
  now: Date,
): Promise<readonly Job[]> {
  const { rows } = await db.query<Row>({ text: LIST, values: [tag, now, limit] });
  return rows.map(jobOf);
}

/** One job of the person; null where there is none, or it is another's. */
export async function findJob(db: Queryable, tag: Buffer, id: string, now: Date): Promise<Job | null> {
  if (!UUID.test(id)) return null;
  const { rows } = await db.query<Row>({ text: FIND, values: [id, tag, now] });
  return rows[0] === undefined ? null : jobOf(rows[0]);
}

/** What stands of the file of a person's finished job; null where there is none. */
export async function findFile(db: Queryable, tag: Buffer, id: string, now: Date): Promise<FileRow | null> {
  if (!UUID.test(id)) return null;
  const { rows } = await db.query<FileRow>({ text: FIND_FILE, values: [id, tag, now] });
  return rows[0] ?? null;
}

const CANCEL = `UPDATE bridge.console_job SET state = 'cancelled', ended_at = $3, claimed_by = NULL, claimed_until = NULL
  WHERE job_id = $1 AND person_tag = $2 AND state IN ('waiting', 'running')`;

/** False where it has ended, or is none of this person's. Whoever runs it finds out at the next step and can write nothing any more. */
export async function cancelJob(db: Queryable, tag: Buffer, id: string, now: Date): Promise<boolean> {
  if (!UUID.test(id)) return false;
  return (await db.query({ text: CANCEL, values: [id, tag, now] })).count > 0;
}

// What runs is left alone as long as somebody holds it. Pieces of what was cancelled or given up go too: they are nobody's.
const PURGE = `DELETE FROM bridge.console_job WHERE expires_at <= $1 AND (state <> 'running' OR claimed_until <= $1)`;
const PURGE_PIECES = `DELETE FROM bridge.console_job_piece p USING bridge.console_job j
  WHERE j.job_id = p.job_id AND j.state IN ('cancelled', 'failed', 'waiting')`;

/** Removes what has expired, files with it, and the pieces of files that will never be whole. */
export async function purgeJobs(db: Queryable, now: Date): Promise<void> {
  await db.query({ text: PURGE, values: [now] });
  await db.query({ text: PURGE_PIECES });
}

function jobOf(row: Row): Job {
  return {
    id: row.job_id,
    what: row.what,
    state: row.state,
    done: Number(row.done_units),
    total: row.total_units === null ? null : Number(row.total_units),
    code: row.code,
    fileName: row.file_name,
    bytes: row.bytes === null ? null : Number(row.bytes),
    sha256: row.sha256,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    expiresAt: row.expires_at,
  };
}
