import { createHash } from 'node:crypto';
import type { DataOf } from '../audit/catalogue/catalogue.js';
import { FoundDifference } from '../audit/check/difference.js';
import type { ReadEntry } from '../audit/check/line-check.js';
import type { Transaction } from '../storage/database.js';
import { type HolderKeys, holderOf, requireHolders, type ToldHolder } from './check-holders.js';
import type { RecordedSeat, StatusSpan, Suspension } from './record.js';

/** What the last entry about a seat said. `holder` null: from before entries named the person of a seat. */
interface ToldSeat {
  readonly leaf: bigint;
  readonly digest: string;
  readonly holder: ToldHolder | null;
}

/** What the last entry about a cooperative said, and which form the entry has. */
interface ToldCooperative {
  readonly leaf: bigint;
  readonly digest: string;
  readonly isWhole: boolean;
}

/** What the entries told of cooperatives, their seats and every version of them. Some 100 MB for the whole register. */
export interface ToldRecords {
  readonly cooperatives: Map<string, ToldCooperative>;
  readonly seats: Map<string, ToldSeat>;
  /** By leaf of `authority.recorded`: the digest of the version with all its seats. */
  readonly versions: Map<bigint, string>;
}

interface SeatJson {
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

interface CooperativeRow {
  mersis_no: string;
  version: bigint;
  suspended: boolean;
  durum: string;
  il: string;
  ministry: string;
  statuses: StatusSpan[];
  successor: string | null;
  suspensions: Suspension[];
  seats: SeatJson[] | null;
}

interface HistoryRow {
  leaf_index: bigint;
  mersis_no: string;
  version: bigint;
  facts: {
    il: string;
    ilgiliBakanlik: string;
    statuses: StatusSpan[];
    successor: string | null;
    suspensions: Suspension[];
    seats: RecordedSeat[];
  };
}

/** Cooperatives read at once, with their seats. */
const CHUNK = 1_000;
const COOPERATIVES = `SELECT c.mersis_no, c.version, c.suspended_by IS NOT NULL AS suspended, c.durum, c.il, c.ilgili_bakanlik AS ministry,
    c.statuses, c.successor, c.suspensions,
    (SELECT json_agg(json_build_object('id', s.seat_id, 'tag', encode(s.person_tag, 'hex'), 'role', s.role, 'startsOn', s.starts_on,
        'endsOn', s.ends_on, 'registeredOn', s.registered_on, 'goneOn', s.gone_on, 'source', s.source, 'state', s.state,
        'representation', s.representation, 'gazette', s.gazette, 'actsFor', s.acts_for, 'appointment', s.appointment_id)
        ORDER BY s.seat_id)
      FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no) AS seats
  FROM bridge.authority_cooperative c WHERE c.mersis_no > $1 ORDER BY c.mersis_no LIMIT ${CHUNK}`;
const HISTORY = `SELECT leaf_index, mersis_no, version, facts FROM bridge.authority_history
  WHERE (mersis_no, leaf_index) > ($1, $2) ORDER BY mersis_no, leaf_index LIMIT ${CHUNK}`;

export function nothingTold(): ToldRecords {
  return { cooperatives: new Map(), seats: new Map(), versions: new Map() };
}

/** Takes an entry about a cooperative or a seat in; others it leaves alone. */
export function rememberRecord({ kind, leaf, id, data, sealed }: ReadEntry, told: ToldRecords): void {
  if (kind === 'seat.recorded') {
    const { seat, ...rest } = data as unknown as DataOf<'seat.recorded'>;
    const holder = { leaf, entryId: id, number: holderOf(sealed) };
    told.seats.set(seat, { leaf, digest: seatDigest({ id: seat, ...rest }), holder });
  } else if (kind === 'authority.recorded') {
    const { cooperative, version, il, ministry, statuses, successor, suspensions, seats } =
      data as unknown as DataOf<'authority.recorded'>;
    const plain = recordTexts({ version, il, ministry, statuses, successor, suspensions });
    const digests = seats.map((seat) => told.seats.get(seat)?.digest ?? '');
    told.versions.set(leaf, digestOf([cooperative, ...plain, ...digests]));
    told.cooperatives.set(cooperative, { leaf, digest: digestOf([...plain, ...seats]), isWhole: true });
  } else if (kind === 'authority.changed') {
    const { cooperative, version, suspended, durum, il, ministry, seats } =
      data as unknown as DataOf<'authority.changed'>;
    for (const { seat, ...rest } of seats)
      told.seats.set(seat, { leaf, digest: oldSeatDigest({ id: seat, ...rest }), holder: null });
    const digest = digestOf([version, suspended, durum, il, ministry, ...seats.map(({ seat }) => seat)]);
    told.cooperatives.set(cooperative, { leaf, digest, isWhole: false });
  }
}

/** How far the tables could be compared. */
export interface HeldRecords {
  readonly cooperatives: number;
  readonly seats: number;
  readonly versions: number;
  /** Of which only detached ranges can tell. */
  readonly unknown: number;
  /** Seats whose person could not be compared: the key is destroyed, or the entry is from before persons were named. */
  readonly closed: number;
}

/**
 * Every cooperative is what its last entry says, every seat what its last entry says and of the person whom it names, and every kept
 * version what its entry said. Throws `FoundDifference`. `isWhole` false: ranges are detached, what has no entry is only counted.
 */
export async function holdRecords(
  tx: Transaction,
  check: string,
  keys: HolderKeys,
  told: ToldRecords,
  isWhole: boolean,
): Promise<HeldRecords> {
  const counts = { cooperatives: 0, seats: 0, versions: 0, unknown: 0, closed: 0 };
  const tags = new Map<string, string>();
  const difference = (what: string, leaf?: bigint) => new FoundDifference(check, what, leaf);
  for (let after = ''; ; ) {
    const { rows } = await tx.query<CooperativeRow>({ text: COOPERATIVES, values: [after] });
    const seats = rows.flatMap((row) => {
      const entry = told.cooperatives.get(row.mersis_no);
      told.cooperatives.delete(row.mersis_no);
      counts.cooperatives += 1;
      if (entry === undefined && !isWhole) counts.unknown += 1;
      else if (entry === undefined) throw difference(`no entry tells of cooperative ${row.mersis_no}`);
      else if (entry.digest !== digestOfRow(row, entry.isWhole))
        throw difference(
          `cooperative ${row.mersis_no} or its seats are not what the log said last`,
          entry.leaf,
        );
      else if (entry.isWhole && !isTakenFromLists(row))
        throw difference(
          `status or suspension of cooperative ${row.mersis_no} is not what the log said last`,
          entry.leaf,
        );
      return row.seats ?? [];
    });
    const held = seats.flatMap((seat) => {
      const entry = told.seats.get(seat.id);
      told.seats.delete(seat.id);
      tags.set(seat.id, seat.tag);
      counts.seats += 1;
      if (entry === undefined && !isWhole) return [];
      if (entry === undefined) throw difference(`no entry tells of seat ${seat.id}`);
      const digest = entry.holder === null ? oldSeatDigest(seat) : seatDigest(seat);
      if (entry.digest !== digest)
        throw difference(`seat ${seat.id} is not what the log said last`, entry.leaf);
      if (entry.holder === null || entry.holder.number === undefined) counts.closed += 1;
      const named = entry.holder?.number === undefined ? [] : [entry.holder];
      return [{ roleId: seat.id, tag: Buffer.from(seat.tag, 'hex'), holders: named }];
    });
    counts.closed += await requireHolders(tx, check, keys, held, 'seat');
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.mersis_no;
  }
  for (const [cooperative, { leaf }] of told.cooperatives)
    throw difference(`cooperative ${cooperative} is gone from the tables`, leaf);
  // Seats of the older form went with their rows.
  for (const [seat, { leaf, holder }] of told.seats)
    if (holder !== null) throw difference(`seat ${seat} is gone from the tables`, leaf);
  counts.versions = await holdVersions(tx, difference, told, tags, isWhole);
  return counts;
}

async function holdVersions(
  tx: Transaction,
  difference: (what: string, leaf?: bigint) => FoundDifference,
  { versions }: ToldRecords,
  tags: ReadonlyMap<string, string>,
  isWhole: boolean,
): Promise<number> {
  let count = 0;
  for (let after: readonly [string, string] = ['', '-1']; ; ) {
    const { rows } = await tx.query<HistoryRow>({ text: HISTORY, values: [...after] });
    for (const { leaf_index: leaf, mersis_no: cooperative, version, facts } of rows) {
      const told = versions.get(leaf);
      versions.delete(leaf);
      count += 1;
      if (told === undefined && !isWhole) continue;
      const { il, ilgiliBakanlik: ministry, statuses, successor, suspensions, seats } = facts;
      const plain = recordTexts({ version: Number(version), il, ministry, statuses, successor, suspensions });
      const digests = seats.map(({ seatId: id, ...seat }) => seatDigest({ id, ...seat }));
      if (told !== digestOf([cooperative, ...plain, ...digests]))
        throw difference(`version ${version} of cooperative ${cooperative} is not what the log said`, leaf);
      if (seats.some(({ seatId, tag }) => tags.get(seatId) !== tag))
        throw difference(`version ${version} of cooperative ${cooperative} names another person`, leaf);
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = [last.mersis_no, String(last.leaf_index)];
  }
  for (const [leaf] of versions)
    throw difference('a version of a cooperative is gone from its history', leaf);
  return count;
}

/** `durum` and `suspended_by` repeat, for today, what the lists say with their days. */
function isTakenFromLists({ durum, statuses, suspended, suspensions }: CooperativeRow): boolean {
  const isKnown = durum === '' || statuses.some((one) => one.durum === durum);
  return isKnown && suspended === suspensions.some(({ to }) => to === null);
}

function digestOfRow(row: CooperativeRow, isWhole: boolean): string {
  const { version: number, suspended, durum, il, ministry, statuses, successor, suspensions } = row;
  const ids = (row.seats ?? []).map(({ id }) => id);
  const version = Number(number);
  return isWhole
    ? digestOf([...recordTexts({ version, il, ministry, statuses, successor, suspensions }), ...ids])
    : digestOf([version, suspended, durum, il, ministry, ...ids]);
}

function recordTexts(one: {
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

function seatDigest(seat: Omit<SeatJson, 'tag'>): string {
  const { id, role, startsOn, endsOn, registeredOn, goneOn, source } = seat;
  const { state, representation, gazette, actsFor, appointment } = seat;
  const days = [startsOn, endsOn, registeredOn, goneOn];
  return digestOf([id, role, days, source, state, representation, gazette, actsFor, appointment]);
}

function oldSeatDigest(seat: Pick<SeatJson, 'id' | 'role' | 'startsOn' | 'endsOn' | 'registeredOn'>): string {
  const { id, role, startsOn, endsOn, registeredOn } = seat;
  return digestOf([id, role, startsOn, endsOn, registeredOn]);
}

function digestOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64');
}
