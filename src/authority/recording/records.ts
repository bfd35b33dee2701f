import type { Queryable, Transaction } from '../../storage/database.js';
import type { Ministry, SeatRole } from '../facts.js';
import type { CooperativeRecord, RecordedSeat, SeatSource, StatusSpan, Suspension } from '../record.js';
import type { HeldRecord } from './port.js';

interface SeatJson {
  readonly id: string;
  readonly tag: string;
  readonly role: SeatRole;
  readonly starts: string;
  readonly ends: string | null;
  readonly registered: string | null;
  readonly gone: string | null;
  readonly source: SeatSource;
  readonly state: string | null;
  readonly representation: string | null;
  readonly gazette: string | null;
  readonly actsFor: string | null;
  readonly appointment: string | null;
  readonly told: boolean;
}

interface Row {
  mersis_no: string;
  vkn: string | null;
  unvan: string;
  tur: string;
  kanun: string;
  seviye: string;
  il: string;
  ilgili_bakanlik: Ministry;
  durum: string;
  statuses: StatusSpan[];
  successor: string | null;
  suspended_by: string | null;
  suspensions: Suspension[];
  version: bigint;
  read_at: Date;
  as_of: Date | null;
  leaf_index: bigint | null;
  seats: SeatJson[] | null;
}

/** Whoever changes who may act takes this first: changes have one order, and their events one row of numbers. */
const LOCK_HEAD = 'SELECT version FROM bridge.authority_head FOR UPDATE';
const SELECT = `SELECT c.mersis_no, c.vkn, c.unvan, c.tur, c.kanun, c.seviye, c.il, c.ilgili_bakanlik, c.durum, c.statuses, c.successor,
    c.suspended_by, c.suspensions, c.version, c.read_at, c.as_of, c.leaf_index,
    (SELECT json_agg(json_build_object('id', s.seat_id, 'tag', encode(s.person_tag, 'hex'), 'role', s.role, 'starts', s.starts_on,
        'ends', s.ends_on, 'registered', s.registered_on, 'gone', s.gone_on, 'source', s.source, 'state', s.state,
        'representation', s.representation, 'gazette', s.gazette, 'actsFor', s.acts_for, 'appointment', s.appointment_id,
        'told', s.told) ORDER BY s.seat_id)
      FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no) AS seats
  FROM bridge.authority_cooperative c WHERE c.mersis_no = ANY($1::text[]) ORDER BY c.mersis_no`;

/** Before statuses were kept with their days. */
const EVER = '0001-01-01';

/** Takes the lock that every change of who may act holds. */
export async function lockHead(tx: Transaction): Promise<void> {
  await tx.query({ name: 'authority-lock-head', text: LOCK_HEAD });
}

/**
 * Cooperatives as they stand, locked until the transaction ends: first the head, then their rows in key order; seats are locked by
 * their cooperative. Unknown ones are absent. For the `settle` of exclusive lanes.
 */
export async function lockRecords(
  tx: Transaction,
  mersisNos: readonly string[],
): Promise<ReadonlyMap<string, HeldRecord>> {
  await lockHead(tx);
  const query = { name: 'authority-lock-records', text: `${SELECT} FOR UPDATE OF c`, values: [mersisNos] };
  const { rows } = await tx.query<Row>(query);
  return new Map(rows.map((row) => [row.mersis_no, heldOf(row)]));
}

/** The same without locks. Errors: those of `Queryable`. */
export async function readRecords(
  db: Queryable,
  mersisNos: readonly string[],
): Promise<ReadonlyMap<string, HeldRecord>> {
  const { rows } = await db.query<Row>({ text: SELECT, values: [mersisNos] });
  return new Map(rows.map((row) => [row.mersis_no, heldOf(row)]));
}

function heldOf(row: Row): HeldRecord {
  const seats = row.seats ?? [];
  return {
    record: recordOf(row, seats),
    version: Number(row.version),
    readAt: row.read_at,
    asOf: row.as_of,
    leaf: row.leaf_index,
    told: new Set(seats.filter(({ told }) => told).map(({ id }) => id)),
  };
}

function recordOf(row: Row, seats: readonly SeatJson[]): CooperativeRecord {
  const { mersis_no: mersisNo, vkn, unvan, tur, kanun, seviye, il, successor, durum } = row;
  return {
    mersisNo,
    vkn,
    unvan,
    tur,
    kanun,
    seviye,
    il,
    ilgiliBakanlik: row.ilgili_bakanlik,
    statuses: row.statuses.length === 0 ? [{ durum, since: EVER }] : row.statuses,
    successor,
    suspensions: suspensionsOf(row),
    seats: seats.map(seatOf),
  };
}

/** A suspension from before their days were kept stands open. */
function suspensionsOf({ suspended_by: decisionNo, suspensions }: Row): readonly Suspension[] {
  if (decisionNo === null || suspensions.some(({ to }) => to === null)) return suspensions;
  return [...suspensions, { decisionNo, decidedOn: EVER, from: EVER, to: null }];
}

function seatOf(json: SeatJson): RecordedSeat {
  const { id: seatId, starts: startsOn, ends: endsOn, registered: registeredOn, gone: goneOn } = json;
  const { tag, role, source, state, representation, gazette, actsFor, appointment } = json;
  return {
    seatId,
    role,
    startsOn,
    endsOn,
    registeredOn,
    goneOn,
    tag,
    source,
    state,
    representation,
    gazette,
    actsFor,
    appointment,
  };
}
