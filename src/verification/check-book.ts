import type { JsonObject } from '../audit/canonical-json.js';
import { FoundDifference } from '../audit/check/difference.js';
import { openLeafCursor } from '../audit/check/leaf-cursor.js';
import type { LineCheck, ReadEntry } from '../audit/check/line-check.js';
import type { Booking } from '../fees/fee-line.js';
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
  sent_at: Date;
  quarter: string;
  result: string;
  sent: boolean;
  units: number;
  unit_price_kurus: number;
  amount_kurus: bigint;
}

const NAME = 'fee-book';
const BOOKED: ReadonlySet<string> = new Set(['query.outcome', 'query.unknown']);

/**
 * The fee book against the log: one line for each ended query, every column as intent and outcome say, and no line besides.
 * The person's tag in a line is not compared: no entry holds it.
 */
export async function checkBook(tx: Transaction, size: bigint): Promise<LineCheck> {
  const lines = await openLeafCursor<Row>(
    tx,
    'check_book',
    `SELECT outcome_leaf AS leaf, query_id, account_id, fee_class, client_id, service, service_version, purpose, cooperative, il,
      ministry, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus
      FROM bridge.fee_line WHERE outcome_leaf < ${size} ORDER BY outcome_leaf`,
  );
  const total = { lines: 0, kurus: 0n };
  return {
    name: NAME,
    take: async ({ end, entries }) => {
      const booked = entries.filter(({ kind }) => BOOKED.has(kind));
      const bookings = await bookingsOf(tx, booked);
      const rows = await lines.below(end);
      for (let i = 0; i < Math.max(booked.length, rows.length); i += 1) {
        const [entry, row] = [booked[i], rows[i]];
        if (entry === undefined || (row !== undefined && row.leaf < entry.leaf))
          throw new FoundDifference(NAME, 'a line of the book has no outcome in the log', row?.leaf ?? null);
        if (row === undefined || row.leaf > entry.leaf)
          throw new FoundDifference(NAME, 'an outcome has no line in the book', entry.leaf);
        const wrong = differing(entry.data, bookings.get(Number(entry.data.intent)), row);
        if (wrong !== null)
          throw new FoundDifference(NAME, `the book and the log differ in ${wrong}`, entry.leaf);
        total.lines += 1;
        total.kurus += row.amount_kurus;
      }
    },
    finish: async () => `${total.lines} lines, ${total.kurus} kuruş: the book is what the log gives`,
  };
}

/** Bookings of the intents that these outcomes name, by leaf; those in detached ranges are not at hand. */
async function bookingsOf(
  tx: Transaction,
  booked: readonly ReadEntry[],
): Promise<ReadonlyMap<number, Booking>> {
  const { rows } = await tx.query<{ leaf_index: bigint; line: string }>({
    text: 'SELECT leaf_index, line FROM bridge.entry WHERE leaf_index = ANY($1::bigint[])',
    values: [booked.map(({ data }) => data.intent)],
  });
  return new Map(rows.map((row) => [Number(row.leaf_index), bookingOfLine(row.line).booking]));
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
    ['unit_price_kurus', booking.unitPriceKurus, row.unit_price_kurus],
  ];
}

/** As `resultOf` gives it for a conclusion. */
function resultOf(data: JsonObject): unknown {
  if (data.state === 'answered') return data.outcome;
  if (data.state === 'unknown') return 'unknown';
  return data.sent === true ? 'refused' : 'not-sent';
}
