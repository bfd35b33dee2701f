import { whyNotToday } from './decide.js';
import { type CooperativeRecord, cooperativeOn, type RecordedSeat } from './record.js';

/** Why a seat is not in force any longer, as events say it; closed. */
export type LossReason = 'term-ended' | 'gone' | 'suspended' | 'status' | 'changed';

/** The age of a reading is no matter of a record. */
const NO_STAMP = { version: 0, readAt: new Date(0) };

/** Ids of the seats that give authority on `day`, as far as that does not hang on the age of the reading. Pure. */
export function inForceOn(record: CooperativeRecord, day: string): ReadonlySet<string> {
  const cooperative = cooperativeOn(record, NO_STAMP, day);
  const running = record.seats.filter((seat) => whyNotToday(seat, cooperative, day) === null);
  return new Set(running.map(({ seatId }) => seatId));
}

/** Why `seat` of `record` gives nothing on `day`. Pure. */
export function lossReason(record: CooperativeRecord, seat: RecordedSeat, day: string): LossReason {
  if (seat.endsOn !== null && seat.endsOn <= day) return 'term-ended';
  if (seat.goneOn !== null && seat.goneOn <= day) return 'gone';
  const miss = whyNotToday(seat, cooperativeOn(record, NO_STAMP, day), day);
  if (miss === 'suspended') return 'suspended';
  return miss === 'no-seat' ? 'status' : 'changed';
}
