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
  /** Its place in the import's list. */
  readonly place: number;
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

// Differences are counted for what is listed alone.
const IMPORTS = `SELECT i.import_id AS id, i.account_id AS account, i.from_day AS "from", i.to_day AS "to", i.detail,
    i.imported_at AS "importedAt", d.differences, d.open
  FROM (SELECT * FROM bridge.fee_import
    WHERE ($1::uuid IS NULL OR import_id = $1) AND ($2::text IS NULL OR account_id = $2)
      AND ($4::uuid IS NULL OR leaf < (SELECT leaf FROM bridge.fee_import WHERE import_id = $4))
    ORDER BY leaf DESC LIMIT $3) AS i
  CROSS JOIN LATERAL (SELECT count(*) AS differences, count(*) FILTER (WHERE decision IS NULL) AS open
    FROM bridge.fee_difference WHERE import_id = i.import_id) AS d
  ORDER BY i.leaf DESC`;
const COLUMNS = `difference_id AS id, import_id AS "importId", place, class, day, service, queries, amount_kurus AS amount, behind, decision`;
const ONE = `SELECT ${COLUMNS} FROM bridge.fee_difference WHERE difference_id = $1`;
const DIFFERENCES = `SELECT ${COLUMNS} FROM bridge.fee_difference
  WHERE import_id = $1 AND ($2::text IS NULL OR class = $2) AND place > $3 ORDER BY place LIMIT $4`;

/** Differences of one import: a year of days, services and classes. */
const MAX_DIFFERENCES = 20_000;

/** Imports, the last one first. `account` null: of all. `before`: the last one of the page before. */
export async function listImports(
  db: Queryable,
  account: string | null,
  limit: number,
  before: string | null = null,
): Promise<readonly ImportView[]> {
  const { rows } = await db.query<ImportRow>({ text: IMPORTS, values: [null, account, limit, before] });
  return rows.map(importOf);
}

/** An import without its differences; null where there is none of this id. */
export async function findImport(db: Queryable, id: string): Promise<ImportView | null> {
  const { rows } = await db.query<ImportRow>({ text: IMPORTS, values: [id, null, 1, null] });
  return rows[0] === undefined ? null : importOf(rows[0]);
}

/** A page of an import's differences in their order. `of` null: of every class; `after`: place of the last one of the page before. */
export async function listDifferences(
  db: Queryable,
  importId: string,
  {
    after,
    limit,
    of,
  }: { readonly of: DifferenceClass | null; readonly after: number | null; readonly limit: number },
): Promise<readonly DifferenceView[]> {
  const values = [importId, of, after ?? -1, limit];
  return (await db.query<DifferenceRow>({ text: DIFFERENCES, values })).rows.map(differenceOf);
}

/** An import with its differences in their order; null where there is none of this id. */
export async function readImport(
  db: Queryable,
  id: string,
): Promise<(ImportView & { readonly of: readonly DifferenceView[] }) | null> {
  const found = await findImport(db, id);
  if (found === null) return null;
  return { ...found, of: await listDifferences(db, id, { of: null, after: null, limit: MAX_DIFFERENCES }) };
}

/** A difference; null where there is none of this id. */
export async function readDifference(db: Queryable, id: string): Promise<DifferenceView | null> {
  const { rows } = await db.query<DifferenceRow>({ text: ONE, values: [id] });
  const [row] = rows;
  return row === undefined ? null : differenceOf(row);
}

function importOf({ differences, open, ...row }: ImportRow): ImportView {
  return { ...row, differences: Number(differences), open: Number(open) };
}

function differenceOf({ amount, behind, queries, ...row }: DifferenceRow): DifferenceView {
  return { ...row, queries: Number(queries), amountKurus: kurus(amount), behind: Number(behind) };
}
