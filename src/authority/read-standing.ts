import type { Queryable } from '../storage/database.js';
import { type NotInForceReason, whyNotToday } from './decide.js';
import type { Ministry, Seat, SeatRole } from './facts.js';
import { isSuspendedOn, type StatusSpan, type Suspension, statusOn } from './record.js';

/** Who a person is for the bridge: what a page tells that person about themselves. */
export interface Standing {
  /** `inForce`: gives authority today, as far as that does not hang on the age of the last reading; `why` not, else null. */
  readonly seats: readonly {
    readonly role: SeatRole;
    readonly mersisNo: string;
    readonly unvan: string;
    readonly inForce: boolean;
    readonly why: NotInForceReason | null;
  }[];
  /** Those that are not over. */
  readonly roles: readonly {
    readonly role: string;
    readonly ministry: Ministry | null;
    readonly il: string | null;
    readonly mersisNo: string | null;
  }[];
}

interface SeatRow {
  seat_id: string;
  role: SeatRole;
  mersis_no: string;
  unvan: string;
  starts_on: string;
  ends_on: string | null;
  registered_on: string | null;
  gone_on: string | null;
  suspended_by: string | null;
  suspensions: Suspension[];
  statuses: StatusSpan[];
  durum: string;
  under_trustee: boolean;
}

/** Nobody sits at so many; a page shows no more. */
const MAX_SHOWN = 200;

const SEATS = `SELECT s.seat_id, s.role, s.mersis_no, c.unvan, s.starts_on::text AS starts_on, s.ends_on::text AS ends_on,
    s.registered_on::text AS registered_on, s.gone_on::text AS gone_on, c.suspended_by, c.suspensions, c.statuses, c.durum,
    EXISTS (SELECT 1 FROM bridge.authority_seat t WHERE t.mersis_no = s.mersis_no AND t.role = 'trustee'
      AND t.registered_on <= $2::date AND t.starts_on <= $2::date AND (t.ends_on IS NULL OR t.ends_on > $2::date)
      AND (t.gone_on IS NULL OR t.gone_on > $2::date)) AS under_trustee
  FROM bridge.authority_seat s JOIN bridge.authority_cooperative c USING (mersis_no)
  WHERE s.person_tag = $1 ORDER BY s.starts_on DESC, s.seat_id LIMIT ${MAX_SHOWN}`;
const ROLES = `SELECT role, ministry, il, mersis_no AS "mersisNo" FROM bridge.authority_role
  WHERE person_tag = $1 AND (ends_on IS NULL OR ends_on > $2::date) ORDER BY role, role_id LIMIT ${MAX_SHOWN}`;

/**
 * Every seat and role of the person behind `tag` (domain `authority`), the newest seats first; `today` is the day in Europe/Istanbul.
 * Both empty: nobody to us. Errors of `Queryable`.
 */
export async function readStanding(db: Queryable, tag: Buffer, today: string): Promise<Standing> {
  const seats = await db.query<SeatRow>({ text: SEATS, values: [tag, today] });
  const roles = await db.query<Standing['roles'][number]>({ text: ROLES, values: [tag, today] });
  return {
    seats: seats.rows.map((row) => {
      const why = whyNotToday(seatOf(row), stateOf(row, today), today);
      return { role: row.role, mersisNo: row.mersis_no, unvan: row.unvan, inForce: why === null, why };
    }),
    roles: roles.rows,
  };
}

function seatOf(row: SeatRow): Seat {
  return {
    seatId: row.seat_id,
    role: row.role,
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    registeredOn: row.registered_on,
    goneOn: row.gone_on,
  };
}

function stateOf({ statuses, suspensions, suspended_by, durum, under_trustee }: SeatRow, today: string) {
  return {
    durum: statuses.length === 0 ? durum : statusOn({ statuses }, today),
    suspended: isSuspendedOn({ suspensions }, today) || (suspended_by !== null && suspensions.length === 0),
    underTrustee: under_trustee,
  };
}
