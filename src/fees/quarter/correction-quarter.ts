import { nextQuarter } from '../../calendar/istanbul-day.js';
import type { Queryable } from '../../storage/database.js';

// As many rows as there are quarters that were closed.
const CLOSED = `SELECT quarter FROM bridge.fee_quarter WHERE quarter >= $1 AND state <> 'collecting'`;

/** Whether a quarter takes lines: nobody has frozen it. In a batch it stays so to the end: freezing is exclusive. */
export async function takesLines(db: Queryable, quarter: string): Promise<boolean> {
  return (await quarterForCorrection(db, quarter)) === quarter;
}

/** The quarter that a correction of `ofQuarter` is billed in: that one, or the first later one that takes lines. */
export async function quarterForCorrection(db: Queryable, ofQuarter: string): Promise<string> {
  const { rows } = await db.query<{ quarter: string }>({ text: CLOSED, values: [ofQuarter] });
  const closed = new Set(rows.map(({ quarter }) => quarter));
  let quarter = ofQuarter;
  while (closed.has(quarter)) quarter = nextQuarter(quarter);
  return quarter;
}
