import type { Queryable } from '../../storage/database.js';

const LEGAL_PERSON = /^0[0-9]{15}$/;

// Whoever waits keeps the place; while it is being asked, the wish is for the reading after that.
const WISH = `INSERT INTO bridge.mersis_cooperative AS c (mersis_no, taken_up_at, due_at, wished_at)
  SELECT DISTINCT n, $2::timestamptz, $2::timestamptz, $2::timestamptz FROM unnest($1::text[]) AS n ORDER BY n
  ON CONFLICT (mersis_no) DO UPDATE SET due_at = least(c.due_at, excluded.due_at),
    wished_at = CASE WHEN c.problem = 'asking' THEN excluded.wished_at ELSE coalesce(c.wished_at, excluded.wished_at) END`;
// One that is being asked keeps its claim; a wish of its own brings it back.
const ALL = `WITH l AS (SELECT mersis_no FROM bridge.mersis_cooperative WHERE due_at > $1 AND problem IS DISTINCT FROM 'asking'
    ORDER BY mersis_no FOR UPDATE)
  UPDATE bridge.mersis_cooperative c SET due_at = $1 FROM l WHERE c.mersis_no = l.mersis_no`;

/**
 * Has these cooperatives read before all others, new ones too. Errors: `RangeError`, without the number, where one is no legal person's
 * MERSİS number (a natural person's is personal data and never stored); those of `Queryable`.
 */
export async function wish(db: Queryable, mersisNos: readonly string[], now: Date): Promise<void> {
  if (!mersisNos.every((mersisNo) => LEGAL_PERSON.test(mersisNo)))
    throw new RangeError('a MERSİS number of a legal person is needed');
  if (mersisNos.length > 0) await db.query({ text: WISH, values: [mersisNos, now] });
}

/** Makes every cooperative due now, after those that are overdue. Errors: those of `Queryable`. */
export async function makeAllDue(db: Queryable, now: Date): Promise<void> {
  await db.query({ text: ALL, values: [now] });
}
