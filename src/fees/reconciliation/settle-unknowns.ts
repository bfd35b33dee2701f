import { draftOf } from '../../audit/draft.js';
import type { EntryDraft } from '../../audit/entry.js';
import type { Effect, EffectApplier } from '../../audit/lane.js';
import type { Transaction } from '../../storage/database.js';
import { kurusNumber } from '../kurus.js';
import { quarterForCorrection } from '../quarter/correction-quarter.js';
import { readUnknowns, type UnknownLine } from './read-unknowns.js';
import { type Settlement, settleByCount } from './settle-by-count.js';

/** Unknown outcomes of one difference: as many come of hours of outage on one day; a file by day and service has fewer in one. */
export const MAX_UNKNOWNS = 5_000;
/** Settlements in one transaction: some tens of milliseconds under the head's lock. */
const PAGE = 500;

/** What is written of one settlement. `entryId`: its `fees.unknown-settled`. */
interface SettledRow {
  readonly entryId: string;
  readonly line: UnknownLine;
  readonly counted: boolean;
  readonly quarter: string;
  /** What changes: 0 where it was counted. */
  readonly units: number;
}

/** New lines of the book that name old ones. */
interface UnknownsSettled extends Effect {
  readonly kind: 'fee-unknowns-settled';
  readonly difference: string;
  readonly rows: readonly SettledRow[];
}

/** One page of settlements, ready for a lane. `rest`: how many are left after it; `here`: how many this difference has settled with it. */
export interface SettlingPage {
  readonly entries: readonly EntryDraft[];
  readonly effects: readonly Effect[];
  readonly rest: number;
  readonly here: number;
}

/**
 * The next page of settlements of a difference whose count is `fewer` below ours; null where it has more unknown outcomes than may be settled
 * by one decision. What was settled stays, so that the repeated command goes on where the last one stopped. In an exclusive lane: a
 * quarter that takes lines takes them to the end of the batch.
 */
export async function settlingPage(
  tx: Transaction,
  difference: string,
  fewer: number,
  instance: string,
  now: Date,
): Promise<SettlingPage | null> {
  const unknowns = await readUnknowns(tx, difference, MAX_UNKNOWNS + 1);
  if (unknowns.length > MAX_UNKNOWNS) return null;
  const settlements = settleByCount(unknowns, fewer);
  const before = unknowns.filter(({ settled }) => settled?.here === true).length;
  const page = settlements.slice(0, PAGE);
  const lines = new Map(unknowns.map((line) => [line.query, line]));
  const quarters = new Map<string, string>();
  const rows: SettledRow[] = [];
  const entries: EntryDraft[] = [];
  for (const settlement of page) {
    const line = lines.get(settlement.query) as UnknownLine;
    const quarter = quarters.get(line.quarter) ?? (await quarterForCorrection(tx, line.quarter));
    quarters.set(line.quarter, quarter);
    const units = settlement.counted ? 0 : -line.units;
    const entry = settledEntry(line, settlement, { difference, instance, quarter, units }, now);
    entries.push(entry);
    rows.push({ entryId: entry.id, line, counted: settlement.counted, quarter, units });
  }
  const effect: UnknownsSettled = { kind: 'fee-unknowns-settled', difference, rows };
  return {
    entries,
    effects: rows.length === 0 ? [] : [effect],
    rest: settlements.length - page.length,
    here: before + page.length,
  };
}

function settledEntry(
  { account, day, feeClass, outcome, quarter: ofQuarter, query, unitPriceKurus }: UnknownLine,
  { by, counted }: Settlement,
  change: {
    readonly difference: string;
    readonly instance: string;
    readonly quarter: string;
    readonly units: number;
  },
  now: Date,
): EntryDraft {
  const { difference, instance, quarter, units } = change;
  return draftOf('fees.unknown-settled', now, {
    account,
    amountKurus: kurusNumber(BigInt(units) * BigInt(unitPriceKurus)),
    by,
    counted,
    difference,
    feeClass,
    instance,
    ofDay: day,
    ofQuarter,
    outcome: Number(outcome),
    quarter,
    query,
    unitPriceKurus,
    units,
  });
}

// The key is the query: a second settlement of one fails its batch.
const INSERT = `INSERT INTO bridge.fee_correction (query_id, account_id, fee_class, quarter, of_quarter, of_day, counted, units,
    unit_price_kurus, amount_kurus, difference_id, leaf)
  SELECT c.query, c.account, c.fee_class, c.quarter, c.of_quarter, c.of_day, c.counted, c.units, c.price, c.units * c.price, $1, c.leaf
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::boolean[], $9::smallint[], $10::int[],
    $11::bigint[]) AS c(query, account, fee_class, quarter, of_quarter, of_day, counted, units, price, leaf)`;

/** Writes settlements: new rows alone, never the old line. */
export const unknownsSettledApplier: EffectApplier<UnknownsSettled> = {
  kind: 'fee-unknowns-settled',
  apply: async (tx, placed) => {
    for (const { effect, leafOf } of placed) {
      const { difference, rows } = effect;
      const column = (pick: (line: UnknownLine) => unknown) => rows.map(({ line }) => pick(line));
      await tx.query({
        text: INSERT,
        values: [
          difference,
          column(({ query }) => query),
          column(({ account }) => account),
          column(({ feeClass }) => feeClass),
          rows.map(({ quarter }) => quarter),
          column(({ quarter }) => quarter),
          column(({ day }) => day),
          rows.map(({ counted }) => counted),
          rows.map(({ units }) => units),
          column(({ unitPriceKurus }) => unitPriceKurus),
          rows.map(({ entryId }) => leafOf(entryId)),
        ],
      });
    }
  },
};
