import { draftOf } from '../audit/draft.js';
import type { EntryDraft } from '../audit/entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../audit/lane.js';
import type { Transaction } from '../storage/database.js';

/** Why a session has ended: by somebody, or by the clock. */
export type EndReason =
  | 'signed-out'
  | 'signed-in-again'
  | 'ended-by-person'
  | 'ended-by-administrator'
  | 'idle'
  /** The last seat, appointment or role of the person is gone. */
  | 'authority-lost'
  | 'expired';

/** Ends the row of a session, and all that hangs on it. */
export interface EndedSession extends Effect {
  readonly kind: 'session-ended';
  readonly sessionId: string;
  readonly endedAt: Date;
}

/** A session that has not ended, as it stands under its lock. */
export interface LockedSession {
  readonly sessionId: string;
  readonly tag: Buffer;
  /** Infinity for rows from before there were idle limits. */
  readonly idleUntil: Date | number;
  readonly expiresAt: Date;
}

/** Sessions that are to end together. */
export interface Ending {
  readonly ids: readonly string[];
  /** Why this one ends; null: it does not. */
  readonly reasonOf: (session: LockedSession) => EndReason | null;
  /** An entry that stands before `session.ended`. */
  readonly before?: (sessionId: string) => EntryDraft;
  readonly now: Date;
}

const PATIENCE_MS = 30_000;

// In key order, as whatever else locks sessions must.
const LOCK = `SELECT session_id AS "sessionId", person_tag AS tag, idle_until AS "idleUntil", expires_at AS "expiresAt"
  FROM bridge.sign_in_session WHERE session_id = ANY($1::uuid[]) AND ended_at IS NULL ORDER BY session_id FOR UPDATE`;
// The provider may be writing one of them.
const LOCK_RECORDS = `SELECT 1 FROM bridge.oidc_record WHERE session_id = ANY($1::uuid[]) ORDER BY model, id_hash FOR UPDATE`;

/** Exclusive: from its COMMIT on no intent is written on the sessions' tokens. Answers how many have ended. */
export const endLane: Lane<Ending, number> = {
  name: '4-session-end',
  patienceMs: PATIENCE_MS,
  exclusive: true,
  settle: async (tx, items) => {
    const living = await lockLiving(tx, [...new Set(items.flatMap((item) => item.ids))]);
    return items.map((item) => settleEnding(item, living));
  },
};

/** Sessions that have not ended, locked in key order, with what the provider keeps of them. */
export async function lockLiving(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, LockedSession>> {
  const { rows } = await tx.query<LockedSession>({ name: 'session-lock', text: LOCK, values: [ids] });
  if (rows.length > 0)
    await tx.query({
      name: 'session-lock-records',
      text: LOCK_RECORDS,
      values: [rows.map((row) => row.sessionId)],
    });
  return new Map(rows.map((row) => [row.sessionId, row]));
}

/** A session ends once: whoever comes second finds it gone from `living` and has nothing to tell. */
/** Entries and effects that end sessions which stand under their lock. */
export function settleEnding({ ids, reasonOf, before, now }: Ending, living: Map<string, LockedSession>) {
  const entries: EntryDraft[] = [];
  const effects: EndedSession[] = [];
  for (const sessionId of ids) {
    const session = living.get(sessionId);
    const reason = session === undefined ? null : reasonOf(session);
    if (reason === null) continue;
    living.delete(sessionId);
    if (before !== undefined) entries.push(before(sessionId));
    entries.push(draftOf('session.ended', now, { reason, session: sessionId }));
    effects.push({ kind: 'session-ended', sessionId, endedAt: now });
  }
  return { entries, effects, answer: () => effects.length } satisfies Settled<number>;
}

const END = `UPDATE bridge.sign_in_session AS s SET ended_at = n.ended_at
  FROM unnest($1::uuid[], $2::timestamptz[]) AS n(session_id, ended_at)
  WHERE s.session_id = n.session_id AND s.ended_at IS NULL`;
const QUEUE = `INSERT INTO bridge.back_channel_logout (session_id, client_id, sid, queued_at, next_at)
  SELECT c.session_id, c.client_id, c.sid, n.ended_at, n.ended_at
  FROM unnest($1::uuid[], $2::timestamptz[]) AS n(session_id, ended_at) JOIN bridge.session_client c USING (session_id)
  ON CONFLICT (session_id, client_id) DO NOTHING`;
const FORGET = 'DELETE FROM bridge.oidc_record WHERE session_id = ANY($1::uuid[])';

/** Ends the rows of a batch's sessions, which their lane has locked; no application joins behind that lock. */
export const endSessionApplier: EffectApplier<EndedSession> = {
  kind: 'session-ended',
  apply: async (tx, placed) => {
    const ids = placed.map((one) => one.effect.sessionId);
    const values = [ids, placed.map((one) => one.effect.endedAt)];
    await tx.query({ name: 'session-end', text: END, values });
    await tx.query({ name: 'session-end-queue', text: QUEUE, values });
    await tx.query({ name: 'session-end-forget', text: FORGET, values: [ids] });
  },
};
