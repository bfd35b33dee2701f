import { addKurus, type Kurus, kurus, NOTHING, timesUnits } from '../kurus.js';
import { chargedPrice, type FeeClass, type UnitPrice } from '../tariff/tariff.js';

/** Calls of a client on a day that were never sent to KPS, by why (`fee_saved`). */
export interface SavedCalls {
  readonly day: string;
  readonly client: string;
  /** Problem code, or `REPLAYED`. */
  readonly code: string;
  readonly calls: number;
}

/**
 * Calls that cost nothing. `savedKurus`: what the account would have paid. `listKurus`: list value of those on days on which the account
 * was outside the fee: nobody would have paid it, so it is no saved money.
 */
export interface Saving {
  readonly calls: number;
  readonly savedKurus: Kurus;
  readonly listKurus: Kurus;
}

/** Of an account. `badForm`: calls whose form was wrong; there is no saying that they would have been sent otherwise, so no money. */
export interface Savings {
  /** Kept from being sent because the number itself is none. */
  readonly precheck: Saving;
  /** Answered again from the record. */
  readonly replayed: Saving;
  readonly badForm: { readonly calls: number };
}

/** What a call would have cost. `paid`: in the account's class that day; null where no price was in force: such calls count without money. */
export interface CallPrices {
  classOn(account: string, day: string): FeeClass;
  priceOn(feeClass: FeeClass, day: string): UnitPrice | null;
}

const NO_SAVING: Saving = { calls: 0, savedKurus: NOTHING, listKurus: NOTHING };
export const NO_SAVINGS: Savings = { precheck: NO_SAVING, replayed: NO_SAVING, badForm: { calls: 0 } };

/** What each account was spared; clients without an account ask nothing of KPS. Pure. */
export function savingsOf(
  rows: readonly SavedCalls[],
  accountOf: ReadonlyMap<string, string | null>,
  prices: CallPrices,
): ReadonlyMap<string, Savings> {
  const found = new Map<string, Savings>();
  for (const row of rows) {
    const account = accountOf.get(row.client) ?? null;
    if (account === null) continue;
    found.set(account, added(found.get(account) ?? NO_SAVINGS, account, row, prices));
  }
  return found;
}

function added(sum: Savings, account: string, { calls, code, day }: SavedCalls, prices: CallPrices): Savings {
  const saved = (before: Saving, result: string): Saving => {
    const feeClass = prices.classOn(account, day);
    const isOutside = feeClass === 'outside';
    const price = prices.priceOn('paying', day);
    const one = price === null ? 0 : chargedPrice(price.basis, price.unitPriceKurus, result);
    const value = timesUnits(kurus(one), calls);
    return {
      calls: before.calls + calls,
      savedKurus: isOutside ? before.savedKurus : addKurus(before.savedKurus, value),
      listKurus: isOutside ? addKurus(before.listKurus, value) : before.listKurus,
    };
  };
  switch (code) {
    case 'IDENTITY_NUMBER_INVALID':
      // A number that is none has no record: on the basis of returned records it would have cost nothing.
      return { ...sum, precheck: saved(sum.precheck, 'not-found') };
    case 'REPLAYED':
      return { ...sum, replayed: saved(sum.replayed, 'match') };
    case 'REQUEST_INVALID':
      return { ...sum, badForm: { calls: sum.badForm.calls + calls } };
    default:
      return sum;
  }
}
