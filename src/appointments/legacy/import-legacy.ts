import { randomUUID } from 'node:crypto';
import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Lane, Settled } from '../../audit/lane.js';
import type { RecordedSeat } from '../../authority/record.js';
import type { HeldRecord, RecordChange } from '../../authority/recording/port.js';
import { lockRecords, readRecords } from '../../authority/recording/records.js';
import { settleChanges } from '../../authority/recording/settle-changes.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { SignedIn } from '../../sign-in/access-tokens.js';
import type { Database, Transaction } from '../../storage/database.js';
import { actorData, actorNumber } from '../entries.js';
import type { OfficerPorts } from '../suspension/decide-suspension.js';
import type { BadLegacyLine, LegacyRow } from './read-legacy-file.js';

/** A file whose lines are all of a good form. */
export interface LegacyImport {
  readonly rows: readonly LegacyRow[];
  /** Lower-case hex. */
  readonly fileSha256: string;
  readonly officer: SignedIn;
  /** Operating-system user. */
  readonly osUser: string;
}

/** `imported`: seats that are new or corrected; the others stood there already. */
export type LegacyImported =
  | { readonly kind: 'imported'; readonly imported: number; readonly lines: number }
  | { readonly kind: 'refused'; readonly bad: readonly BadLegacyLine[] };

/** Every query waits while a transaction of an exclusive lane runs: its entries are kept to some hundreds. */
const SEATS_AT_ONCE = 200;
/** As many as an entry of a cooperative may name. */
const MAX_SEATS = 1000;
const READ_AT_ONCE = 500;
const PATIENCE_MS = 30_000;

/**
 * Brings appointees of the closed system in as ended (m.15(2)). All lines are held against what is known first; where one cannot stand,
 * nothing is brought in. Then they come in parts of whole cooperatives, each with `legacy.imported`; whoever is interrupted imports
 * the file again, which changes nothing that stands. `told`: how many lines are done. Errors: `TOKEN_INVALID`, and those of `Appender`
 * and `Database`. `log` needs `AUTHORITY_APPLIERS` and those of sessions.
 */
export async function importLegacy(
  log: Appender,
  db: Database,
  ports: OfficerPorts,
  given: LegacyImport,
  told: (lines: number) => void = () => undefined,
): Promise<LegacyImported> {
  const byCooperative = byCooperativeOf(given.rows);
  const bad = await findBad(db, byCooperative, ports);
  if (bad.length > 0) return { kind: 'refused', bad };
  let imported = 0;
  let lines = 0;
  for (const rows of partsOf(byCooperative)) {
    const answer = await log.submit(legacyLane(ports), { ...given, rows });
    if (answer === null)
      throw new BridgeError('TOKEN_INVALID', 'the session or the role of the officer has ended');
    imported += answer;
    lines += rows.length;
    told(lines);
  }
  return { kind: 'imported', imported, lines };
}

function byCooperativeOf(rows: readonly LegacyRow[]): ReadonlyMap<string, readonly LegacyRow[]> {
  const found = new Map<string, LegacyRow[]>();
  for (const row of rows) {
    const same = found.get(row.cooperative);
    if (same === undefined) found.set(row.cooperative, [row]);
    else same.push(row);
  }
  return found;
}

async function findBad(
  db: Database,
  byCooperative: ReadonlyMap<string, readonly LegacyRow[]>,
  ports: OfficerPorts,
): Promise<readonly BadLegacyLine[]> {
  const bad: BadLegacyLine[] = [];
  const numbers = [...byCooperative.keys()].sort();
  for (let first = 0; first < numbers.length; first += READ_AT_ONCE) {
    const some = numbers.slice(first, first + READ_AT_ONCE);
    const records = await readRecords(db, some);
    for (const mersisNo of some) {
      const rows = byCooperative.get(mersisNo) ?? [];
      const held = records.get(mersisNo);
      const all = (reason: BadLegacyLine['reason']) =>
        bad.push(...rows.map(({ line }) => ({ line, reason })));
      if (held === undefined) all('cooperative-unknown');
      else if (merged(held, rows, ports).seats.length > MAX_SEATS) all('too-many-seats');
    }
  }
  return bad.sort((a, b) => a.line - b.line);
}

