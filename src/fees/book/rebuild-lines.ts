import type { JsonObject } from '../../audit/canonical-json.js';
import { istanbulQuarter } from '../../calendar/istanbul-day.js';
import { chargedPrice, type FeeClass } from '../tariff/tariff.js';
import type { Booking } from './fee-line.js';
import { unitOf } from './unit.js';

/** The first end of a query as the log has it: the data of `query.outcome` or `query.unknown`, and its leaf. */
export interface EndedQuery {
  readonly leaf: bigint;
  readonly data: JsonObject;
}

/** A line of the book as the log alone gives it. Money in whole kuruş. */
export interface RebuiltLine {
  readonly leaf: bigint;
  readonly queryId: string;
  readonly account: string;
  readonly feeClass: string;
  readonly sentAt: string;
  readonly quarter: string;
  readonly result: string;
  readonly sent: boolean;
  readonly units: number;
  readonly unitPriceKurus: number;
  readonly amountKurus: bigint;
  /** What the intent says; null where it went away with a detached range, so that price and class are those that the end repeats. */
  readonly booking: Booking | null;
  /** What the end itself says of its fee. */
  readonly fee: JsonObject;
}

/** Kinds of entries that give a line; a late outcome changes none. */
export const BOOKED_KINDS = ['query.outcome', 'query.unknown'] as const;

/** What an intent says for the book. Errors: `TypeError` where a member is missing. */
export function bookingOfIntent(data: JsonObject): Booking {
  const text = (name: string): string => {
    const value = data[name];
    if (typeof value !== 'string') throw new TypeError('an intent lacks a member');
    return value;
  };
  const price = data.price as JsonObject;
  const { role } = data.authority as JsonObject;
  const [il, ministry] = [text('il'), text('ministry')];
  return {
    account: text('account'),
    feeClass: text('feeClass') as FeeClass,
    client: text('client'),
    service: text('service'),
    serviceVersion: text('serviceVersion'),
    purpose: text('purpose'),
    cooperative: text('cooperative'),
    il,
    ministry,
    unit: unitOf(String(role), ministry, il),
    basis: String(price.basis),
    unitPriceKurus: Number(price.unitPriceKurus),
  };
}

/**
 * The line of an ended query, reckoned anew: the quarter from the time sent, the price from the intent and the result, the amount from both.
 * Nothing is read of the table, and what the end itself says of its fee only where its intent is not at hand.
 */
export function rebuildLine({ data, leaf }: EndedQuery, booking: Booking | null): RebuiltLine {
  const fee = data.fee as JsonObject;
  const sentAt = String(data.sentAt);
  const result = resultOfEnd(data);
  const units = Number(fee.units);
  const unitPriceKurus =
    booking === null
      ? Number(fee.unitPriceKurus)
      : chargedPrice(booking.basis, booking.unitPriceKurus, result);
  return {
    leaf,
    queryId: String(data.query),
    account: booking?.account ?? String(fee.account),
    feeClass: booking?.feeClass ?? String(fee.feeClass),
    sentAt,
    quarter: istanbulQuarter(new Date(sentAt)),
    result,
    sent: data.sent === true,
    units,
    unitPriceKurus,
    amountKurus: BigInt(units) * BigInt(unitPriceKurus),
    booking,
    fee,
  };
}

/** The word under which the book keeps an end: an outcome, or how it failed. */
function resultOfEnd(data: JsonObject): string {
  if (data.state === 'answered') return String(data.outcome);
  if (data.state === 'unknown') return 'unknown';
  return data.sent === true ? 'refused' : 'not-sent';
}

/** Name of the first member in which an end's own word about its fee is not what the line gives; null where all are. */
export function feeDiffers({ fee, ...line }: RebuiltLine): string | null {
  const wanted: readonly (readonly [string, unknown, unknown])[] = [
    ['account', fee.account, line.account],
    ['feeClass', fee.feeClass, line.feeClass],
    ['quarter', fee.quarter, line.quarter],
    ['unitPriceKurus', fee.unitPriceKurus, line.unitPriceKurus],
    ['amountKurus', fee.amountKurus, Number(line.amountKurus)],
  ];
  return wanted.find(([, said, reckoned]) => said !== reckoned)?.[0] ?? null;
}
