import type { Queryable } from '../../storage/database.js';
import { type Kurus, kurus } from '../kurus.js';
import type { DifferenceClass } from './classify.js';

/** Differences of one class, theirs minus ours. `open`: those that nobody has decided. */
export interface ClassSum {
  readonly class: DifferenceClass;
  readonly differences: number;
  readonly open: number;
  readonly queries: number;
  readonly amountKurus: Kurus;
}

/** What a file said, all of it. `amountKurus` null: it had no amounts. */
export interface FiguresSum {
  readonly lines: number;
  readonly queries: number;
  readonly amountKurus: Kurus | null;
}

interface ClassRow {
  class: DifferenceClass;
  differences: bigint;
  open: bigint;
  queries: bigint;
  amount: bigint;
}

const THEIRS = `SELECT count(*) AS lines, coalesce(sum(queries), 0)::bigint AS queries, sum(amount_kurus)::bigint AS amount,
    count(amount_kurus) = count(*) AS "hasAmounts" FROM bridge.fee_figure WHERE import_id = $1`;
const CLASSES = `SELECT class, count(*) AS differences, count(*) FILTER (WHERE decision IS NULL) AS open,
    sum(queries)::bigint AS queries, sum(amount_kurus)::bigint AS amount
  FROM bridge.fee_difference WHERE import_id = $1 GROUP BY class`;

/** Their sums as they were taken in, and the differences by class, in no order. */
export async function readImportSums(
  db: Queryable,
  importId: string,
): Promise<{ readonly theirs: FiguresSum; readonly classes: readonly ClassSum[] }> {
  const values = [importId];
  const { rows } = await db.query<{
    lines: bigint;
    queries: bigint;
    amount: bigint | null;
    hasAmounts: boolean;
  }>({ text: THEIRS, values });
  const { amount = null, hasAmounts = false, lines = 0n, queries = 0n } = rows[0] ?? {};
  const found = await db.query<ClassRow>({ text: CLASSES, values });
  return {
    theirs: {
      lines: Number(lines),
      queries: Number(queries),
      amountKurus: hasAmounts && amount !== null ? kurus(amount) : null,
    },
    classes: found.rows.map((row) => ({
      class: row.class,
      differences: Number(row.differences),
      open: Number(row.open),
      queries: Number(row.queries),
      amountKurus: kurus(row.amount),
    })),
  };
}
