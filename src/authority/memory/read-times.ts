import type { Queryable } from '../../storage/database.js';

/** Times of reading taken in at once. */
const PAGE = 5_000;
const TIMES = `SELECT mersis_no, read_at FROM bridge.authority_cooperative WHERE mersis_no > $1 ORDER BY mersis_no LIMIT ${PAGE}`;
const SOME = 'SELECT mersis_no, read_at FROM bridge.authority_cooperative WHERE mersis_no = ANY($1::text[])';

interface Row {
  mersis_no: string;
  read_at: Date;
}

/** Gives every cooperative's time of reading to `take`, page by page. Errors: those of `Queryable`. */
export async function readAllTimes(
  db: Queryable,
  take: (mersisNo: string, readAtMs: number) => void,
): Promise<void> {
  let last = '';
  // Ends: keys rise, and no more cooperatives come than a register has.
  for (;;) {
    const { rows } = await db.query<Row>({ text: TIMES, values: [last] });
    for (const row of rows) take(row.mersis_no, row.read_at.getTime());
    if (rows.length < PAGE) return;
    last = (rows.at(-1) as Row).mersis_no;
  }
}

/** The same for `mersisNos` alone. */
export async function readTimesOf(
  db: Queryable,
  mersisNos: readonly string[],
  take: (mersisNo: string, readAtMs: number) => void,
): Promise<void> {
  const { rows } = await db.query<Row>({ name: 'authority-memory-times', text: SOME, values: [mersisNos] });
  for (const row of rows) take(row.mersis_no, row.read_at.getTime());
}
