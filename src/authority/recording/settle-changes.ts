import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../../audit/entry.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import { type CooperativeRecord, isSuspendedOn, type RecordedSeat, statusOn } from '../record.js';
import { inForceOn, lossReason } from '../transitions.js';
import type { AuthorityEvent } from './events.js';
import { findBereft } from './find-bereft.js';
import { authorityPersonPlace } from './person-place.js';
import { openPersons } from './persons.js';
import type { Changes, HeldRecord, RecordChange, RecordPorts } from './port.js';
import type { RecordedAuthority } from './record-applier.js';

/**
 * What becomes of cooperatives, as entries and effects of one item of an exclusive lane: for each that has changed its `lead`, one
 * `seat.recorded` for each seat that is new or different, and `authority.recorded`; then the ends of the sessions of those who have
 * nothing left. What has not changed in anything that decides gets none (`renewRecords` confirms it). The records must have been read
 * by `lockRecords` in the same transaction. `log` needs `AUTHORITY_APPLIERS` and the session's. Errors: those of `Transaction`.
 */
export async function settleChanges(
  tx: Transaction,
  changes: readonly RecordChange[],
  ports: RecordPorts,
  now: Date,
): Promise<Changes> {
  const different = changes.filter(
    ({ before, after }) => before === null || hasChanged(before.record, after),
  );
  if (different.length === 0) return NOTHING;
  const { changes: whole, effects } = await ports.withAppointments(tx, different, now);
  const settled = await settleWhole(tx, whole, ports, now);
  return { entries: settled.entries, effects: [...effects, ...settled.effects] };
}

/** The same for changes that appointments were looked at for already, each of which changes something. */
export async function settleWhole(
  tx: Transaction,
  changed: readonly RecordChange[],
  ports: RecordPorts,
  now: Date,
): Promise<Changes> {
  const today = istanbulDay(now);
  const persons = await personsOf(tx, changed, ports);
  const settled = changed.map((change) => settleOne(change, persons, ports, now));
  const losers = settled.flatMap(({ effect }) =>
    effect.events.filter(({ kind }) => kind === 'lost').map(({ tag }) => tag),
  );
  const still = new Set(settled.flatMap(({ holders }) => holders));
  const beside = { mersisNos: changed.map(({ after }) => after.mersisNo), roleIds: [] };
  const gone = losers.filter((tag) => !still.has(tag));
  const bereft = await findBereft(tx, gone, beside, today);
  const sessions = bereft.length === 0 ? NOTHING : await ports.endSessionsOf(tx, bereft, now);
  return {
    entries: [...settled.flatMap(({ entries }) => entries), ...sessions.entries],
    effects: [...settled.map(({ effect }) => effect), ...sessions.effects],
  };
}

const NOTHING: Changes = { entries: [], effects: [] };

/** True where anything that decides is different; names and kind decide nothing by themselves. Pure. */
export function hasChanged(before: CooperativeRecord, after: CooperativeRecord): boolean {
  return decidingText(before) !== decidingText(after);
}

function decidingText({ il, ilgiliBakanlik, statuses, successor, suspensions, seats }: CooperativeRecord) {
  const spans = statuses.map(({ durum, since }) => [durum, since]);
  const stops = suspensions.map(({ decisionNo, decidedOn, from, to }) => [decisionNo, decidedOn, from, to]);
  return JSON.stringify([il, ilgiliBakanlik, spans, successor, stops, seats.map(seatText)]);
}

function seatText(seat: RecordedSeat): string {
  const { seatId, role, startsOn, endsOn, registeredOn, goneOn, tag } = seat;
  const { source, state, representation, gazette, actsFor, appointment } = seat;
  const days = [startsOn, endsOn, registeredOn, goneOn];
  return JSON.stringify([
    seatId,
    role,
    tag,
    days,
    source,
    state,
    representation,
    gazette,
    actsFor,
    appointment,
  ]);
}

/** Numbers that the changes bring, and those that are kept of others whose seats have changed. */
async function personsOf(
  tx: Transaction,
  changed: readonly RecordChange[],
  { masterKeys }: RecordPorts,
): Promise<ReadonlyMap<string, KimlikNo>> {
  const brought = new Map(changed.flatMap(({ persons }) => [...persons]));
  const others = changed.flatMap((change) => newSeats(change).map(({ tag }) => tag));
  const missing = [...new Set(others)].filter((tag) => !brought.has(tag));
  const kept = await openPersons(
    tx,
    masterKeys,
    missing.map((tag) => Buffer.from(tag, 'hex')),
  );
  return new Map([...kept, ...brought]);
}

/** Seats that are new or different. */
function newSeats({ before, after }: RecordChange): readonly RecordedSeat[] {
  const known = new Map((before?.record.seats ?? []).map((seat) => [seat.seatId, seatText(seat)]));
  return after.seats.filter((seat) => known.get(seat.seatId) !== seatText(seat));
}

