import type { Queryable } from '../../storage/database.js';
import { type Kurus, kurus } from '../kurus.js';

/** Which part of a quarter; null: all accounts, all days. */
export interface PartOf {
  readonly quarter: string;
  readonly account: string | null;
  readonly day: string | null;
}

/** Booked: without corrections. */
export interface PartSum {
  readonly lines: number;
  readonly queries: number;
  readonly units: number;
  readonly amountKurus: Kurus;
}

interface Row {
  readonly lines: bigint;
  readonly queries: bigint;
  readonly units: bigint;
  readonly amount: bigint;
}

const SUM = `SELECT coalesce(sum(lines), 0)::bigint AS lines, coalesce(sum(queries), 0)::bigint AS queries,
    coalesce(sum(units), 0)::bigint AS units, coalesce(sum(amount_kurus), 0)::bigint AS amount
  FROM bridge.fee_rollup
  WHERE quarter = $1 AND ($2::text IS NULL OR account_id = $2) AND ($3::date IS NULL OR day = $3)`;

/** What a part of a quarter adds up to, as far as lines were folded in. */
export async function readPartSum(db: Queryable, { account, day, quarter }: PartOf): Promise<PartSum> {
  const [row] = (await db.query<Row>({ text: SUM, values: [quarter, account, day] })).rows;
  return {
    lines: Number(row?.lines ?? 0n),
    queries: Number(row?.queries ?? 0n),
    units: Number(row?.units ?? 0n),
    amountKurus: kurus(row?.amount ?? 0n),
  };
}
