import { FoundDifference } from '../audit/check/difference.js';
import { type DetachedParts, entriesAt, isDetached, readDetachedParts } from '../audit/check/entries-at.js';
import { scanRows } from '../audit/check/leaf-cursor.js';
import type { LineCheck } from '../audit/check/line-check.js';
import { BOOK_CHECK as NAME, rebuildLines } from '../fees/book/rebuild-book.js';
import { BOOKED_KINDS, feeDiffers, type RebuiltLine } from '../fees/book/rebuild-lines.js';
import type { Transaction } from '../storage/database.js';

interface Row {
  leaf: bigint;
  query_id: string;
  account_id: string;
  fee_class: string;
  client_id: string;
  service: string;
  service_version: string;
  purpose: string;
  cooperative: string;
  il: string;
  ministry: string;
  unit: string;
  basis: string;
  sent_at: Date;
  quarter: string;
  result: string;
  sent: boolean;
  units: number;
  unit_price_kurus: number;
  amount_kurus: bigint;
}

interface Place {
  readonly leaf: bigint;
  readonly query_id: string;
}

const BOOKED: ReadonlySet<string> = new Set(BOOKED_KINDS);
const PLACES = 'SELECT outcome_leaf AS leaf, query_id FROM bridge.fee_line';

/**
 * The fee book against the log: one line for each ended query, every column as the log gives it when the book is reckoned anew from intents
 * and outcomes, and no line besides; what an outcome says of its own fee is held against the same. The person's tag in a line is not
 * compared: no entry holds it. Where the intent, or the outcome, went away with a detached range, what it said is not at hand.
 */
export async function checkBook(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  const total = { lines: 0, kurus: 0n };
  return {
    name: NAME,
    take: async ({ entries }) => {
      const ends = entries.filter(({ kind }) => BOOKED.has(kind));
      if (ends.length === 0) return;
      const rebuilt = await rebuildLines(tx, ends, detached);
      const rows = await rowsOf(tx, rebuilt);
      for (const line of rebuilt) {
        const said = feeDiffers(line);
        if (said !== null)
          throw new FoundDifference(
            NAME,
            `an outcome says another fee than its intent gives: ${said}`,
            line.leaf,
          );
        const row = rows.get(line.queryId);
        if (row === undefined || row.leaf !== line.leaf)
          throw new FoundDifference(NAME, 'an outcome has no line in the book', line.leaf);
        const wrong = differing(line, row);
        if (wrong !== null)
          throw new FoundDifference(NAME, `the book and the log differ in ${wrong}`, line.leaf);
        total.lines += 1;
        total.kurus += row.amount_kurus;
      }
    },
    finish: async () => {
      await requireNoOthers(tx, total.lines, detached);
      return `${total.lines} lines, ${total.kurus} kuruş: the book is what the log gives`;
    },
  };
}

async function rowsOf(tx: Transaction, lines: readonly RebuiltLine[]): Promise<ReadonlyMap<string, Row>> {
  const { rows } = await tx.query<Row>({
    text: `SELECT outcome_leaf AS leaf, query_id, account_id, fee_class, client_id, service, service_version, purpose,
        cooperative, il, ministry, unit, basis, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus
      FROM bridge.fee_line WHERE query_id = ANY($1::uuid[])`,
    values: [lines.map(({ queryId }) => queryId)],
  });
  return new Map(rows.map((row) => [row.query_id, row]));
}

/** As many lines as ends: one that stands there beyond is named by the leaf that it claims. */
async function requireNoOthers(tx: Transaction, known: number, detached: DetachedParts): Promise<void> {
  let count = 0;
  for await (const rows of scanRows<Place>(tx, 'check_book', PLACES))
    count += rows.filter(({ leaf }) => !isDetached(detached, leaf)).length;
  if (count === known) return;
  for await (const rows of scanRows<Place>(tx, 'check_book_again', PLACES)) {
    const entries = await entriesAt(
      tx,
      rows.map(({ leaf }) => leaf),
    );
    const odd = rows.find(({ leaf, query_id }) => {
      const entry = entries.get(leaf);
      const told = entry !== undefined && BOOKED.has(entry.kind) && entry.data.query === query_id;
      return !told && !isDetached(detached, leaf);
    });
    if (odd !== undefined)
      throw new FoundDifference(NAME, 'a line of the book has no outcome in the log', odd.leaf);
  }
  throw new FoundDifference(NAME, 'there are more lines in the book than outcomes in the log');
}

/** Name of the first column that is not what the log gives; null where all are. */
function differing(line: RebuiltLine, row: Row): string | null {
  const { booking } = line;
  const wanted: readonly (readonly [string, unknown, unknown])[] = [
    ['sent', line.sent, row.sent],
    ['sent_at', line.sentAt, row.sent_at.toISOString()],
    ['result', line.result, row.result],
    ['account_id', line.account, row.account_id],
    ['fee_class', line.feeClass, row.fee_class],
    ['quarter', line.quarter, row.quarter],
    ['units', line.units, row.units],
    ['unit_price_kurus', line.unitPriceKurus, row.unit_price_kurus],
    ['amount_kurus', line.amountKurus, row.amount_kurus],
    ...(booking === null
      ? []
      : ([
          ['client_id', booking.client, row.client_id],
          ['service', booking.service, row.service],
          ['service_version', booking.serviceVersion, row.service_version],
          ['purpose', booking.purpose, row.purpose],
          ['cooperative', booking.cooperative, row.cooperative],
          ['il', booking.il, row.il],
          ['ministry', booking.ministry, row.ministry],
          ['unit', booking.unit, row.unit],
          ['basis', booking.basis, row.basis],
        ] as const)),
  ];
  return wanted.find(([, said, held]) => said !== held)?.[0] ?? null;
}
