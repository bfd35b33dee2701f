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

/** `outside`: general government, counted and billed zero; `paying`: everyone else. */
export type FeeClass = 'outside' | 'paying';

/** How many input data ("girdi verisi") a version of a service takes. */
export interface ServiceInputs {
  readonly service: string;
  readonly version: string;
  readonly inputs: number;
}

/** A row that was switched on, from the day (Europe/Istanbul) that the decision names, and the input data that it was decided with. */
export interface TariffSwitch extends TariffRow {
  readonly inputs: readonly ServiceInputs[];
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
 * The price of one unit of `service` on `day`. `inputs`: of the settings, asked for a version that the row's decision did not know; what it
 * knew it fixed, and one person's edit of the settings changes no price. Throws `RangeError` where no row is in force or the service's input data are unknown: a
 * price is never guessed.
 */
export function unitPriceOn(
  switches: readonly TariffSwitch[],
  inputs: readonly ServiceInputs[],
  feeClass: FeeClass,
  service: PricedService,
  day: string,
): UnitPrice {
  const row = switchOn(switches, service.name, day);
  if (row === null) throw new RangeError('no row of the tariff is in force on this day');
  const data =
    row.basis === 'per-input-datum' ? (inputsOf(row.inputs, service) ?? inputsOf(inputs, service)) : 1;
  if (data === undefined) throw new RangeError('the input data of this version of the service are not known');
  const unitPriceKurus = feeClass === 'outside' ? 0 : row.amountKurus * data;
  return { unitPriceKurus, basis: row.basis, gazette: row.gazette };
}

/** How many input data this version takes; undefined where they do not say. */
export function inputsOf(
  inputs: readonly ServiceInputs[],
  { name, version }: PricedService,
): number | undefined {
  return inputs.find((one) => one.service === name && one.version === version)?.inputs;
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