function settleOne(
  change: RecordChange,
  persons: ReadonlyMap<string, KimlikNo>,
  { masterKeys }: RecordPorts,
  now: Date,
) {
  const today = istanbulDay(now);
  const at = eventAtOf(change, now);
  const { before, after, asOf, readAt, source, lead } = change;
  const different = newSeats(change).map((seat) => ({ seat, entry: seatEntry(seat, change, persons, at) }));
  const version = (before?.version ?? 0) + 1;
  const last = recordEntry(change, version, at);
  const entryOf = new Map(different.map(({ seat, entry }) => [seat.seatId, entry.id]));
  const { running, events } = turnOf(before?.told ?? new Set(), after, today);
  const effect: RecordedAuthority = {
    kind: 'authority-recorded',
    entryId: last.id,
    record: after,
    isNew: true,
    durum: statusOn(after, today),
    suspendedBy: isSuspendedOn(after, today) ? openSuspension(after) : null,
    version,
    source,
    asOf,
    readAt,
    // Those that have not changed are written too where what the feed was told of them has.
    seats: after.seats.flatMap((seat) => {
      const told = running.has(seat.seatId);
      const entryId = entryOf.get(seat.seatId) ?? null;
      const isTold = before?.told.has(seat.seatId) === true;
      return entryId === null && told === isTold ? [] : [{ seat, told, entryId }];
    }),
    persons: different.flatMap(({ seat: { tag } }) => {
      const person = persons.get(tag);
      return person === undefined ? [] : [sealPerson(tag, person, masterKeys)];
    }),
    events,
  };
  return {
    entries: [...lead, ...different.map(({ entry }) => entry), last],
    effect,
    holders: after.seats.filter(({ seatId }) => running.has(seatId)).map(({ tag }) => tag),
  };
}

/** A reading happened when it was read; whatever persons or the clock bring about happens now. */
function eventAtOf({ source, readAt }: RecordChange, now: Date): Date {
  return source === 'mersis' || source === 'registry' ? readAt : now;
}

function openSuspension({ suspensions }: CooperativeRecord): string | null {
  return suspensions.find(({ to }) => to === null)?.decisionNo ?? null;
}

/** What the feed must be told so that it knows who is in force today. Pure. */
export function turnOf(
  told: HeldRecord['told'],
  after: CooperativeRecord,
  today: string,
): { readonly running: ReadonlySet<string>; readonly events: readonly AuthorityEvent[] } {
  const running = inForceOn(after, today);
  const events = after.seats.flatMap((seat): readonly AuthorityEvent[] => {
    const isTold = told.has(seat.seatId);
    if (isTold === running.has(seat.seatId)) return [];
    return [
      isTold
        ? eventOf('lost', seat, after, lossReason(after, seat, today))
        : eventOf('granted', seat, after, null),
    ];
  });
  return { running, events };
}

function eventOf(
  kind: AuthorityEvent['kind'],
  { seatId, tag, role, startsOn, endsOn, registeredOn }: RecordedSeat,
  { mersisNo, ilgiliBakanlik, il }: CooperativeRecord,
  reason: string | null,
): AuthorityEvent {
  const data = { role, ministry: ilgiliBakanlik, il, from: startsOn, to: endsOn, registeredOn, reason };
  return { kind, tag, mersisNo, basis: seatId, data };
}

function seatEntry(
  seat: RecordedSeat,
  { after }: RecordChange,
  persons: ReadonlyMap<string, KimlikNo>,
  at: Date,
): EntryDraft {
  const person = persons.get(seat.tag);
  const { actsFor, appointment, endsOn, gazette, goneOn, registeredOn, representation, role } = seat;
  const { seatId, source, startsOn, state } = seat;
  const data = { actsFor, appointment, endsOn, gazette, goneOn, registeredOn, representation, role };
  return draftOf(
    'seat.recorded',
    at,
    { ...data, cooperative: after.mersisNo, seat: seatId, source, startsOn, state },
    person === undefined ? [] : [holder(person)],
  );
}

function recordEntry({ before, after, asOf, source }: RecordChange, version: number, at: Date): EntryDraft {
  const {
    mersisNo: cooperative,
    il,
    ilgiliBakanlik: ministry,
    seats,
    statuses,
    successor,
    suspensions,
  } = after;
  return draftOf('authority.recorded', at, {
    asOf: asOf?.toISOString() ?? null,
    before: before?.version ?? null,
    cooperative,
    il,
    ministry,
    seats: seats.map(({ seatId }) => seatId),
    source,
    statuses: statuses.map(({ durum, since }) => ({ durum, since })),
    successor,
    suspensions: suspensions.map(({ decidedOn, decisionNo, from, to }) => ({
      decidedOn,
      decisionNo,
      from,
      to,
    })),
    version,
  });
}

/** The entry is about the person who holds the seat: it is found among what concerns them. */
function holder(person: KimlikNo): PersonalValue {
  return { field: 'subject.number', side: 'subject', person, text: person.reveal(), indexed: true };
}

function sealPerson(tag: string, person: KimlikNo, masterKeys: RecordPorts['masterKeys']) {
  const box = masterKeys.wrap(
    Buffer.from(person.reveal(), 'utf8'),
    authorityPersonPlace(Buffer.from(tag, 'hex')),
  );
  return { tag, box, masterKeyId: masterKeys.activeId };
}
