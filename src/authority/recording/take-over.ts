import { randomUUID } from 'node:crypto';
import type { Appender } from '../../audit/appender.js';
import type { Lane, Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import type { CooperativeRecord, RecordedSeat } from '../record.js';
import type { RecordChange, RecordPorts } from './port.js';
import { lockRecords } from './records.js';
import { settleChanges } from './settle-changes.js';

/** An appointment that KOOPBİS held already. `tag`: the person's in the domain `authority`, hex. */
export interface TakenOverSeat {
  readonly role: 'appointee' | 'legacy-appointee' | 'ministry-representative';
  readonly person: KimlikNo;
  readonly tag: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
}

/** All such appointments at one cooperative: what was taken over before and is not in it is gone. */
export interface TakeOver {
  readonly mersisNo: string;
  readonly seats: readonly TakenOverSeat[];
}

/** Cooperatives in one transaction, for which every query waits. */
const MAX_AT_ONCE = 100;
const PATIENCE_MS = 30_000;
const SOURCE = 'takeover';

/**
 * Brings in the appointments that stood before the bridge was there, once or again: new ones come, missing ones are gone from today.
 * Seats of every other source stay as they are. Returns how many of the cooperatives are known; unknown ones are left out. `log` needs
 * `AUTHORITY_APPLIERS` and the session's. Errors: those of `Appender`.
 */
export async function takeOver(log: Appender, ports: RecordPorts, all: readonly TakeOver[]): Promise<number> {
  const lane = takeOverLane(ports);
  let known = 0;
  for (let first = 0; first < all.length; first += MAX_AT_ONCE)
    known += await log.submit(lane, all.slice(first, first + MAX_AT_ONCE));
  return known;
}

/** Exclusive: an appointment that is gone gives nothing from its COMMIT on. */
function takeOverLane(ports: RecordPorts): Lane<readonly TakeOver[], number> {
  return {
    name: '5-authority-takeover',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<number>[] = [];
      for (const item of items) settled.push(await settleTakeOver(tx, item, ports, now));
      return settled;
    },
  };
}

async function settleTakeOver(
  tx: Transaction,
  item: readonly TakeOver[],
  ports: RecordPorts,
  now: Date,
): Promise<Settled<number>> {
  const held = await lockRecords(
    tx,
    item.map(({ mersisNo }) => mersisNo),
  );
  const changes = item.flatMap(({ mersisNo, seats }): readonly RecordChange[] => {
    const before = held.get(mersisNo);
    if (before === undefined) return [];
    const { asOf, readAt } = before;
    const after = withSeats(before.record, seats, istanbulDay(now));
    const persons = new Map(seats.map(({ tag, person }) => [tag, person]));
    return [{ before, after, source: SOURCE, asOf, readAt, persons, lead: [] }];
  });
  return { ...(await settleChanges(tx, changes, ports, now)), answer: () => changes.length };
}

function withSeats(
  record: CooperativeRecord,
  seats: readonly TakenOverSeat[],
  today: string,
): CooperativeRecord {
  const keyOf = ({ role, tag, startsOn }: Pick<RecordedSeat, 'role' | 'tag' | 'startsOn'>) =>
    `${role} ${tag} ${startsOn}`;
  const wanted = new Map(seats.map((seat) => [keyOf(seat), seat]));
  const kept = record.seats.map((seat): RecordedSeat => {
    if (seat.source !== SOURCE) return seat;
    const named = wanted.get(keyOf(seat));
    wanted.delete(keyOf(seat));
    if (named === undefined) return { ...seat, goneOn: seat.goneOn ?? today };
    return { ...seat, endsOn: named.endsOn, goneOn: null };
  });
  const added = [...wanted.values()].map(({ person: _person, ...seat }): RecordedSeat => {
    const plain = { state: null, representation: null, gazette: null, actsFor: null, appointment: null };
    const source = SOURCE;
    return { seatId: randomUUID(), ...seat, registeredOn: seat.startsOn, goneOn: null, source, ...plain };
  });
  return { ...record, seats: [...kept, ...added].sort((a, b) => (a.seatId < b.seatId ? -1 : 1)) };
}
