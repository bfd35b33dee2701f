import { type CooperativeRecord, type RecordedSeat, runsOn, statusOn } from '../authority/record.js';
import { boardAt } from './board.js';
import type { AppointmentPolicy, DisagreementMatter } from './ports.js';

/** An accepted appointment, by the id that its seat names. */
export interface AcceptedAppointment {
  readonly appointment: string;
  readonly seatId: string;
  /** The person's tag, hex. */
  readonly tag: string;
}

/** An appointment that ends before its time, and why. */
export interface EndedAppointment extends AcceptedAppointment {
  readonly reason: 'board-gone' | 'cooperative-ended';
}

/** An appointment that stands, and what has begun to contradict it. */
export interface Disagreement extends AcceptedAppointment {
  readonly matter: DisagreementMatter;
}

/** Statuses after which nobody of its own acts for a cooperative again. */
const ENDED = ['terkin', 'birleşme'];

/**
 * Accepted appointments that end with this change, or with this day where `before` and `after` are the same record: with
 * `endWithBoard`, where none of those who sat on the board (or in its place, by the registry's word) when it was accepted sits any
 * longer; and wherever the cooperative is deleted or has merged. Members count, not seats: whoever was elected again still sits. Under a
 * suspension or a trustee an appointment only sleeps. Pure.
 */
export function appointmentsToEnd(
  before: CooperativeRecord | null,
  after: CooperativeRecord,
  today: string,
  { endWithBoard }: Pick<AppointmentPolicy, 'endWithBoard'>,
): readonly EndedAppointment[] {
  const known = new Set((before?.seats ?? []).map(({ seatId }) => seatId));
  return standing(after, today).flatMap((seat): EndedAppointment[] => {
    // One that this very change brings was judged by whoever accepted it.
    if (!known.has(seat.seatId)) return [];
    if (ENDED.includes(statusOn(after, today))) return [{ ...named(seat), reason: 'cooperative-ended' }];
    const gone = endWithBoard && isBoardGone(before ?? after, after, seat, today);
    return gone ? [{ ...named(seat), reason: 'board-gone' }] : [];
  });
}

/**
 * What begins to contradict an appointment that stands: told once, on the change that brings it about. `lastDay`: the day for which
 * `before` was looked at, where the day itself has changed. Pure.
 */
export function newDisagreements(
  before: CooperativeRecord | null,
  after: CooperativeRecord,
  today: string,
  lastDay = today,
): readonly Disagreement[] {
  if (before === null || ENDED.includes(statusOn(after, today))) return [];
  const known = new Set(before.seats.map(({ seatId }) => seatId));
  return standing(after, today)
    .filter(({ seatId }) => known.has(seatId))
    .flatMap((seat) =>
      mattersOf(before, after, seat, today)
        .filter((matter) => !mattersOf(before, before, seat, lastDay).includes(matter))
        .map((matter) => ({ ...named(seat), matter })),
    );
}

/**
 * The record without these appointments from `today` on; one that has not begun is withdrawn, since it cannot end before its first
 * day. Pure.
 */
export function withoutAppointments(
  record: CooperativeRecord,
  ended: readonly AcceptedAppointment[],
  today: string,
): CooperativeRecord {
  if (ended.length === 0) return record;
  const ids = new Set(ended.map(({ seatId }) => seatId));
  const over = (seat: RecordedSeat): RecordedSeat =>
    seat.startsOn < today ? { ...seat, endsOn: today } : { ...seat, goneOn: today };
  return { ...record, seats: record.seats.map((seat) => (ids.has(seat.seatId) ? over(seat) : seat)) };
}

/** What contradicts this appointment as the record stands on `today`; empty where it is over, or none of the record's. Pure. */
export function contradictionsOf(
  record: CooperativeRecord,
  appointment: string,
  today: string,
): readonly DisagreementMatter[] {
  return standing(record, today)
    .filter((seat) => seat.appointment === appointment)
    .flatMap((seat) => mattersOf(record, record, seat, today));
}

function mattersOf(
  before: CooperativeRecord,
  record: CooperativeRecord,
  seat: RecordedSeat,
  today: string,
): readonly DisagreementMatter[] {
  const trustee = record.seats.some((one) => one.role === 'trustee' && runsOn(one, today));
  return [
    ...(boardAt(record, today).has(seat.tag) ? (['appointee-on-board'] as const) : []),
    ...(isBoardGone(before, record, seat, today) ? (['board-gone'] as const) : []),
    ...(statusOn(record, today) === 'tasfiye' ? (['appointed-while-in-liquidation'] as const) : []),
    ...(trustee ? (['appointed-under-trustee'] as const) : []),
  ];
}

/**
 * The day of acceptance stands in the seat as that of its registration. Who sat on it is looked up in what was known before the change:
 * a board that is replaced on that very day did.
 */
function isBoardGone(
  before: CooperativeRecord,
  after: CooperativeRecord,
  { registeredOn }: RecordedSeat,
  today: string,
): boolean {
  const then = boardAt(before, registeredOn ?? today);
  return [...boardAt(after, today)].every((tag) => !then.has(tag));
}

/** Seats of accepted appointments that are not over. */
function standing(
  { seats }: CooperativeRecord,
  today: string,
): readonly (RecordedSeat & { appointment: string })[] {
  const isOver = (day: string | null) => day !== null && day <= today;
  return seats.filter(
    (seat): seat is RecordedSeat & { appointment: string } =>
      seat.role === 'appointee' && seat.appointment !== null && !isOver(seat.endsOn) && !isOver(seat.goneOn),
  );
}

function named({ appointment, seatId, tag }: RecordedSeat & { appointment: string }): AcceptedAppointment {
  return { appointment, seatId, tag };
}
