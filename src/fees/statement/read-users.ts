import type { Transaction } from '../../storage/database.js';
import type { UserRow } from '../export/port.js';
import { cursorRows } from './row-cursor.js';
import type { Period } from './statement.js';
import { SUMS_READ, SUMS_WHERE, type SummedRow, summed, sumsValues } from './sums-of.js';

/** The users' numbers out of the outcomes at `leaves`, in their order, or a word that says why there is none. */
export type OpenUsers = (leaves: readonly bigint[]) => Promise<readonly string[]>;

interface Row extends SummedRow {
  /** Counts the persons of this statement in an order that says nothing of them. */
  readonly person: bigint;
  readonly leaf: bigint;
}

const SELECT = `SELECT account_id AS account, fee_class AS "feeClass", dense_rank() OVER (ORDER BY actor_tag) AS person,
    max(last_leaf) AS leaf, ${SUMS_READ}
  FROM bridge.fee_by_actor WHERE ${SUMS_WHERE} GROUP BY account_id, fee_class, actor_tag
  ORDER BY account_id COLLATE "C", fee_class COLLATE "C", person`;

/** Numbers opened at once. */
const AT_ONCE = 500;

/**
 * Sums by user, as far as lines were folded in; they add up to what is booked. `open` null: masked as `roles list` does, `*** (3)`, the same
 * number for one person in this statement alone.
 */
export async function* readUsers(
  tx: Transaction,
  { account, period }: { readonly period: Period; readonly account: string | null },
  open: OpenUsers | null,
): AsyncGenerator<UserRow> {
  const statement = { text: SELECT, values: sumsValues(period, account) };
  let held: Row[] = [];
  for await (const row of cursorRows<Row>(tx, 'fee_users', statement)) {
    held.push(row);
    if (held.length < AT_ONCE) continue;
    yield* await named(held, open);
    held = [];
  }
  yield* await named(held, open);
}

async function named(rows: readonly Row[], open: OpenUsers | null): Promise<readonly UserRow[]> {
  const numbers = open === null ? null : await open(rows.map(({ leaf }) => leaf));
  return rows.map((row, i) => ({ ...summed(row), user: numbers?.[i] ?? `*** (${row.person})` }));
}
