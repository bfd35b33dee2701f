import type { Database, Transaction } from '../../storage/database.js';
import { foldLines } from '../book/fold.js';
import type { WantedCuts } from '../statement/read-sums.js';
import { type StatementDocument, statementDocument } from '../statement/statement-document.js';
import { bookBeginsAfter } from './book-begins.js';
import type { QuarterSettings } from './close-tools.js';
import { dueOf } from './due.js';
import { quarterStatement } from './make-statement.js';
import { openKept, readQuarterRow, stateAt } from './quarter-row.js';
import { type QuarterNotice, type QuarterPayment, readNotices, readPayments } from './read-notices.js';
import type { QuarterState } from './states.js';

/** A quarter as it stands. `document`: as it was frozen, else as the book has it now. */
export interface QuarterView {
  readonly quarter: string;
  readonly state: QuarterState;
  /** Last day of the month after it. */
  readonly due: string;
  /** The next working day, where `due` is none. */
  readonly payBy: string;
  /** Of the frozen statement's bytes; null while lines are taken. */
  readonly statementSha256: string | null;
  /** What the second person decides or has decided; null while lines are taken. */
  readonly proposal: string | null;
  /** The day on which the book begins, where the quarter was over before: nothing is in it. It may be closed so, and then says it no more. */
  readonly bookBegins: string | null;
  readonly document: StatementDocument;
  /** In the order in which they were recorded: the last one of an account holds. */
  readonly notices: readonly QuarterNotice[];
  readonly payments: readonly QuarterPayment[];
}

const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';

/**
 * A quarter with its statement, out of one snapshot: live while it takes lines, then the bytes that were frozen, checked against their hash and
 * the log on every read. `cuts`: those that a live one is to have, all unless said. Errors: `RangeError` where it is no quarter; `LOG_INCONSISTENT` where a frozen statement was changed; those of
 * `Database`.
 */
export async function readQuarter(
  db: Database,
  settings: QuarterSettings,
  quarter: string,
  now: Date,
  cuts?: WantedCuts,
): Promise<QuarterView> {
  if ((await readQuarterRow(db, quarter))?.kept == null) await foldLines(db);
  return db.transaction((tx) => viewOf(tx, settings, quarter, now, cuts), { begin: SNAPSHOT });
}

async function viewOf(
  tx: Transaction,
  settings: QuarterSettings,
  quarter: string,
  now: Date,
  cuts: WantedCuts | undefined,
): Promise<QuarterView> {
  const row = await readQuarterRow(tx, quarter);
  const kept = row?.kept ?? null;
  const document =
    kept === null
      ? statementDocument(await quarterStatement(tx, settings, quarter, cuts))
      : await openKept(tx, kept);
  return {
    quarter,
    state: stateAt(row, quarter, now),
    ...dueOf(quarter, settings.holidays),
    statementSha256: kept?.hash.toString('hex') ?? null,
    proposal: row?.proposal ?? null,
    bookBegins: kept === null ? await bookBeginsAfter(tx, quarter) : null,
    document,
    notices: await readNotices(tx, quarter),
    payments: await readPayments(tx, quarter),
  };
}
