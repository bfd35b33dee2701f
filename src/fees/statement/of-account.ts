import { addKurus, kurus, kurusNumber } from '../kurus.js';
import type { StatementDocument } from './statement-document.js';

/** The part of a statement that is about one account; its total is that of the account alone. Pure. */
export function ofAccount(document: StatementDocument, account: string): StatementDocument {
  const accounts = document.accounts.filter((one) => one.account === account);
  const sum = (of: 'queries' | 'units') => accounts.reduce((before, one) => before + one[of], 0);
  const amount = addKurus(...accounts.map(({ amountKurus }) => kurus(amountKurus)));
  return {
    ...document,
    accounts,
    total: { queries: sum('queries'), units: sum('units'), amountKurus: kurusNumber(amount) },
  };
}
