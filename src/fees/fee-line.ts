import type { Effect, EffectApplier, PlacedEffect } from '../audit/lane.js';
import type { FeeClass } from './tariff.js';

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
  /** Whole kuruş for one unit. */
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

const INSERT = `INSERT INTO bridge.fee_line (query_id, outcome_leaf, account_id, fee_class, client_id, service, service_version,
    purpose, cooperative, il, ministry, actor_tag, sent_at, quarter, result, sent, units, unit_price_kurus, amount_kurus)
  SELECT f.*, f.units * f.price FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[], $13::timestamptz[], $14::text[], $15::text[], $16::boolean[],
    $17::smallint[], $18::int[]) AS f(query_id, leaf, account, fee_class, client, service, version, purpose, cooperative, il,
    ministry, actor_tag, sent_at, quarter, result, sent, units, price)`;

/** Writes the lines of a batch in the transaction of their outcomes; a second line for a query is an error, never a sum. */
export const feeLineApplier: EffectApplier<FeeLine> = {
  kind: 'fee-line',
  apply: async (tx, placed) => {
    const column = (pick: (one: PlacedEffect<FeeLine>) => unknown) => placed.map(pick);
    await tx.query({
      name: 'fee-lines',
      text: INSERT,
      values: [
        column((p) => p.effect.queryId),
        column((p) => p.receipt.leafIndex),
        column((p) => p.effect.account),
        column((p) => p.effect.feeClass),
        column((p) => p.effect.client),
        column((p) => p.effect.service),
        column((p) => p.effect.serviceVersion),
        column((p) => p.effect.purpose),
        column((p) => p.effect.cooperative),
        column((p) => p.effect.il),
        column((p) => p.effect.ministry),
        column((p) => p.effect.actorTag),
        column((p) => p.effect.sentAt),
        column((p) => p.effect.quarter),
        column((p) => p.effect.result),
        column((p) => p.effect.sent),
        column((p) => p.effect.units),
        column((p) => p.effect.unitPriceKurus),
      ],
    });
  },
};
