import { canonicalJson } from '../../audit/canonical-json.js';
import { quarterDays } from '../../calendar/istanbul-day.js';
import type { Transaction } from '../../storage/database.js';
import { foldWindow } from '../book/fold.js';
import { readStatement, type StatementSettings } from '../statement/read-statement.js';
import type { WantedCuts } from '../statement/read-sums.js';
import type { Statement } from '../statement/statement.js';
import { statementDocument } from '../statement/statement-document.js';

/** A statement and the bytes that are kept of it. */
export interface MadeStatement {
  readonly statement: Statement;
  readonly text: string;
}

/** Windows folded while the log stands still: a million leaves and a half. Who freezes folds before, so that it is next to none. */
const MAX_WINDOWS = 8;
const HEAD = 'SELECT size FROM bridge.log_head';

/** The statement of a quarter for all accounts, of what was folded in so far. `cuts`: all unless said. */
export function quarterStatement(
  tx: Transaction,
  settings: StatementSettings,
  quarter: string,
  cuts?: WantedCuts,
): Promise<Statement> {
  const period = { quarter, ...quarterDays(quarter) };
  return readStatement(tx, settings, { period, account: null, ...(cuts === undefined ? {} : { cuts }) });
}

/**
 * The statement of a quarter at this very size of the log, for an exclusive batch alone: nobody else appends meanwhile, so that every line there
 * is stands in it. Null where the sums are too far behind the log: `foldLines` goes first.
 */
export async function makeStatement(
  tx: Transaction,
  settings: StatementSettings,
  quarter: string,
): Promise<MadeStatement | null> {
  for (let i = 0; i < MAX_WINDOWS; i += 1) {
    if (await foldWindow(tx)) continue;
    const statement = await quarterStatement(tx, settings, quarter);
    const { rows } = await tx.query<{ size: bigint }>({ text: HEAD });
    if (rows[0]?.size !== statement.logSize) return null;
    return { statement, text: canonicalJson(statementDocument(statement)) };
  }
  return null;
}
