import type { CooperativeFacts, Ministry, Seat } from './facts.js';

/** What brought a seat. A reading of the registry manages those of `mersis` and `registry` alone. */
export type SeatSource = 'mersis' | 'registry' | 'decision' | 'takeover' | 'legacy';

/** A seat with all that is kept of it. `tag`: the person's tag in the domain `authority`, hex. */
export interface RecordedSeat extends Seat {
  readonly tag: string;
  readonly source: SeatSource;
  /** State of the registration; null where the source knows none. */
  readonly state: string | null;
  /** Signature rule: stored and shown, decides nothing. */
  readonly representation: string | null;
  readonly gazette: string | null;
  /** VKN of the legal person that sits there through this representative. */
  readonly actsFor: string | null;
  readonly appointment: string | null;
}

/** A status and its first day. */
export interface StatusSpan {
  readonly durum: string;
  readonly since: string;
}

/** A ministry's suspension (1163 m.90), half-open; `to` null while it stands. */
export interface Suspension {
  readonly decisionNo: string;
  readonly decidedOn: string;
  readonly from: string;
  readonly to: string | null;
}

/** Everything about one cooperative that decides who may act, as known at one moment: one version. Days of the past stay in it. */
export interface CooperativeRecord {
  readonly mersisNo: string;
  readonly vkn: string | null;
  readonly unvan: string;
  readonly tur: string;
  readonly kanun: string;
  readonly seviye: string;
  readonly il: string;
  readonly ilgiliBakanlik: Ministry;
  /** In the order in which they became known: of those that have begun on a day, the last one holds on it. */
  readonly statuses: readonly StatusSpan[];
  readonly successor: string | null;
  readonly suspensions: readonly Suspension[];
  /** In the order of their ids, those that are over included. */
  readonly seats: readonly RecordedSeat[];
}

/** When and how often a record was confirmed. */
export interface RecordStamp {
  readonly version: number;
  readonly readAt: Date;
}

/** Status on `day`: of those that have begun the one that became known last; `''` before all of them, which is nobody's. */
export function statusOn({ statuses }: Pick<CooperativeRecord, 'statuses'>, day: string): string {
  return statuses.findLast(({ since }) => since <= day)?.durum ?? '';
}

/** True while a recorded decision suspends the cooperative's organs on `day`. */
export function isSuspendedOn({ suspensions }: Pick<CooperativeRecord, 'suspensions'>, day: string): boolean {
  return suspensions.some(({ from, to }) => from <= day && (to === null || to > day));
}

/** True where the seat runs on `day`: registered, begun, not over, still named by its source. What the cooperative allows is not asked. */
export function runsOn(seat: Seat, day: string): boolean {
  return (
    seat.registeredOn !== null &&
    seat.registeredOn <= day &&
    seat.startsOn <= day &&
    (seat.endsOn === null || seat.endsOn > day) &&
    (seat.goneOn === null || seat.goneOn > day)
  );
}

/** The cooperative on `day`. Pure. */
export function cooperativeOn(record: CooperativeRecord, stamp: RecordStamp, day: string): CooperativeFacts {
  const { mersisNo, il, ilgiliBakanlik, seats } = record;
  return {
    mersisNo,
    il,
    ilgiliBakanlik,
    durum: statusOn(record, day),
    suspended: isSuspendedOn(record, day),
    underTrustee: seats.some((seat) => seat.role === 'trustee' && runsOn(seat, day)),
    hasBoard: seats.some((seat) => seat.role === 'board' && runsOn(seat, day)),
    ...stamp,
  };
}
