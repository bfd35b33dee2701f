import type { CooperativeRecord, RecordedSeat } from '../record.js';

/**
 * One copy of each text that many rows have in common: days, roles, words of the registry. There are some ten thousand of them at the
 * most (a century has 36,525 days), however long a process runs.
 */
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  share<T extends string | null>(text: T): T {
    if (text === null) return text;
    const held = this.#texts.get(text);
    if (held !== undefined) return held as T;
    this.#texts.set(text, text);
    return text;
  }
}

/** The same record with what it has in common with others held once: a quarter of a million seats are kept. */
export function compacted(record: CooperativeRecord, texts: SharedTexts): CooperativeRecord {
  const share = <T extends string | null>(text: T): T => texts.share(text);
  return {
    ...record,
    tur: share(record.tur),
    kanun: share(record.kanun),
    seviye: share(record.seviye),
    il: share(record.il),
    ilgiliBakanlik: share(record.ilgiliBakanlik),
    statuses: record.statuses.map(({ durum, since }) => ({ durum: share(durum), since: share(since) })),
    suspensions: record.suspensions.length === 0 ? NONE : record.suspensions,
    seats: record.seats.map((seat) => compactedSeat(seat, share)),
  };
}

const NONE: readonly never[] = [];

function compactedSeat(seat: RecordedSeat, share: <T extends string | null>(text: T) => T): RecordedSeat {
  return {
    seatId: seat.seatId,
    role: share(seat.role),
    startsOn: share(seat.startsOn),
    endsOn: share(seat.endsOn),
    registeredOn: share(seat.registeredOn),
    goneOn: share(seat.goneOn),
    tag: seat.tag,
    source: share(seat.source),
    state: share(seat.state),
    representation: share(seat.representation),
    gazette: seat.gazette,
    actsFor: seat.actsFor,
    appointment: seat.appointment,
  };
}
