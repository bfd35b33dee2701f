/** What one unit of the fee is (facts/fees-and-records.md §1). */
export type TariffBasis = 'per-query' | 'per-input-datum' | 'per-returned-record';

/** A row of the tariff as the Official Gazette has it. `service` null: every service. `from`: first day in force by the gazette. */
export interface TariffRow {
  readonly id: string;
  readonly from: string;
  readonly amountKurus: number;
  readonly basis: TariffBasis;
  readonly service: string | null;
  readonly gazette: string;
}

/** A row that was switched on, from the day (Europe/Istanbul) that the decision names. */
export type TariffSwitch = TariffRow;

/** `outside`: general government, counted and billed zero; `paying`: everyone else. */
export type FeeClass = 'outside' | 'paying';

/** How many input data ("girdi verisi") a version of a service takes. Data of the settings. */
export interface ServiceInputs {
  readonly service: string;
  readonly version: string;
  readonly inputs: number;
}

/** The service that is asked, and its version. */
export interface PricedService {
  readonly name: string;
  readonly version: string;
}

/** The price of one unit on a day, and what it rests on. Whole kuruş. */
export interface UnitPrice {
  readonly unitPriceKurus: number;
  readonly basis: TariffBasis;
  readonly gazette: string;
}

/**
 * The row in force for `service` on `day`: of those switched on for it the one with the latest day not after it. Null where there is none.
 * Two from the same day never are: a decision about a day that has one already is refused.
 */
export function switchOn(
  switches: readonly TariffSwitch[],
  service: string,
  day: string,
): TariffSwitch | null {
  let found: TariffSwitch | null = null;
  for (const one of switches) {
    const applies = one.service === null || one.service === service;
    if (applies && one.from <= day && (found === null || one.from >= found.from)) found = one;
  }
  return found;
}

/**
 * The price of one unit of `service` on `day`. Throws `RangeError` where no row is in force or the service's input data are unknown: a
 * price is never guessed.
 */
export function unitPriceOn(
  switches: readonly TariffSwitch[],
  inputs: readonly ServiceInputs[],
  feeClass: FeeClass,
  { name, version }: PricedService,
  day: string,
): UnitPrice {
  const row = switchOn(switches, name, day);
  if (row === null) throw new RangeError('no row of the tariff is in force on this day');
  const data =
    row.basis === 'per-input-datum'
      ? inputs.find((one) => one.service === name && one.version === version)?.inputs
      : 1;
  if (data === undefined) throw new RangeError('the input data of this version of the service are not known');
  const unitPriceKurus = feeClass === 'outside' ? 0 : row.amountKurus * data;
  return { unitPriceKurus, basis: row.basis, gazette: row.gazette };
}

/** Results that bring no record back: by the basis of returned records they cost nothing. */
const WITHOUT_RECORD: ReadonlySet<string> = new Set(['not-found', 'refused', 'not-sent']);

/**
 * What a unit of a query costs once its result is known: on the basis of returned records nothing where none came back; an unknown outcome
 * is counted as if one had. `intentPriceKurus`: as the intent says.
 */
export function chargedPrice(basis: string, intentPriceKurus: number, result: string): number {
  return basis === 'per-returned-record' && WITHOUT_RECORD.has(result) ? 0 : intentPriceKurus;
}
