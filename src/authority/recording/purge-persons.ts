import type { Queryable } from '../../storage/database.js';

// Nobody is waited for: what is locked is left for the next time.
const PURGE = `DELETE FROM bridge.authority_person WHERE person_tag IN (
    SELECT p.person_tag FROM bridge.authority_person p
    WHERE NOT EXISTS (SELECT 1 FROM bridge.authority_seat s WHERE s.person_tag = p.person_tag
      AND coalesce(least(s.ends_on, s.gone_on), 'infinity'::date) > $1::date)
    ORDER BY p.person_tag LIMIT 1000 FOR UPDATE SKIP LOCKED)`;

/**
 * Lets go of the numbers of those whose last seat was over before `before` (a day): nobody is told them any longer, and their entries have
 * them under the person's own key. At most 1,000 at once. Returns how many. Errors: those of `Queryable`.
 */
export async function purgePersons(db: Queryable, before: string): Promise<number> {
  return (await db.query({ text: PURGE, values: [before] })).count;
}
