import type { Appender } from '../audit/appender.js';
import type { Queryable } from '../storage/database.js';
import { giveUpLogout } from './undelivered-logout.js';

/** An application that must be told that a session has ended; `sid` is what it knows the session as. */
export interface QueuedLogout {
  readonly clientId: string;
  readonly sessionId: string;
  readonly sid: string;
}

/** What delivering needs. */
export interface DeliveryTools {
  readonly db: Queryable;
  /** Needs `undeliveredLogoutApplier`. */
  readonly log: Appender;
  now(): Date;
  /** A fresh logout token and where it goes; null where the application is not registered any more, or takes none. */
  tokenFor(one: QueuedLogout): Promise<{ readonly uri: string; readonly token: string } | null>;
  /** Posts the form and gives the status; must give up within 30 seconds, or another instance may post it too. */
  post(uri: string, body: string): Promise<number>;
}

/** Seconds until the next try after the first, second, … one: five and a half hours in all, a night's maintenance. */
const WAITS_S = [5, 15, 45, 120, 300, 900, 2400, 5400, 10_800] as const;
const MAX_ATTEMPTS = WAITS_S.length + 1;
/** Where many wait for one dead receiver they are not tried as often: none is kept longer than this. */
const MAX_AGE_MS = 6 * 3_600_000;
/** Longer than a try can take. An instance that dies within it leaves the row to the others. */
const LEASE_MS = 60_000;
/** Tries in one run; the next goes on. */
const MAX_TRIES = 500;

interface Claimed extends QueuedLogout {
  readonly attempts: number;
  readonly queuedAt: Date;
}

const CLAIM = `UPDATE bridge.back_channel_logout AS q SET attempts = q.attempts + 1, next_at = $2
  FROM (SELECT session_id, client_id FROM bridge.back_channel_logout
    WHERE next_at <= $1 AND client_id <> ALL($3::text[]) ORDER BY next_at, session_id, client_id LIMIT 1
    FOR UPDATE SKIP LOCKED) AS due
  WHERE q.session_id = due.session_id AND q.client_id = due.client_id
  RETURNING q.session_id AS "sessionId", q.client_id AS "clientId", q.sid, q.attempts, q.queued_at AS "queuedAt"`;

/**
 * Tells applications of ended sessions (OpenID Connect Back-Channel Logout §2.5), each once, whichever instances do it at the same
 * time. What is not answered with 200 or 204 is tried again with a longer wait each time, and given up after ten tries or six hours
 * with the entry `logout.undelivered`. Gives how many were delivered. Errors: those of `Queryable` and `Appender`.
 */
export async function deliverLogouts(tools: DeliveryTools): Promise<number> {
  // Not answered at all in this run: their other rows would only wait for them.
  const silent = new Set<string>();
  let delivered = 0;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const now = tools.now();
    const values = [now, new Date(now.getTime() + LEASE_MS), [...silent]];
    const [claimed] = (await tools.db.query<Claimed>({ text: CLAIM, values })).rows;
    if (claimed === undefined) break;
    const result = await tell(claimed, tools);
    if (result === 'silent') silent.add(claimed.clientId);
    if (result === 'delivered') delivered += 1;
    if (result === 'delivered' || result === 'unknown-client') await drop(claimed, tools);
    else await postpone(claimed, tools);
  }
  return delivered;
}

type Told = 'delivered' | 'unknown-client' | 'refused' | 'silent';

async function tell({ clientId, sessionId, sid, attempts }: Claimed, tools: DeliveryTools): Promise<Told> {
  // The instance that made the last try died in it.
  if (attempts > MAX_ATTEMPTS) return 'refused';
  try {
    const message = await tools.tokenFor({ clientId, sessionId, sid });
    if (message === null) return 'unknown-client';
    const body = new URLSearchParams({ logout_token: message.token }).toString();
    const status = await tools.post(message.uri, body);
    return status === 200 || status === 204 ? 'delivered' : 'refused';
  } catch {
    // Whatever it was: the row stays and says how often it was tried.
    return 'silent';
  }
}

// `attempts` tells whether the row is still this try's: behind a lease that ran out it is another instance's.
const DROP =
  'DELETE FROM bridge.back_channel_logout WHERE session_id = $1 AND client_id = $2 AND attempts = $3';
const POSTPONE = `UPDATE bridge.back_channel_logout SET next_at = $4
  WHERE session_id = $1 AND client_id = $2 AND attempts = $3`;

async function drop({ sessionId, clientId, attempts }: Claimed, { db }: DeliveryTools): Promise<void> {
  await db.query({ text: DROP, values: [sessionId, clientId, attempts] });
}

async function postpone(claimed: Claimed, { db, log, now }: DeliveryTools): Promise<void> {
  const { sessionId, clientId, attempts, queuedAt } = claimed;
  const at = now();
  const wait = WAITS_S[attempts - 1];
  if (wait === undefined || at.getTime() - queuedAt.getTime() >= MAX_AGE_MS) {
    await giveUpLogout(log, { sessionId, clientId, attempts: Math.min(attempts, MAX_ATTEMPTS) }, at);
    return;
  }
  const next = new Date(at.getTime() + wait * 1000);
  await db.query({ text: POSTPONE, values: [sessionId, clientId, attempts, next] });
}
