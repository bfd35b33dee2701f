import { FoundDifference } from '../../audit/check/difference.js';
import type { LineCheck } from '../../audit/check/line-check.js';
import { istanbulMidnight } from '../../calendar/istanbul-day.js';
import type { Transaction } from '../../storage/database.js';
import { type BilledSpan, billedSpans } from './freezes.js';
import { readFreezes } from './read-freezes.js';
import { ACCOUNTS, DIFFERING, NEXT_DAY, USAGE } from './sums-sql.js';

interface Found {
  readonly held_in: string;
  readonly leaf: bigint | null;
}

interface Use {
  readonly quarter: string;
  readonly queries: bigint;
  readonly units: bigint;
  readonly amount_kurus: bigint;
}

const NAME = 'fee-sums';
const NO_DAY = '0001-01-01';
const DAY_MS = 86_400_000;

/**
 * Every sum that is kept against the lines that it was made from: by price and place, by cooperative and by user up to where they were
 * folded, and the meter that budgets are held against, with all lines. A line is billed where the log's own freezes say. The newest leaf of a
 * user is one of that user's. Account by account and day by day, so that no statement sees more than a day. That the lines themselves are what
 * the log gives, the check of the book says; that the freezes are, the one of quarters: both stand before this one.
 */
export async function checkSums(tx: Transaction): Promise<LineCheck> {
  return {
    name: NAME,
    take: async () => undefined,
    finish: async (size) => {
      const folded = await readFolded(tx, size);
      const spans = billedSpans(await readFreezes(tx));
      const { rows: accounts } = await tx.query<{ account_id: string }>({ text: ACCOUNTS });
      let days = 0;
      for (const { account_id: account } of accounts) days += await holdAccount(tx, account, folded, spans);
      return `sums of ${accounts.length} accounts on ${days} days are those of their lines, folded up to leaf ${folded}`;
    },
  };
}

async function readFolded(tx: Transaction, size: bigint): Promise<bigint> {
  const { rows } = await tx.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.fee_fold' });
  const folded = rows[0]?.size;
  if (folded === undefined) throw new FoundDifference(NAME, 'how far the sums reach is not known');
  if (folded > size) throw new FoundDifference(NAME, 'the sums claim to reach beyond the log');
  return folded;
}

/** Returns how many days there are. Throws `FoundDifference`. */
async function holdAccount(
  tx: Transaction,
  account: string,
  folded: bigint,
  spans: readonly BilledSpan[],
): Promise<number> {
  const used = new Map<string, Use>();
  let days = 0;
  for (let after = NO_DAY; ; days += 1) {
    const { rows } = await tx.query<{ day: string | null }>({ text: NEXT_DAY, values: [account, after] });
    const day = rows[0]?.day ?? null;
    if (day === null) break;
    after = day;
    const from = istanbulMidnight(day);
    const to = istanbulMidnight(new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10));
    await holdDay(tx, [account, from, to, folded, day, ...columnsOf(spans)]);
    await meterDay(tx, [account, from, to], used);
  }
  await holdMeter(tx, account, used);
  return days;
}

async function holdDay(tx: Transaction, values: readonly unknown[]): Promise<void> {
  const { rows } = await tx.query<Found>({ text: DIFFERING, values });
  const found = rows[0];
  if (found === undefined) return;
  const [account, day] = [values[0], values[4]];
  const text = `sums of account ${account} on ${day} are not those of its lines (${found.held_in})`;
  throw new FoundDifference(NAME, text, found.leaf);
}

async function meterDay(tx: Transaction, values: readonly unknown[], used: Map<string, Use>): Promise<void> {
  const { rows } = await tx.query<Use>({ text: USAGE, values });
  for (const row of rows) {
    const before = used.get(row.quarter);
    used.set(row.quarter, {
      quarter: row.quarter,
      queries: row.queries + (before?.queries ?? 0n),
      units: row.units + (before?.units ?? 0n),
      amount_kurus: row.amount_kurus + (before?.amount_kurus ?? 0n),
    });
  }
}

/** A row without any line may stand there, if it says nothing. */
async function holdMeter(tx: Transaction, account: string, used: Map<string, Use>): Promise<void> {
  const { rows } = await tx.query<Use>({
    text: 'SELECT quarter, queries, units, amount_kurus FROM bridge.fee_usage WHERE account_id = $1 ORDER BY quarter',
    values: [account],
  });
  for (const row of rows) {
    const wanted = used.get(row.quarter);
    used.delete(row.quarter);
    if (
      row.queries !== (wanted?.queries ?? 0n) ||
      row.units !== (wanted?.units ?? 0n) ||
      row.amount_kurus !== (wanted?.amount_kurus ?? 0n)
    )
      throw new FoundDifference(
        NAME,
        `the meter of account ${account} in ${row.quarter} is not the sum of its lines`,
      );
  }
  const [missing] = used.keys();
  if (missing !== undefined)
    throw new FoundDifference(NAME, `the meter of account ${account} in ${missing} is gone`);
}

function columnsOf(spans: readonly BilledSpan[]): readonly unknown[] {
  return [
    spans.map(({ quarter }) => quarter),
    spans.map(({ from }) => from),
    spans.map(({ to }) => to),
    spans.map(({ billed }) => billed),
  ];
}
