import type { Queryable } from '../storage/database.js';

const WAS_TOLD = 'SELECT 1 FROM bridge.sign_in_session WHERE session_id = $1 AND told_at IS NOT NULL';
const TELL = 'UPDATE bridge.sign_in_session SET told_at = $2 WHERE session_id = $1 AND told_at IS NULL';

/** Whether the person of this session was told that they have no authority. Errors: those of `Queryable`. */
export async function wasTold(db: Queryable, sessionId: string): Promise<boolean> {
  return (await db.query({ text: WAS_TOLD, values: [sessionId] })).count > 0;
}

/** Keeps that they were: once a session is enough. Errors: those of `Queryable`. */
export async function markTold(db: Queryable, sessionId: string, now: Date): Promise<void> {
  await db.query({ text: TELL, values: [sessionId, now] });
}
