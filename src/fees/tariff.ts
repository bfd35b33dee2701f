/** One row of the tariff. `amountKurus` for one unit; `from` is the first day in force (Europe/Istanbul). */
export interface TariffRow {
  readonly from: string;
  readonly amountKurus: number;
  readonly basis: 'per-query' | 'per-input-datum';
  readonly gazette: string;
  readonly active: boolean;
}

/** `outside`: general government, counted and billed zero; `paying`: everyone else. */
export type FeeClass = 'outside' | 'paying';

/** The price of one unit on a day, and what it rests on. */
export interface UnitPrice {
  readonly unitPriceKurus: number;
  readonly basis: TariffRow['basis'];
  readonly gazette: string;
}

/**
 * How many input data ("girdi verisi") each service takes: the combined register takes number and birth date, the
 * verification takes number, given name, surname and birth date. Our reading; not confirmed by NVİ.
 */
const INPUT_DATA: Readonly<Record<string, number>> = {
  BilesikKutukSorgulaKimlikNoServis: 2,
  TumKutukDogrulaServis: 4,
};

/**
 * The price of one unit of `service` on `day`: the active row with the latest `from` not after the day. Throws
 * `RangeError` where no active row is in force or the service's input data are unknown: a price is never guessed.
 */
export function unitPriceOn(
  tariff: readonly TariffRow[],
  feeClass: FeeClass,
  service: string,
  day: string,
): UnitPrice {
  let row: TariffRow | undefined;
  for (const one of tariff) {
    if (one.active && one.from <= day && (row === undefined || one.from > row.from)) row = one;
  }
  if (row === undefined) throw new RangeError('no active tariff row is in force on this day');
  const data = row.basis === 'per-input-datum' ? INPUT_DATA[service] : 1;
  if (data === undefined) throw new RangeError('the input data of this service are not known');
  const unitPriceKurus = feeClass === 'outside' ? 0 : row.amountKurus * data;
  return { unitPriceKurus, basis: row.basis, gazette: row.gazette };
}
