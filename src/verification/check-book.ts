import type { JsonObject } from '../audit/canonical-json.js';
import { FoundDifference } from '../audit/check/difference.js';
import { type DetachedParts, entriesAt, isDetached, readDetachedParts } from '../audit/check/entries-at.js';
import { scanRows } from '../audit/check/leaf-cursor.js';
import type { LineCheck, ReadEntry } from '../audit/check/line-check.js';
import type { Booking } from '../fees/book/fee-line.js';
import { chargedPrice } from '../fees/tariff/tariff.js';
import type { Transaction } from '../storage/database.js';
import { bookingOfLine } from './outcome-entry.js';

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

const NAME = 'fee-book';
const BOOKED: ReadonlySet<string> = new Set(['query.outcome', 'query.unknown']);
const PLACES = 'SELECT outcome_leaf AS leaf, query_id FROM bridge.fee_line';

/**
 * The fee book against the log: one line for each ended query, every column as intent and outcome say, and no line besides.
 * The person's tag in a line is not compared: no entry holds it. Where the intent, or the outcome, went away with a detached
 * range, what it said is not at hand.
 */
export async function checkBook(tx: Transaction): Promise<LineCheck> {
  const detached = await readDetachedParts(tx);
  const total = { lines: 0, kurus: 0n };
  return {
    name: NAME,
    take: async ({ entries }) => {
      const booked = entries.filter(({ kind }) => BOOKED.has(kind));
      if (booked.length === 0) return;
      const lines = await linesOf(tx, booked);
      const bookings = await bookingsOf(tx, booked, detached);
      for (const entry of booked) {
        const row = lines.get(String(entry.data.query));
        if (row === undefined || row.leaf !== entry.leaf)
          throw new FoundDifference(NAME, 'an outcome has no line in the book', entry.leaf);
        const wrong = differing(entry.data, bookings.get(entry.leaf), row);
        if (wrong !== null)
          throw new FoundDifference(NAME, `the book and the log differ in ${wrong}`, entry.leaf);
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

async function linesOf(tx: Transaction, booked: readonly ReadEntry[]): Promise<ReadonlyMap<string, Row>> {
  const { rows } = await tx.query<Row>({
    text: `SELECT outcome_leaf AS leaf, query_id, account_id, fee_class, client_id, service, service_version, purpose,
        cooperative, il, ministry, unit, basis, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus
      FROM bridge.fee_line WHERE query_id = ANY($1::uuid[])`,
    values: [booked.map(({ data }) => data.query)],
  });
  return new Map(rows.map((row) => [row.query_id, row]));
}

/** What the intents of these outcomes say, by the outcome's leaf; without those in detached ranges. */
async function bookingsOf(
  tx: Transaction,
  booked: readonly ReadEntry[],
  detached: DetachedParts,
): Promise<ReadonlyMap<bigint, Booking>> {
  const { rows } = await tx.query<{ leaf_index: bigint; line: string }>({
    text: "SELECT leaf_index, line FROM bridge.entry WHERE leaf_index = ANY($1::bigint[]) AND kind = 'query.intent'",
    values: [booked.map(({ data }) => data.intent)],
  });
  const intents = new Map(rows.map((row) => [row.leaf_index, bookingOfLine(row.line)]));
  const bookings = new Map<bigint, Booking>();
  for (const { leaf, data } of booked) {
    const at = BigInt(data.intent as number);
    const intent = intents.get(at);
    if (intent !== undefined && intent.queryId === data.query) bookings.set(leaf, intent.booking);
    else if (!isDetached(detached, at))
      throw new FoundDifference(NAME, 'an outcome names an intent that is not its own', leaf);
  }
  return bookings;
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

/** Name of the first column that is not what the entries say; null where all are. */
function differing(data: JsonObject, booking: Booking | undefined, row: Row): string | null {
  const fee = data.fee as JsonObject;
  const wanted: readonly (readonly [string, unknown, unknown])[] = [
    ['query_id', data.query, row.query_id],
    ['sent', data.sent, row.sent],
    ['sent_at', data.sentAt, row.sent_at.toISOString()],
    ['result', resultOf(data), row.result],
    ['account_id', fee.account, row.account_id],
    ['fee_class', fee.feeClass, row.fee_class],
    ['quarter', fee.quarter, row.quarter],
    ['units', fee.units, row.units],
    ['unit_price_kurus', fee.unitPriceKurus, row.unit_price_kurus],
    ['amount_kurus', fee.amountKurus, Number(row.amount_kurus)],
    ...(booking === undefined ? [] : bookedColumns(booking, row)),
  ];
  return wanted.find(([, said, held]) => said !== held)?.[0] ?? null;
}

function bookedColumns(booking: Booking, row: Row): readonly (readonly [string, unknown, unknown])[] {
  return [
    ['account_id', booking.account, row.account_id],
    ['fee_class', booking.feeClass, row.fee_class],
    ['client_id', booking.client, row.client_id],
    ['service', booking.service, row.service],
    ['service_version', booking.serviceVersion, row.service_version],
    ['purpose', booking.purpose, row.purpose],
    ['cooperative', booking.cooperative, row.cooperative],
    ['il', booking.il, row.il],
    ['ministry', booking.ministry, row.ministry],
    ['unit', booking.unit, row.unit],
    ['basis', booking.basis, row.basis],
    [
      'unit_price_kurus',
      chargedPrice(booking.basis, booking.unitPriceKurus, row.result),
      row.unit_price_kurus,
    ],
  ];
}

/** As `resultOf` gives it for a conclusion. */
function resultOf(data: JsonObject): unknown {
  if (data.state === 'answered') return data.outcome;
  if (data.state === 'unknown') return 'unknown';
  return data.sent === true ? 'refused' : 'not-sent';
}
