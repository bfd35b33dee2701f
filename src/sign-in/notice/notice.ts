import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Lane } from '../../audit/lane.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import type { BrowserSession } from '../living-session.js';
import { numberOf } from '../open-session.js';

/** The row of a version of the notice that a person has read. */
export interface ReadNotice extends Effect {
  readonly kind: 'notice-read';
  readonly tag: Buffer;
  readonly version: string;
  readonly readAt: Date;
}

interface Reading {
  readonly session: BrowserSession;
  readonly version: string;
  readonly now: Date;
}

/** A person waits for the next page; a database that restarts is back sooner. */
const PATIENCE_MS = 5_000;

const HAS_READ = 'SELECT 1 FROM bridge.notice_read WHERE person_tag = $1 AND version = $2';

/** Whether this person has read this version of the KVKK notice. `tag`: in the domain `authority`. Errors: those of `Queryable`. */
export async function hasRead(db: Queryable, tag: Buffer, version: string): Promise<boolean> {
  return (await db.query({ name: 'notice-has-read', text: HAS_READ, values: [tag, version] })).count > 0;
}

// All living sessions of these persons: whoever says it in two browsers at once still says it once.
const LOCK = `SELECT session_id, least(idle_until, expires_at) AS lives_until FROM bridge.sign_in_session
  WHERE person_tag = ANY($1::bytea[]) AND ended_at IS NULL ORDER BY session_id FOR NO KEY UPDATE`;
const STANDING = 'SELECT person_tag, version FROM bridge.notice_read WHERE person_tag = ANY($1::bytea[])';

const noticeLane: Lane<Reading, undefined> = {
  name: '4-notice-read',
  patienceMs: PATIENCE_MS,
  settle: async (tx, items) => {
    const { living, standing } = await look(
      tx,
      items.map((item) => item.session.tag),
    );
    return items.map(({ session: { sessionId, tag, person }, version, now }) => {
      const reading = readingOf(tag, version);
      const livesUntil = living.get(sessionId);
      if (livesUntil === undefined || livesUntil <= now || standing.has(reading))
        return { entries: [], effects: [], answer: () => undefined };
      standing.add(reading);
      const read: ReadNotice = { kind: 'notice-read', tag, version, readAt: now };
      const entry = draftOf('notice.read', now, { session: sessionId, version }, [numberOf(person)]);
      return { entries: [entry], effects: [read], answer: () => undefined };
    });
  },
};

async function look(tx: Transaction, tags: readonly Buffer[]) {
  const locked = await tx.query<{ session_id: string; lives_until: Date }>({
    name: 'notice-lock',
    text: LOCK,
    values: [tags],
  });
  const { rows } = await tx.query<{ person_tag: Buffer; version: string }>({
    name: 'notice-standing',
    text: STANDING,
    values: [tags],
  });
  return {
    living: new Map(locked.rows.map((row) => [row.session_id, row.lives_until])),
    standing: new Set(rows.map((row) => readingOf(row.person_tag, row.version))),
  };
}

function readingOf(tag: Buffer, version: string): string {
  return `${tag.toString('hex')}\n${version}`;
}

/**
 * Writes down that the person of this session was shown this version of the KVKK notice (6698 m.10) and says so: information, never
 * consent. Once for each person and version; nothing where it stands, or the session has ended. `log` needs `noticeApplier`.
 * Errors: those of `Appender`.
 */
export async function recordRead(
  log: Appender,
  session: BrowserSession,
  version: string,
  now: Date,
): Promise<void> {
  await log.submit(noticeLane, { session, version, now });
}

const READ = `INSERT INTO bridge.notice_read (person_tag, version, read_at)
  SELECT * FROM unnest($1::bytea[], $2::text[], $3::timestamptz[])`;

/** Writes the rows of a batch; the lane has locked the sessions of their persons, so all of them are new. */
export const noticeApplier: EffectApplier<ReadNotice> = {
  kind: 'notice-read',
  apply: async (tx, placed) => {
    const all = placed.map((one) => one.effect);
    const values = [all.map((one) => one.tag), all.map((one) => one.version), all.map((one) => one.readAt)];
    await tx.query({ name: 'notice-read', text: READ, values });
  },
};
