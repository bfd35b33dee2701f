import { quarterDays } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Database, Transaction } from '../../storage/database.js';
import { foldLines } from '../book/fold.js';
import type { StatementHead, StatementSource } from '../export/port.js';
import type { QuarterSettings } from '../quarter/close-tools.js';
import { type QuarterView, readQuarter } from '../quarter/read-quarter.js';
import { ofAccount } from './of-account.js';
import { readCooperatives } from './read-cooperatives.js';
import { readCorrections } from './read-corrections.js';
import { readLines } from './read-lines.js';
import { readStatement } from './read-statement.js';
import { type OpenUsers, readUsers } from './read-users.js';
import type { Period } from './statement.js';
import { type StatementDocument, statementDocument } from './statement-document.js';

/** What is asked for. `account` null: all of them. */
export interface SourceWish {
  /** Of a quarter its name alone counts. */
  readonly period: Period;
  readonly account: string | null;
  readonly corrections: boolean;
  /** `revealed` needs `openUsers`. */
  readonly users: 'none' | 'masked' | 'revealed';
  readonly cooperatives: boolean;
  readonly lines: boolean;
}

export interface SourceTools {
  readonly db: Database;
  readonly settings: QuarterSettings;
  readonly openUsers: OpenUsers;
  readonly now: () => Date;
}

const SNAPSHOT =
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off; SET LOCAL cursor_tuple_fraction = 0.01';

/**
 * Hands `use` a statement and its details out of one snapshot, so that they add up; the source is good until `use` has ended. A closed quarter
 * is the one that was frozen. Holds one connection as long as `use` takes. Errors: `NOT_FOUND` where nothing is known of the account,
 * those of `readQuarter` and `Database`.
 */
export async function withStatement<T>(
  { db, now, openUsers, settings }: SourceTools,
  wish: SourceWish,
  use: (source: StatementSource) => Promise<T>,
): Promise<T> {
  const madeAt = now();
  const { quarter } = wish.period;
  const view = quarter === null ? null : await readQuarter(db, settings, quarter, madeAt);
  if (view === null) await foldLines(db);
  return db.transaction(
    async (tx) => {
      const document = await documentOf(tx, settings, wish, view);
      return use({
        document,
        head: headOf(view, wish, madeAt),
        ...details(tx, wish, document, wish.users === 'revealed' ? openUsers : null),
      });
    },
    { begin: SNAPSHOT },
  );
}

/** What takes lines is read anew: the details are of this snapshot, not of the one before. */
async function documentOf(
  tx: Transaction,
  settings: QuarterSettings,
  { account, period }: SourceWish,
  view: QuarterView | null,
): Promise<StatementDocument> {
  const days = period.quarter === null ? period : { ...period, ...quarterDays(period.quarter) };
  const whole =
    view !== null && view.statementSha256 !== null
      ? view.document
      : statementDocument(await readStatement(tx, settings, { period: days, account: null }));
  if (account === null) return whole;
  const document = ofAccount(whole, account);
  if (document.accounts.length === 0) throw new BridgeError('NOT_FOUND', 'there is no such account');
  return document;
}

function headOf(view: QuarterView | null, { account }: SourceWish, madeAt: Date): StatementHead {
  const none = { quarter: null, state: null, due: null, payBy: null, statementSha256: null };
  if (view === null) return { ...none, account, madeAt };
  const { due, payBy, quarter, state, statementSha256 } = view;
  return { quarter, state, due, payBy, statementSha256, account, madeAt };
}

function details(
  tx: Transaction,
  wish: SourceWish,
  { logSize, period }: StatementDocument,
  open: OpenUsers | null,
): Partial<StatementSource> {
  const { account } = wish;
  return {
    ...(wish.corrections ? { corrections: readCorrections(tx, period, account) } : {}),
    ...(wish.users === 'none' ? {} : { users: readUsers(tx, { period, account }, open) }),
    ...(wish.cooperatives ? { cooperatives: readCooperatives(tx, period, account) } : {}),
    ...(wish.lines ? { lines: readLines(tx, { period, account, logSize }) } : {}),
  };
}
