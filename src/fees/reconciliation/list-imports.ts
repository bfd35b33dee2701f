import type { Queryable } from '../../storage/database.js';
import { type Kurus, kurus } from '../kurus.js';
import type { DifferenceClass } from './classify.js';
import type { Detail } from './figures.js';

/** Figures that were taken in. `to`: the last day. `open`: differences that nobody has decided. */
export interface ImportView {
  readonly id: string;
  readonly account: string;
  readonly from: string;
  readonly to: string;
  readonly detail: Detail;
  readonly importedAt: Date;
  readonly differences: number;
  readonly open: number;
}

/** A difference of an import, theirs minus ours. */
export interface DifferenceView {
  readonly id: string;
  readonly importId: string;
  readonly class: DifferenceClass;
  readonly day: string | null;
  readonly service: string | null;
  readonly queries: number;
  readonly amountKurus: Kurus;
  readonly behind: number;
  readonly decision: string | null;
}

interface ImportRow {
  id: string;
  account: string;
  from: string;
  to: string;
  detail: Detail;
  importedAt: Date;
  differences: bigint;
  open: bigint;
}

interface DifferenceRow extends Omit<DifferenceView, 'queries' | 'amountKurus' | 'behind'> {
  readonly queries: bigint;
  readonly amount: bigint;
  readonly behind: bigint;
}

const IMPORTS = `SELECT i.import_id AS id, i.account_id AS account, i.from_day AS "from", i.to_day AS "to", i.detail,
    i.imported_at AS "importedAt", count(d.difference_id) AS differences, count(d.difference_id) FILTER (WHERE d.decision IS NULL) AS open
  FROM bridge.fee_import i LEFT JOIN bridge.fee_difference d USING (import_id)
  WHERE ($1::uuid IS NULL OR i.import_id = $1) AND ($2::text IS NULL OR i.account_id = $2)
  GROUP BY i.import_id ORDER BY i.leaf DESC LIMIT $3`;
const DIFFERENCES = `SELECT difference_id AS id, import_id AS "importId", class, day, service, queries, amount_kurus AS amount, behind, decision
  FROM bridge.fee_difference WHERE ($1::uuid IS NULL OR import_id = $1) AND ($2::uuid IS NULL OR difference_id = $2)
  ORDER BY import_id, place LIMIT $3`;

/** Differences of one import: a year of days, services and classes. */
const MAX_DIFFERENCES = 20_000;

/** Imports, the last one first. `account` null: of all. */
export async function listImports(
  db: Queryable,
  account: string | null,
  limit: number,
): Promise<readonly ImportView[]> {
  const { rows } = await db.query<ImportRow>({ text: IMPORTS, values: [null, account, limit] });
  return rows.map(importOf);
}

/** An import with its differences in their order; null where there is none of this id. */
export async function readImport(
  db: Queryable,
  id: string,
): Promise<(ImportView & { readonly of: readonly DifferenceView[] }) | null> {
  const { rows } = await db.query<ImportRow>({ text: IMPORTS, values: [id, null, 1] });
  const [row] = rows;
  if (row === undefined) return null;
  const found = await db.query<DifferenceRow>({ text: DIFFERENCES, values: [id, null, MAX_DIFFERENCES] });
  return { ...importOf(row), of: found.rows.map(differenceOf) };
}

/** A difference; null where there is none of this id. */
export async function readDifference(db: Queryable, id: string): Promise<DifferenceView | null> {
  const { rows } = await db.query<DifferenceRow>({ text: DIFFERENCES, values: [null, id, 1] });
  const [row] = rows;
  return row === undefined ? null : differenceOf(row);
}

function importOf({ differences, open, ...row }: ImportRow): ImportView {
  return { ...row, differences: Number(differences), open: Number(open) };
}

function differenceOf({ amount, behind, queries, ...row }: DifferenceRow): DifferenceView {
  return { ...row, queries: Number(queries), amountKurus: kurus(amount), behind: Number(behind) };
}
