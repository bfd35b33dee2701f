import type { Transaction } from '../../storage/database.js';
import { foldWindow } from '../book/fold.js';
import { classify, type Difference, type OurCell } from './classify.js';
import type { Days, Figures } from './figures.js';
import { readOurs } from './read-ours.js';

/** Windows of the fold in one transaction: two hundred million lines; `foldLines` goes before, so that hardly one is left. */
const MAX_WINDOWS = 1_000;

const OPEN = `SELECT 1 FROM bridge.identity_query q
  WHERE q.state = 'open' AND q.account_id = $1 AND q.sent_at < $2::date::timestamp AT TIME ZONE 'Europe/Istanbul' LIMIT 1`;

/** Whether a query of the account is under way that was sent before the period's end: its line would come behind the comparison. */
export async function isUnderWay(tx: Transaction, account: string, { to }: Days): Promise<boolean> {
  return (await tx.query({ text: OPEN, values: [account, to] })).rows.length > 0;
}

/** The book at the detail of their figures, and each difference. */
export interface HeldAgainst {
  readonly ours: readonly OurCell[];
  readonly differences: readonly Difference[];
}

/** Their figures against the book, as it is in this transaction: what the log has got since the last fold is taken in before. */
export async function holdAgainst(
  tx: Transaction,
  account: string,
  days: Days,
  { detail, figures }: Figures,
): Promise<HeldAgainst> {
  for (let i = 0; i < MAX_WINDOWS; i += 1) if (!(await foldWindow(tx))) break;
  const ours = await readOurs(tx, account, days, detail);
  return { ours, differences: classify(ours, figures) };
}
