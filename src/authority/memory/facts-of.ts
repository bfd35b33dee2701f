import type { AuthorityFacts, Seat, StaffRole } from '../facts.js';
import { MAX_MERGERS, MERGED } from '../read-authority.js';
import type { CooperativeRecord, RecordedSeat } from '../record.js';
import type { KeptCooperative } from './kept-cooperative.js';

/** All cooperatives by MERSİS number; roles of a person by the hex of the tag. */
export interface KeptAuthority {
  readonly cooperatives: ReadonlyMap<string, KeptCooperative>;
  readonly roles: ReadonlyMap<string, readonly StaffRole[]>;
}

/** What a decision about one person at one cooperative on `day` rests on. The same as `readAuthority` reads. */
export function factsOf(kept: KeptAuthority, tag: Buffer, mersisNo: string, day: string): AuthorityFacts {
  const person = tag.toString('hex');
  const roles = kept.roles.get(person) ?? [];
  const cooperative = kept.cooperatives.get(mersisNo);
  if (cooperative === undefined) return { cooperative: null, seatedAt: null, seats: [], roles };
  const own = cooperative.on(day);
  const seated = seatedAt(kept.cooperatives, cooperative, day);
  if (seated === null) return { cooperative: own, seatedAt: null, seats: [], roles };
  // Seats of one cooperative are a handful, of the person one or two: no index is faster than looking through them.
  const seats = seated.record.seats.filter((seat) => seat.tag === person).map(seatOf);
  return { cooperative: own, seatedAt: seated.on(day), seats, roles };
}

/**
 * Where the seats count: at the cooperative, or at the one that it went into as far as that is named. Null where that one is not known,
 * or where there is no end to it.
 */
export function seatedAt(
  cooperatives: ReadonlyMap<string, KeptCooperative>,
  from: KeptCooperative,
  day: string,
): KeptCooperative | null {
  let at: KeptCooperative | undefined = from;
  for (let mergers = 0; at !== undefined; mergers += 1) {
    const { successor }: CooperativeRecord = at.record;
    if (successor === null || at.on(day).durum !== MERGED) return at;
    at = mergers < MAX_MERGERS ? cooperatives.get(successor) : undefined;
  }
  return null;
}

function seatOf(seat: RecordedSeat): Seat {
  const { seatId, role, startsOn, endsOn, registeredOn, goneOn } = seat;
  return { seatId, role, startsOn, endsOn, registeredOn, goneOn };
}
