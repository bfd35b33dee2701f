import type { Database, Transaction } from '../../storage/database.js';
import type { CooperativeRow } from '../export/port.js';
import type { FeeClass } from '../tariff/tariff.js';
import { type PartSum, readPartSum } from './read-part-sum.js';
import { SUMS_READ, type SummedRow, summed } from './sums-of.js';

/** Which rows of a quarter; `account` null: all. */
export interface NamesPageOf<After> {
  readonly quarter: string;
  readonly account: string | null;
  readonly after: After | null;
  readonly limit: number;
}

/** Sums of one user in one account and class. `leaf`: of an outcome of theirs; it names the row without naming the person. */
export type MaskedUserRow = ReturnType<typeof summed> & { readonly leaf: bigint };

/** The last row of a page of cooperatives. */
export interface CooperativePlace {
  readonly account: string;
  readonly feeClass: FeeClass;
  readonly cooperative: string;
}

/** `isLast`: nothing behind it. `whole`: of all pages together. */
export interface NamesPage<Row> {
  readonly rows: readonly Row[];
  readonly isLast: boolean;
  readonly whole: PartSum;
}

const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off';
const PLACE = `SELECT account_id, fee_class, actor_tag FROM bridge.fee_line WHERE outcome_leaf = $1 LIMIT 1`;
// In the order of the primary keys: as many groups are read as are shown.
const PAGE = (table: string, column: string, type: string, read: string) => `SELECT account_id AS account,
    fee_class AS "feeClass", ${read}, ${SUMS_READ}
  FROM bridge.${table} WHERE quarter = $1 AND ($2::text IS NULL OR account_id = $2)
    AND ($3::text IS NULL OR (account_id, fee_class, ${column}) > ($3, $4::text, $5::${type}))
  GROUP BY account_id, fee_class, ${column} ORDER BY account_id, fee_class, ${column} LIMIT $6`;
const USERS = PAGE('fee_by_actor', 'actor_tag', 'bytea', 'max(last_leaf) AS leaf');
const COOPERATIVES = PAGE('fee_by_cooperative', 'cooperative', 'text', 'cooperative');

/**
 * Sums of some users of a quarter, in an order that says nothing of them. `after`: leaf of the last row before; null comes back where the book
 * has no line there. Errors: those of `Database`.
 */
export function readUsersPage(
  db: Database,
  { account, after, limit, quarter }: NamesPageOf<bigint>,
): Promise<NamesPage<MaskedUserRow> | null> {
  return db.transaction(
    async (tx) => {
      const place = after === null ? [] : await placeOf(tx, after);
      if (place === null) return null;
      const values = [quarter, account, ...(place.length === 0 ? [null, null, null] : place), limit + 1];
      const { rows } = await tx.query<SummedRow & { leaf: bigint }>({ text: USERS, values });
      return {
        rows: rows.slice(0, limit).map((row) => ({ ...summed(row), leaf: row.leaf })),
        isLast: rows.length <= limit,
        whole: await readPartSum(tx, { quarter, account, day: null }),
      };
    },
    { begin: SNAPSHOT },
  );
}

async function placeOf(tx: Transaction, leaf: bigint): Promise<readonly unknown[] | null> {
  const { rows } = await tx.query<{ account_id: string; fee_class: string; actor_tag: Buffer }>({
    text: PLACE,
    values: [leaf],
  });
  const [row] = rows;
  return row === undefined ? null : [row.account_id, row.fee_class, row.actor_tag];
}

/** Sums of some cooperatives of a quarter, by account, class and MERSİS number. Errors: those of `Database`. */
export function readCooperativesPage(
  db: Database,
  { account, after, limit, quarter }: NamesPageOf<CooperativePlace>,
): Promise<NamesPage<CooperativeRow>> {
  return db.transaction(
    async (tx) => {
      const place = after === null ? [null, null, null] : [after.account, after.feeClass, after.cooperative];
      const values = [quarter, account, ...place, limit + 1];
      const { rows } = await tx.query<SummedRow & { cooperative: string }>({ text: COOPERATIVES, values });
      return {
        rows: rows.slice(0, limit).map((row) => ({ ...summed(row), cooperative: row.cooperative })),
        isLast: rows.length <= limit,
        whole: await readPartSum(tx, { quarter, account, day: null }),
      };
    },
    { begin: SNAPSHOT },
  );
}
