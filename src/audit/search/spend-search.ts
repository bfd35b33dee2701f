import { Refusal } from '../../errors/refusal.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Database } from '../../storage/database.js';
import type { PersonTagger } from '../person-tags.js';

/** One a second is faster than anybody reads a page; above it somebody copies the log out, which is what `export` is for. */
export const SEARCHES_PER_MINUTE = 60;
const MINUTE_MS = 60_000;

/** The lock of all counters (src/verification/spend-quota.ts): one row of them is touched here, so the order is theirs. */
const LOCK = 'SELECT pg_advisory_xact_lock(7202, 2)';
const SPEND = `INSERT INTO bridge.quota_use AS q (key, window_start, used) VALUES ($1, $2, 1)
  ON CONFLICT (key, window_start) DO UPDATE SET used = q.used + 1 RETURNING used`;

/**
 * Counts one search of this officer, on all instances together, before anything is looked for: it is the looking that must be
 * bounded. `RATE_LIMITED`.
 */
export async function spendSearch(
  db: Database,
  officer: KimlikNo,
  tagger: PersonTagger,
  now: Date,
): Promise<void> {
  const window = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  const values = [tagger.digest('quota.search', [officer.reveal()]), new Date(window)];
  const { rows } = await db.transaction((tx) => tx.query<{ used: number }>({ text: SPEND, values }), {
    begin: LOCK,
  });
  if ((rows[0]?.used ?? 0) <= SEARCHES_PER_MINUTE) return;
  const retryAfterS = Math.max(1, Math.ceil((window + MINUTE_MS - now.getTime()) / 1000));
  throw new Refusal('RATE_LIMITED', { reason: 'searches-minute', retryAfterS });
}
