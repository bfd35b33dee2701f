import type { Queryable } from '../../storage/database.js';

const BOOKED = 'SELECT 1 FROM bridge.fee_usage WHERE account_id = $1 LIMIT 1';

/** Whether the settings (`accounts`: their ids) or the book have the account; what neither has is a slip of the keyboard. */
export async function isKnownAccount(
  db: Queryable,
  accounts: readonly string[],
  account: string,
): Promise<boolean> {
  if (accounts.includes(account)) return true;
  return (await db.query({ text: BOOKED, values: [account] })).rows.length > 0;
}

/** Every account of the settings, in their order, and those that only the book has. */
export async function knownAccounts(db: Queryable, accounts: readonly string[]): Promise<readonly string[]> {
  const { rows } = await db.query<{ id: string }>({
    text: 'SELECT DISTINCT account_id AS id FROM bridge.fee_usage ORDER BY 1 LIMIT 1000',
  });
  return [...new Set([...accounts, ...rows.map(({ id }) => id)])];
}
