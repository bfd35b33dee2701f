import { createHash } from 'node:crypto';
import type { StatusSpan, Suspension } from './record.js';

/** A seat as its row has it. */
export interface SeatJson {
  readonly id: string;
  readonly tag: string;
  readonly role: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
  readonly registeredOn: string | null;
  readonly goneOn: string | null;
  readonly source: string;
  readonly state: string | null;
  readonly representation: string | null;
  readonly gazette: string | null;
  readonly actsFor: string | null;
  readonly appointment: string | null;
}

/** What an entry and a row both say of a cooperative itself, in one order. */
export function recordTexts(one: {
  readonly version: number;
  readonly il: string;
  readonly ministry: string;
  readonly statuses: readonly StatusSpan[];
  readonly successor: string | null;
  readonly suspensions: readonly Suspension[];
}): readonly unknown[] {
  const { version, il, ministry, statuses, successor, suspensions } = one;
  const spans = statuses.map(({ durum, since }) => [durum, since]);
  const stops = suspensions.map(({ decisionNo, decidedOn, from, to }) => [decisionNo, decidedOn, from, to]);
  return [version, il, ministry, spans, successor, stops];
}

/** Everything that an entry says of a seat, but whose it is. */
export function seatDigest(seat: Omit<SeatJson, 'tag'>): string {
  const { id, role, startsOn, endsOn, registeredOn, goneOn, source } = seat;
  const { state, representation, gazette, actsFor, appointment } = seat;
  const days = [startsOn, endsOn, registeredOn, goneOn];
  return digestOf([id, role, days, source, state, representation, gazette, actsFor, appointment]);
}

/** As entries of the older form told of a seat. */
export function oldSeatDigest(
  seat: Pick<SeatJson, 'id' | 'role' | 'startsOn' | 'endsOn' | 'registeredOn'>,
): string {
  const { id, role, startsOn, endsOn, registeredOn } = seat;
  return digestOf([id, role, startsOn, endsOn, registeredOn]);
}

export function digestOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64');
}
