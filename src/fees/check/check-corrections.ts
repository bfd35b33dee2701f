import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { FoundDifference } from '../../audit/check/difference.js';
import {
  type DetachedParts,
  entriesAt,
  isDetached,
  readDetachedParts,
} from '../../audit/check/entries-at.js';
import { scanRows } from '../../audit/check/leaf-cursor.js';
import type { LineCheck, ReadEntry } from '../../audit/check/line-check.js';
import type { Transaction } from '../../storage/database.js';
import { billedAt, nothingFrozen, rememberFreeze } from './freezes.js';

type Settled = DataOf<'fees.unknown-settled'>;

interface Row {
  readonly query_id: string;
  readonly leaf: bigint;
  readonly account_id: string;
  readonly fee_class: string;
  readonly quarter: string;
  readonly of_quarter: string;
  readonly of_day: string;
  readonly counted: boolean;
  readonly units: number;
  readonly unit_price_kurus: number;
  readonly amount_kurus: bigint;
  readonly difference_id: string;
}

interface Line {
  readonly query_id: string;
  readonly outcome_leaf: bigint;
  readonly account_id: string;
  readonly fee_class: string;
  readonly quarter: string;
  readonly day: string;
  readonly result: string;
  readonly units: number;
  readonly unit_price_kurus: number;
}

const NAME = 'fee-corrections';
const KIND = 'fees.unknown-settled';
const PLACES = 'SELECT query_id, leaf FROM bridge.fee_correction';
const ROWS = `SELECT query_id, leaf, account_id, fee_class, quarter, of_quarter, of_day::text AS of_day, counted, units, unit_price_kurus,
    amount_kurus, difference_id FROM bridge.fee_correction WHERE query_id = ANY($1::uuid[])`;
const LINES = `SELECT query_id, outcome_leaf, account_id, fee_class, quarter, (sent_at AT TIME ZONE 'Europe/Istanbul')::date::text AS day,
    result, units, unit_price_kurus FROM bridge.fee_line WHERE query_id = ANY($1::uuid[])`;

/**
 * Corrections against the log: each is what its entry says, names a line that ended as unknown, takes away what that line has or nothing, is
 * billed in the first quarter that took lines then, and no query has two. None stands there besides.
 */
export async function checkCorrections(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  const freezes = nothingFrozen();
  let count = 0;
  return {
    name: NAME,
    take: async ({ entries }) => {
      const settled = entries.filter(({ kind }) => kind === KIND);
      const lines = await rowsOf<Line>(tx, LINES, settled);
      const rows = await rowsOf<Row>(tx, ROWS, settled);
      for (const entry of entries) {
        rememberFreeze(entry, freezes);
        if (entry.kind !== KIND) continue;
        const data = entry.data as unknown as Settled;
        // Of quarters that were closed in a detached range the place is not at hand.
        const billed = detached.size > 0 ? data.quarter : billedAt(freezes.all, data.ofQuarter, entry.leaf);
        holdEntry(entry, data, lines.get(data.query), billed);
        holdRow(entry, data, rows.get(data.query));
        count += 1;
      }
    },
    finish: async () => {
      await requireNoOthers(tx, count, detached);
      return `${count} corrections name unknown outcomes, each once, as the log says`;
    },
  };
}

async function rowsOf<R extends { readonly query_id: string }>(
  tx: Transaction,
  text: string,
  settled: readonly ReadEntry[],
): Promise<ReadonlyMap<string, R>> {
  if (settled.length === 0) return new Map();
  const { rows } = await tx.query<R>({ text, values: [settled.map(({ data }) => data.query)] });
  return new Map(rows.map((row) => [row.query_id, row]));
}

function holdEntry({ leaf }: ReadEntry, data: Settled, line: Line | undefined, billed: string): void {
  if (line === undefined || line.result !== 'unknown' || line.outcome_leaf !== BigInt(data.outcome))
    throw new FoundDifference(NAME, 'a correction names no unknown outcome', leaf);
  const units = data.counted ? 0 : -line.units;
  const wanted = {
    account: line.account_id,
    feeClass: line.fee_class,
    ofQuarter: line.quarter,
    ofDay: line.day,
    unitPriceKurus: line.unit_price_kurus,
    units,
    // Never minus zero.
    amountKurus: units === 0 ? 0 : units * line.unit_price_kurus,
    quarter: billed,
  } as const;
  const wrong = Object.entries(wanted).find(([name, value]) => data[name as keyof Settled] !== value);
  if (wrong !== undefined)
    throw new FoundDifference(NAME, `a correction is not one of its line: ${wrong[0]}`, leaf);
}

function holdRow({ leaf }: ReadEntry, data: Settled, row: Row | undefined): void {
  if (row === undefined || row.leaf !== leaf)
    throw new FoundDifference(NAME, 'a correction that the log tells of is gone, or is told of twice', leaf);
  const isSame =
    row.account_id === data.account &&
    row.fee_class === data.feeClass &&
    row.quarter === data.quarter &&
    row.of_quarter === data.ofQuarter &&
    row.of_day === data.ofDay &&
    row.counted === data.counted &&
    row.units === data.units &&
    row.unit_price_kurus === data.unitPriceKurus &&
    Number(row.amount_kurus) === data.amountKurus &&
    row.difference_id === data.difference;
  if (!isSame) throw new FoundDifference(NAME, 'a correction is not what the log says', leaf);
}

/** As many rows as entries: one that stands there beyond is named by the leaf that it claims. */
async function requireNoOthers(tx: Transaction, known: number, detached: DetachedParts): Promise<void> {
  let count = 0;
  for await (const rows of scanRows<Row>(tx, 'check_corrections', PLACES))
    count += rows.filter(({ leaf }) => !isDetached(detached, leaf)).length;
  if (count === known) return;
  for await (const rows of scanRows<Row>(tx, 'check_corrections_again', PLACES)) {
    const entries = await entriesAt(
      tx,
      rows.map(({ leaf }) => leaf),
    );
    const odd = rows.find(({ leaf, query_id }) => {
      const entry = entries.get(leaf);
      return !isDetached(detached, leaf) && !(entry?.kind === KIND && entry.data.query === query_id);
    });
    if (odd !== undefined)
      throw new FoundDifference(NAME, 'a correction stands there that no entry tells of', odd.leaf);
  }
  throw new FoundDifference(NAME, 'there are more corrections than the log tells of');
}
