/** Money: whole kuruş, as a bigint, so that no sum can pass through a float. Negative in corrections. */
export type Kurus = bigint & { readonly brand: 'Kurus' };

/** Whole kuruş. Errors: `RangeError` where it is no whole number or beyond what a number holds exactly. */
export function kurus(amount: number | bigint): Kurus {
  if (typeof amount === 'number' && !Number.isSafeInteger(amount)) throw new RangeError('not whole kuruş');
  return BigInt(amount) as Kurus;
}

export const NOTHING = kurus(0);

/** The sum. */
export function addKurus(...amounts: readonly Kurus[]): Kurus {
  return amounts.reduce<bigint>((sum, one) => sum + one, 0n) as Kurus;
}

/** `units` times the price of one. */
export function timesUnits(price: Kurus, units: number | bigint): Kurus {
  return (price * BigInt(units)) as Kurus;
}

/** For JSON, where money is an integer of kuruş. Errors: `RangeError` beyond 2^53, which is more money than there is. */
export function kurusNumber(amount: bigint): number {
  const number = Number(amount);
  if (!Number.isSafeInteger(number)) throw new RangeError('too many kuruş for JSON');
  return number;
}

/** Turkish form: `1.234,56 TL`, `-0,02 TL`. */
export function formatTl(amount: bigint): string {
  return `${formatLira(amount)} TL`;
}

/** The same without the currency: `1.234,56`. */
function formatLira(amount: bigint): string {
  const sign = amount < 0n ? '-' : '';
  const absolute = amount < 0n ? -amount : amount;
  const cents = String(absolute % 100n).padStart(2, '0');
  return `${sign}${grouped(absolute / 100n)},${cents}`;
}

/** A count in Turkish form: `1.234`. */
export function formatCount(count: number | bigint): string {
  const value = BigInt(count);
  return value < 0n ? `-${grouped(-value)}` : grouped(value);
}

/** A difference of counts: `+12`, `-1.234`, `0`. */
export function formatSigned(count: number | bigint): string {
  return BigInt(count) > 0n ? `+${formatCount(count)}` : formatCount(count);
}

/** A difference of money: `+0,02 TL`. */
export function formatSignedTl(amount: bigint): string {
  return amount > 0n ? `+${formatTl(amount)}` : formatTl(amount);
}

function grouped(value: bigint): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, '.');
}
