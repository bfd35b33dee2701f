import { BridgeError } from '../../errors/bridge-error.js';
import type { House } from '../house.js';

/** Refuses an account that neither the settings nor the book have: a slip of the keyboard. Errors: `NOT_FOUND`. */
export async function requireKnownAccount({ config, db }: House, account: string): Promise<void> {
  if (config.accounts.some(({ id }) => id === account)) return;
  const { rows } = await db.query({
    text: 'SELECT 1 FROM bridge.fee_usage WHERE account_id = $1 LIMIT 1',
    values: [account],
  });
  if (rows.length === 0)
    throw new BridgeError('NOT_FOUND', 'neither the settings nor the book have the account');
}
