import type { Effect, EffectApplier, PlacedEffect } from '../../audit/lane.js';
import type { Transaction } from '../../storage/database.js';
import { chargedPrice, type FeeClass } from '../tariff/tariff.js';

/** What the book needs to know of a query; all of it stands in the intent, so that the log alone can rebuild the book. */
export interface Booking {
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly client: string;
  readonly service: string;
  readonly serviceVersion: string;
  readonly purpose: string;
  readonly cooperative: string;
  readonly il: string;
  readonly ministry: string;
  /** The unit (birim) that caused it (`unitOf`). */
  readonly unit: string;
  /** What one unit of the fee is. */
  readonly basis: string;
  /** Whole kuruş for one unit, before the result is known. */
  readonly unitPriceKurus: number;
}

/** The line of the book for one query. Units in queries; `sentAt` decides the quarter. */
export interface FeeLine extends Effect, Booking {
  readonly kind: 'fee-line';
  readonly queryId: string;
  readonly actorTag: Buffer;
  readonly sentAt: Date;
  readonly quarter: string;
  /** The outcome, or how it failed: `match` … `unknown`, `refused`, `not-sent`. */
  readonly result: string;
  readonly sent: boolean;
  readonly units: number;
}

/** The price that a line is charged at: its result is known now. */
function priceOfLine({ basis, result, unitPriceKurus }: Omit<FeeLine, 'kind'>): number {
  return chargedPrice(basis, unitPriceKurus, result);
}

const INSERT = `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version,
    purpose, cooperative, il, ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
  SELECT f.*, f.units * f.price FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bytea[], $15::timestamptz[], $16::text[],
    $17::text[], $18::boolean[], $19::smallint[], $20::int[]) AS f(query_id, leaf, account, fee_class, client, service, version,
    purpose, cooperative, il, ministry, unit, basis, actor_tag, sent_at, quarter, result, sent, units, price)`;

// In key order: instances that book on the same accounts wait for each other, never in a circle.
const METER = `INSERT INTO bridge.fee_usage AS u (account_id, quarter, queries, units, amount_kurus)
  SELECT account, quarter, count(*) FILTER (WHERE sent), sum(units), sum(units * price)
  FROM unnest($1::text[], $2::text[], $3::boolean[], $4::smallint[], $5::int[]) AS f(account, quarter, sent, units, price)
  GROUP BY account, quarter ORDER BY account, quarter
  ON CONFLICT (account_id, quarter) DO UPDATE SET queries = u.queries + excluded.queries, units = u.units + excluded.units,
    amount_kurus = u.amount_kurus + excluded.amount_kurus`;

/** Writes the lines of a batch in the transaction of their outcomes; a second line for a query is an error, never a sum. */
export const feeLineApplier: EffectApplier<FeeLine> = {
  kind: 'fee-line',
  apply: async (tx, placed) => {
    await insertLines(tx, placed);
    const column = (pick: (one: FeeLine) => unknown) => placed.map(({ effect }) => pick(effect));
    await tx.query({
      name: 'fee-meter',
      text: METER,
      values: [
        column((l) => l.account),
        column((l) => l.quarter),
        column((l) => l.sent),
        column((l) => l.units),
        column(priceOfLine),
      ],
    });
  },
};

async function insertLines(tx: Transaction, placed: readonly PlacedEffect<FeeLine>[]): Promise<void> {
  const column = (pick: (one: FeeLine) => unknown) => placed.map(({ effect }) => pick(effect));
  await tx.query({
    name: 'fee-lines',
    text: INSERT,
    values: [
      column((l) => l.queryId),
      placed.map(({ receipt }) => receipt.leafIndex),
      column((l) => l.account),
      column((l) => l.feeClass),
      column((l) => l.client),
      column((l) => l.service),
      column((l) => l.serviceVersion),
      column((l) => l.purpose),
      column((l) => l.cooperative),
      column((l) => l.il),
      column((l) => l.ministry),
      column((l) => l.unit),
      column((l) => l.basis),
      column((l) => l.actorTag),
      column((l) => l.sentAt),
      column((l) => l.quarter),
      column((l) => l.result),
      column((l) => l.sent),
      column((l) => l.units),
      column(priceOfLine),
    ],
  });
}
