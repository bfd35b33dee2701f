import type { Json, JsonObject } from '../audit/canonical-json.js';
import type { EntryDraft } from '../audit/entry.js';
import { istanbulQuarter } from '../calendar/istanbul-day.js';
import type { Booking, FeeLine } from '../fees/book/fee-line.js';
import { bookingOfIntent } from '../fees/book/rebuild-lines.js';
import { unitOf } from '../fees/book/unit.js';
import { chargedPrice } from '../fees/tariff/tariff.js';
import type { Conclusion } from './conclude.js';
import { entry } from './entries.js';
import type { AdmittedQuery } from './record-intent.js';

/** How a query ended, whoever found out: the process that asked, or the one that closed it when its deadline had passed. */
export interface Ending {
  readonly queryId: string;
  readonly intentLeaf: bigint;
  readonly conclusion: Conclusion;
  readonly messageIds: readonly string[];
  readonly sentAt: Date;
  readonly booking: Booking;
}

/** The booking of a query that this process asked. */
export function bookingOf(
  query: AdmittedQuery,
  service: { readonly name: string; readonly version: string },
): Booking {
  return {
    account: query.account.id,
    feeClass: query.account.feeClass,
    client: query.attempt.client.id,
    service: service.name,
    serviceVersion: service.version,
    purpose: query.purpose.code,
    cooperative: query.cooperative.mersisNo,
    il: query.cooperative.il,
    ministry: query.cooperative.ilgiliBakanlik,
    unit: unitOf(query.grant.role, query.cooperative.ilgiliBakanlik, query.cooperative.il),
    basis: query.price.basis,
    unitPriceKurus: query.price.unitPriceKurus,
  };
}

/** The same, read from an intent's line. Throws `TypeError` where the line is not an intent of version 1. */
export function bookingOfLine(line: string): { readonly queryId: string; readonly booking: Booking } {
  const { kind, v, data } = JSON.parse(line) as { kind: Json; v: Json; data: JsonObject };
  if (kind !== 'query.intent' || v !== 1) throw new TypeError('not an intent of version 1');
  if (typeof data.query !== 'string') throw new TypeError('an intent lacks a member');
  return { queryId: data.query, booking: bookingOfIntent(data) };
}

/** The word under which the book and the log keep an end: an outcome, or how it failed. */
export function resultOf(conclusion: Conclusion): string {
  if (conclusion.state === 'answered') return conclusion.outcome;
  if (conclusion.state === 'unknown') return 'unknown';
  return conclusion.sent ? 'refused' : 'not-sent';
}

/** The line of the book for an ending. */
export function feeLineOf(ending: Ending, actorTag: Buffer): FeeLine {
  const { conclusion, sentAt, booking, queryId } = ending;
  return {
    kind: 'fee-line',
    queryId,
    ...booking,
    actorTag,
    sentAt,
    quarter: istanbulQuarter(sentAt),
    result: resultOf(conclusion),
    sent: conclusion.sent,
    units: conclusion.units,
  };
}

/** The entry of an ending; `query.unknown` where a deadline passed, `query.late-outcome` where that was too hasty. */
export function outcomeEntry(
  kind: 'query.outcome' | 'query.unknown' | 'query.late-outcome',
  ending: Ending,
  at: Date,
  instance: string,
): EntryDraft {
  const { conclusion, booking, sentAt } = ending;
  const unitPriceKurus = chargedPrice(booking.basis, booking.unitPriceKurus, resultOf(conclusion));
  const late = kind === 'query.late-outcome';
  return entry(kind, at, {
    code: 'code' in conclusion ? conclusion.code : null,
    // A late outcome changes no fee: what was booked as unknown stands until it is settled.
    fee: late
      ? null
      : {
          account: booking.account,
          amountKurus: conclusion.units * unitPriceKurus,
          feeClass: booking.feeClass,
          quarter: istanbulQuarter(sentAt),
          unitPriceKurus,
          units: conclusion.units,
        },
    hataKod: conclusion.state === 'refused' && 'hataKod' in conclusion ? conclusion.hataKod : null,
    instance,
    intent: Number(ending.intentLeaf),
    messageIds: ending.messageIds,
    outcome: conclusion.state === 'answered' ? conclusion.outcome : null,
    query: ending.queryId,
    reason: 'reason' in conclusion ? conclusion.reason : null,
    sent: conclusion.sent,
    sentAt: sentAt.toISOString(),
    state: conclusion.state,
  });
}