/** Parts of some hundred lines; a cooperative is never in two of them. */
function* partsOf(byCooperative: ReadonlyMap<string, readonly LegacyRow[]>): Generator<readonly LegacyRow[]> {
  let part: LegacyRow[] = [];
  for (const [, rows] of [...byCooperative].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (part.length > 0 && part.length + rows.length > SEATS_AT_ONCE) {
      yield part;
      part = [];
    }
    part.push(...rows);
  }
  if (part.length > 0) yield part;
}

/** Exclusive, as whatever changes records. Answers how many seats are new or corrected; null where the officer acts no longer. */
function legacyLane(ports: OfficerPorts): Lane<LegacyImport, number | null> {
  return {
    name: '5-legacy-import',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, items, now) => {
      const settled: Settled<number | null>[] = [];
      for (const item of items) settled.push(await settlePart(tx, item, ports, now));
      return settled;
    },
  };
}

async function settlePart(
  tx: Transaction,
  { rows, fileSha256, officer, osUser }: LegacyImport,
  ports: OfficerPorts,
  now: Date,
): Promise<Settled<number | null>> {
  const byCooperative = byCooperativeOf(rows);
  const records = await lockRecords(tx, [...byCooperative.keys()]);
  if (!(await ports.stillActs(tx, officer, now))) return { entries: [], effects: [], answer: () => null };
  let imported = 0;
  const changes: RecordChange[] = [];
  for (const [mersisNo, held] of records) {
    const { seats, persons } = merged(held, byCooperative.get(mersisNo) ?? [], ports);
    if (persons.size === 0) continue;
    imported += persons.size;
    const { asOf, readAt } = held;
    const after = { ...held.record, seats };
    const people = new Map([...persons.values()].map(({ tag, person }) => [tag, person]));
    changes.push({ before: held, after, source: 'legacy', asOf, readAt, persons: people, lead: [] });
  }
  if (changes.length === 0) return { entries: [], effects: [], answer: () => 0 };
  const { entries, effects } = await settleChanges(tx, changes, ports, now);
  const data = { actor: actorData(officer), fileSha256, imported, osUser };
  const last = draftOf('legacy.imported', now, data, [actorNumber(officer.person)]);
  return { entries: [...entries, last], effects, answer: () => imported };
}

interface Merged {
  readonly seats: readonly RecordedSeat[];
  /** Of the seats that are new or corrected, by seat id. */
  readonly persons: ReadonlyMap<string, { readonly tag: string; readonly person: KimlikNo }>;
}

/** The record's seats with those of the file; a seat is the same while person and first day are. */
function merged({ record }: HeldRecord, rows: readonly LegacyRow[], { tagger }: OfficerPorts): Merged {
  const persons = new Map<string, { readonly tag: string; readonly person: KimlikNo }>();
  const seats = new Map(record.seats.map((seat) => [seat.seatId, seat]));
  const known = new Map(
    record.seats.flatMap((seat) =>
      seat.role === 'legacy-appointee' ? [[`${seat.tag} ${seat.startsOn}`, seat] as const] : [],
    ),
  );
  for (const { person, startsOn, endsOn } of rows) {
    const tag = tagger.tag('authority', person).toString('hex');
    const held = known.get(`${tag} ${startsOn}`);
    if (held?.endsOn === endsOn) continue;
    const seat = held === undefined ? newSeat(tag, startsOn, endsOn) : { ...held, endsOn };
    seats.set(seat.seatId, seat);
    persons.set(seat.seatId, { tag, person });
  }
  return { seats: [...seats.values()].sort((a, b) => (a.seatId < b.seatId ? -1 : 1)), persons };
}

/** Never registered here: it gives nothing on any day. */
function newSeat(tag: string, startsOn: string, endsOn: string): RecordedSeat {
  return {
    ...{ seatId: randomUUID(), role: 'legacy-appointee', startsOn, endsOn, registeredOn: null, goneOn: null },
    ...{ tag, source: 'legacy', state: null, representation: null, gazette: null, actsFor: null },
    appointment: null,
  };
}
