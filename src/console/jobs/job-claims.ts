import type { Database, Queryable } from '../../storage/database.js';
import type { JobWhat } from './port.js';

/** A job that this run holds. `run`: unlike any other run's, so that whoever lost it can write nothing any more. */
export interface ClaimedJob {
  readonly id: string;
  readonly run: string;
  readonly what: JobWhat;
  readonly tag: Buffer;
  readonly sessionId: string;
  readonly box: Buffer;
  readonly keyId: string;
  /** How often it was begun, this time among them. */
  readonly runs: number;
}

interface Row {
  readonly job_id: string;
  readonly what: JobWhat;
  readonly person_tag: Buffer;
  readonly session_id: string;
  readonly box: Buffer;
  readonly master_key_id: string;
  readonly runs: number;
}

const CLAIM = `UPDATE bridge.console_job SET state = 'running', claimed_by = $1, claimed_until = $3, runs = runs + 1,
    done_units = 0, total_units = NULL
  WHERE job_id = (SELECT job_id FROM bridge.console_job
    WHERE state IN ('waiting', 'running') AND (state = 'waiting' OR claimed_until <= $2) AND what = ANY($4::text[]) AND expires_at > $2
    ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING job_id, what, person_tag, session_id, box, master_key_id, runs`;
const EMPTY = 'DELETE FROM bridge.console_job_piece WHERE job_id = $1';

/** The oldest job that waits, or whose holder has not renewed its claim; what an earlier run has left of its file goes. Null: none is due. */
export function claimJob(
  db: Database,
  run: string,
  whats: readonly JobWhat[],
  now: Date,
  leaseMs: number,
): Promise<ClaimedJob | null> {
  const until = new Date(now.getTime() + leaseMs);
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<Row>({ text: CLAIM, values: [run, now, until, whats] });
    const [row] = rows;
    if (row === undefined) return null;
    await tx.query({ text: EMPTY, values: [row.job_id] });
    const { box, job_id: id, master_key_id: keyId, person_tag: tag, runs, session_id: sessionId, what } = row;
    return { id, run, what, tag, sessionId, box, keyId, runs };
  });
}

const RENEW = `UPDATE bridge.console_job SET claimed_until = $3, done_units = coalesce($4, done_units), total_units = coalesce($5, total_units)
  WHERE job_id = $1 AND claimed_by = $2 AND state = 'running'`;

/** Holds the job for longer, and tells how far it is. False: it was cancelled, or is another's by now. */
export async function renewClaim(
  db: Queryable,
  { id, run }: Pick<ClaimedJob, 'id' | 'run'>,
  until: Date,
  progress: { readonly done: number; readonly total: number | null } | null,
): Promise<boolean> {
  const values = [id, run, until, progress?.done ?? null, progress?.total ?? null];
  return (await db.query({ text: RENEW, values })).count > 0;
}

/** What is kept of a finished file beside its pieces. */
export interface FinishedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
}

const FINISH = `UPDATE bridge.console_job SET state = 'done', file_name = $3, media_type = $4, bytes = $5, sha256 = $6, ended_at = $7,
    expires_at = $8, claimed_by = NULL, claimed_until = NULL, done_units = coalesce(total_units, done_units)
  WHERE job_id = $1 AND claimed_by = $2 AND state = 'running'`;
// What one person keeps must not fill the disk that the log stands on: of much, the oldest goes first.
const MAKE_ROOM = `UPDATE bridge.console_job SET expires_at = $3 WHERE job_id IN (
  SELECT job_id FROM (SELECT job_id, sum(bytes) OVER (ORDER BY ended_at DESC, job_id) AS kept FROM bridge.console_job
    WHERE person_tag = $1 AND state = 'done' AND expires_at > $3) AS files WHERE kept > $2)`;

/** Ends a job whose file is kept whole; false where the claim is lost. `keptBytes`: of one person at once. */
export async function finishJob(
  db: Queryable,
  { id, run, tag }: Pick<ClaimedJob, 'id' | 'run' | 'tag'>,
  { bytes, mediaType, name, sha256 }: FinishedFile,
  times: { readonly endedAt: Date; readonly expiresAt: Date },
  keptBytes: number,
): Promise<boolean> {
  const { endedAt, expiresAt } = times;
  const values = [id, run, name, mediaType, bytes, sha256, endedAt, expiresAt];
  if ((await db.query({ text: FINISH, values })).count === 0) return false;
  await db.query({ text: MAKE_ROOM, values: [tag, keptBytes, endedAt] });
  return true;
}

const FAIL = `UPDATE bridge.console_job SET state = 'failed', code = $3, ended_at = $4, claimed_by = NULL, claimed_until = NULL
  WHERE job_id = $1 AND claimed_by = $2 AND state = 'running'`;

/** Ends a job that cannot be done, with a closed code; what there was of its file is purged. */
export async function failJob(
  db: Queryable,
  { id, run }: Pick<ClaimedJob, 'id' | 'run'>,
  code: string,
  now: Date,
): Promise<void> {
  await db.query({ text: FAIL, values: [id, run, code, now] });
}

const GIVE_BACK = `UPDATE bridge.console_job SET state = 'waiting', claimed_by = NULL, claimed_until = NULL, runs = runs - 1,
    done_units = 0, total_units = NULL
  WHERE job_id = $1 AND claimed_by = $2 AND state = 'running'`;

/** Lets another instance begin it: this one ends. */
export async function giveBackJob(db: Queryable, { id, run }: Pick<ClaimedJob, 'id' | 'run'>): Promise<void> {
  await db.query({ text: GIVE_BACK, values: [id, run] });
}
