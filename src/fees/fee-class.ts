import type { FeeClass } from './tariff/tariff.js';

/** An account's class from a day on (Europe/Istanbul). */
export interface FeeClassChange {
  readonly from: string;
  readonly feeClass: FeeClass;
}

/** The class on `day`: the latest change not after it, else the one that the account began with. */
export function feeClassOn(
  account: { readonly feeClass: FeeClass; readonly feeClassChanges?: readonly FeeClassChange[] | undefined },
  day: string,
): FeeClass {
  let found = { from: '', feeClass: account.feeClass };
  for (const change of account.feeClassChanges ?? []) {
    if (change.from <= day && change.from > found.from) found = change;
  }
  return found.feeClass;
}
