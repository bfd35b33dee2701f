import { FoundDifference } from '../audit/check/difference.js';
import { type HeldRole, requireHolders } from './check-holders.js';
import { holdVersions } from './check-versions.js';
import type { StatusSpan, Suspension } from './record.js';
import { digestOf, oldSeatDigest, recordTexts, type SeatJson, seatDigest } from './record-digests.js';
import type { Comparison, ToldRecords, ToldSeat } from './told-records.js';

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
  vkn: string | null;
  read_at: Date;
  as_of: Date | null;
  leaf_index: bigint | null;
  seats: SeatRow[] | null;
}

/** `leaf`: of the entry that told of it last, as the row has it. */
interface SeatRow extends SeatJson {
  readonly leaf: number | null;
}

/** So far may the clock of an instance be ahead. */
const MAX_AHEAD_MS = 600_000;

/** Cooperatives read at once, with their seats. */
const CHUNK = 1_000;
const COOPERATIVES = `SELECT c.mersis_no, c.version, c.suspended_by IS NOT NULL AS suspended, c.durum, c.il, c.ilgili_bakanlik AS ministry,
    c.statuses, c.successor, c.suspensions, c.vkn, c.read_at, c.as_of, c.leaf_index,
    (SELECT json_agg(json_build_object('id', s.seat_id, 'tag', encode(s.person_tag, 'hex'), 'role', s.role, 'startsOn', s.starts_on,
        'endsOn', s.ends_on, 'registeredOn', s.registered_on, 'goneOn', s.gone_on, 'source', s.source, 'state', s.state,
        'representation', s.representation, 'gazette', s.gazette, 'actsFor', s.acts_for, 'appointment', s.appointment_id, 'leaf', s.leaf_index)
        ORDER BY s.seat_id)
      FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no) AS seats
  FROM bridge.authority_cooperative c WHERE c.mersis_no > $1 ORDER BY c.mersis_no LIMIT ${CHUNK}`;
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
 * version what its entry said. Throws `FoundDifference`.
 */
export async function holdRecords(comparison: Comparison): Promise<HeldRecords> {
  const { tx, check, keys, told } = comparison;
  const counts = { cooperatives: 0, seats: 0, unknown: 0, closed: 0 };
  const tags = new Map<string, string>();
  for (let after = ''; ; ) {
    const { rows } = await tx.query<CooperativeRow>({ text: COOPERATIVES, values: [after] });
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.mersis_no;
    for (const row of rows) {
      counts.cooperatives += 1;
      if (!holdCooperative(row, comparison)) counts.unknown += 1;
    }
    const held: HeldRole[] = [];
    for (const seat of rows.flatMap(({ seats }) => seats ?? [])) {
      counts.seats += 1;
      tags.set(seat.id, seat.tag);
      const entry = holdSeat(seat, comparison);
      if (entry === undefined) continue;
      const { holder } = entry;
      if (holder?.number === undefined) counts.closed += 1;
      else held.push({ roleId: seat.id, tag: Buffer.from(seat.tag, 'hex'), holders: [holder] });
    }
    counts.closed += await requireHolders(tx, check, keys, held, 'seat');
  }
  requireNoneGone(told, check);
  return { ...counts, versions: await holdVersions(comparison, tags) };
}

/** False where no entry is at hand that could tell of it. */
function holdCooperative(row: CooperativeRow, { check, told, isWhole, now }: Comparison): boolean {
  const { mersis_no: cooperative } = row;
  // The VKN stands inside the MERSİS number.
  if (row.vkn !== null && row.vkn !== cooperative.slice(1, 11))
    throw new FoundDifference(check, `cooperative ${cooperative} has the VKN of another one`);
  const latest = now.getTime() + MAX_AHEAD_MS;
  if (row.read_at.getTime() > latest || (row.as_of?.getTime() ?? 0) > latest)
    throw new FoundDifference(check, `cooperative ${cooperative} was read at a time that has not come`);
  const entry = told.cooperatives.get(cooperative);
  told.cooperatives.delete(cooperative);
  if (entry === undefined) {
    if (isWhole) throw new FoundDifference(check, `no entry tells of cooperative ${cooperative}`);
    return false;
  }
  const { digest, isOfNewForm, leaf } = entry;
  if (digest !== digestOfRow(row, isOfNewForm))
    throw new FoundDifference(
      check,
      `cooperative ${cooperative} or its seats are not what the log said last`,
      leaf,
    );
  if (row.leaf_index !== null && row.leaf_index !== leaf)
    throw new FoundDifference(check, `cooperative ${cooperative} names another entry than its last`, leaf);
  if (isOfNewForm && !isTakenFromLists(row))
    throw new FoundDifference(
      check,
      `status or suspension of cooperative ${cooperative} is not what the log said last`,
      leaf,
    );
  return true;
}

/** What the last entry about a seat told. Undefined where no entry is at hand that could tell of it. */
function holdSeat(seat: SeatRow, { check, told, isWhole }: Comparison): ToldSeat | undefined {
  const entry = told.seats.get(seat.id);
  told.seats.delete(seat.id);
  if (entry === undefined) {
    if (isWhole) throw new FoundDifference(check, `no entry tells of seat ${seat.id}`);
    return undefined;
  }
  if (entry.digest !== (entry.holder === null ? oldSeatDigest(seat) : seatDigest(seat)))
    throw new FoundDifference(check, `seat ${seat.id} is not what the log said last`, entry.leaf);
  if (seat.leaf !== null && BigInt(seat.leaf) !== entry.leaf)
    throw new FoundDifference(check, `seat ${seat.id} names another entry than its last`, entry.leaf);
  return entry;
}

function requireNoneGone({ cooperatives, seats }: ToldRecords, check: string): void {
  for (const [cooperative, { leaf }] of cooperatives)
    throw new FoundDifference(check, `cooperative ${cooperative} is gone from the tables`, leaf);
  // Seats of the older form went with their rows.
  for (const [seat, { leaf, holder }] of seats)
    if (holder !== null) throw new FoundDifference(check, `seat ${seat} is gone from the tables`, leaf);
}

/** `durum` and `suspended_by` repeat, for today, what the lists say with their days. */
function isTakenFromLists({ durum, statuses, suspended, suspensions }: CooperativeRow): boolean {
  const isKnown = durum === '' || statuses.some((one) => one.durum === durum);
  return isKnown && suspended === suspensions.some(({ to }) => to === null);
}

function digestOfRow(row: CooperativeRow, isOfNewForm: boolean): string {
  const { version: number, suspended, durum, il, ministry, statuses, successor, suspensions } = row;
  const ids = (row.seats ?? []).map(({ id }) => id);
  const version = Number(number);
  return isOfNewForm
    ? digestOf([...recordTexts({ version, il, ministry, statuses, successor, suspensions }), ...ids])
    : digestOf([version, suspended, durum, il, ministry, ...ids]);
}
