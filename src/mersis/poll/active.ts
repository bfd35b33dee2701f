import { addDays } from '../../calendar/add-days.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Database } from '../../storage/database.js';
import { type PollSettings, TERM_DAYS } from './settings.js';

/** What is known to an hour is known well enough: it stands for days, and each sign-in would be a writing. */
const COARSE_MS = 3_600_000;

// In key order, as whoever else locks several of them.
const MARK = `WITH seated AS (SELECT DISTINCT t.mersis_no FROM bridge.sign_in_session s
      JOIN bridge.authority_seat t ON t.person_tag = s.person_tag
    WHERE s.ended_at IS NULL AND s.expires_at > $1 AND s.idle_until > $1),
  l AS (SELECT c.mersis_no FROM bridge.mersis_cooperative c JOIN seated USING (mersis_no)
    WHERE c.active_at IS NULL OR c.active_at < $2 ORDER BY c.mersis_no FOR UPDATE OF c)
  UPDATE bridge.mersis_cooperative c SET active_at = $1 FROM l WHERE c.mersis_no = l.mersis_no`;
// Only those that wait for their ordinary turn: what failed, is held or is being asked has a time of its own.
const FORWARD = `WITH l AS (SELECT c.mersis_no FROM bridge.mersis_cooperative c
    WHERE c.read_at IS NOT NULL AND c.problem IS NULL AND c.due_at > $1
      AND c.due_at > c.read_at + $2::double precision * interval '1 millisecond'
      AND (c.active_at >= $3 OR EXISTS (SELECT 1 FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no
        AND s.ends_on BETWEEN $4::date AND $5::date))
    ORDER BY c.mersis_no FOR UPDATE)
  UPDATE bridge.mersis_cooperative c SET due_at = greatest($1, c.read_at + $2::double precision * interval '1 millisecond')
  FROM l WHERE c.mersis_no = l.mersis_no`;

/**
 * Marks the cooperatives of persons with a living session as active, and brings forward what has become urgent since it was read: active
 * ones, and those where a term ends within days. Set-wise; writes only what is new. Errors: those of `Database`.
 */
export async function markActive(
  db: Database,
  { activeForMs, activeMs }: Pick<PollSettings, 'activeForMs' | 'activeMs'>,
  now: Date,
): Promise<void> {
  const today = istanbulDay(now);
  await db.query({ text: MARK, values: [now, new Date(now.getTime() - COARSE_MS)] });
  const since = new Date(now.getTime() - activeForMs);
  await db.query({ text: FORWARD, values: [now, activeMs, since, today, addDays(today, TERM_DAYS)] });
}
