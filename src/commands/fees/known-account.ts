import { BridgeError } from '../../errors/bridge-error.js';
import { isKnownAccount } from '../../fees/reconciliation/known-account.js';
import type { House } from '../house.js';

/** Refuses an account that neither the settings nor the book have: a slip of the keyboard. Errors: `NOT_FOUND`. */
export async function requireKnownAccount({ config, db }: House, account: string): Promise<void> {
  const accounts = config.accounts.map(({ id }) => id);
  if (!(await isKnownAccount(db, accounts, account)))
    throw new BridgeError('NOT_FOUND', 'neither the settings nor the book have the account');
}
