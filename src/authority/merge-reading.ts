import type { CooperativeRecord, RecordedSeat, StatusSpan } from './record.js';
import type { CooperativeReading, SeatReading } from './recording/reading.js';

/** Statuses that are kept; a registry that changes its word more often is watched by other means. */
const MAX_STATUSES = 200;

/**
 * What is known of a cooperative once a reading is believed. A seat is the same while role, person, first day and legal person are; what a reading
 * does not name any longer, and had not ended, is gone from `today` on and stays for the days before. Seats that no registry gave
 * (appointments, the closed system's) stay as they are. `newId`: a fresh random id. Pure. Throws `RangeError` where the reading names
 * one seat twice.
 */
export function mergeReading(
  before: CooperativeRecord | null,
  reading: CooperativeReading,
  today: string,
  newId: () => string,
): CooperativeRecord {
  const { durum, durumSince, seats: read, ...plain } = reading;
  const wanted = new Map(read.map((seat) => [keyOf(seat), seat]));
  if (wanted.size !== read.length) throw new RangeError('a reading names one seat twice');
  const kept = (before?.seats ?? []).map((seat): RecordedSeat => {
    if (!isOfRegistry(seat)) return seat;
    const named = wanted.get(keyOf(seat));
    if (named === undefined) return goneSince(seat, today);
    wanted.delete(keyOf(seat));
    return seatOf(seat.seatId, named);
  });
  const added = [...wanted.values()].map((seat) => seatOf(newId(), seat));
  return {
    ...plain,
    statuses: withStatus(before?.statuses ?? [], { durum, since: durumSince }),
    suspensions: before?.suspensions ?? [],
    seats: [...kept, ...added].sort((a, b) => (a.seatId < b.seatId ? -1 : 1)),
  };
}

/** Whether readings of the registry manage this seat. Appointments and the closed system's have other sources. */
export function isOfRegistry({ source, role }: Pick<RecordedSeat, 'source' | 'role'>): boolean {
  return (source === 'mersis' || source === 'registry') && !['appointee', 'legacy-appointee'].includes(role);
}

/** A person may sit for oneself and for a legal person beside. */
function keyOf({
  role,
  tag,
  startsOn,
  actsFor,
}: Pick<RecordedSeat, 'role' | 'tag' | 'startsOn' | 'actsFor'>): string {
  return `${role} ${tag} ${startsOn} ${actsFor ?? ''}`;
}

function goneSince(seat: RecordedSeat, today: string): RecordedSeat {
  const isOver = seat.goneOn !== null || (seat.endsOn !== null && seat.endsOn <= today);
  return isOver ? seat : { ...seat, goneOn: today };
}

function seatOf(seatId: string, { person: _person, ...seat }: SeatReading): RecordedSeat {
  return { seatId, ...seat, goneOn: null, source: 'mersis', appointment: null };
}

function withStatus(known: readonly StatusSpan[], read: StatusSpan): readonly StatusSpan[] {
  const last = known.at(-1);
  if (last?.durum === read.durum && last.since === read.since) return known;
  return [...known, read].slice(-MAX_STATUSES);
}
