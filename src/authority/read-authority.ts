import type { Transaction } from '../storage/database.js';
import type { AuthorityFacts, CooperativeFacts, Ministry, Seat, SeatRole, StaffRole } from './facts.js';
import { isSuspendedOn, type StatusSpan, type Suspension, statusOn } from './record.js';

/** About whom, at which cooperative. `tag`: the person's tag in the domain `authority`. */
export interface AskedAuthority {
  readonly tag: Buffer;
  readonly mersisNo: string;
}

interface RoleOfRow {
  id: string;
  role: string;
  ministry: Ministry | null;
  il: string | null;
  mersis: string | null;
  starts: string | null;
  ends: string | null;
}

interface SeatOfRow {
  id: string;
  role: SeatRole;
  starts: string;
  ends: string | null;
  registered: string | null;
  gone: string | null;
}

interface Row {
  n: number;
  il: string | null;
  ilgili_bakanlik: Ministry;
  durum: string;
  statuses: StatusSpan[];
  suspended_by: string | null;
  suspensions: Suspension[];
  successor: string | null;
  under_trustee: boolean;
  has_board: boolean;
  version: bigint;
  read_at: Date;
  seats: SeatOfRow[] | null;
  roles: RoleOfRow[] | null;
}

/** A merger of mergers of mergers: further than anybody has been seen to go, and an end for circles. */
export const MAX_MERGERS = 5;
export const MERGED = 'birleşme';

const RUNS = `s.registered_on <= $3::date AND s.starts_on <= $3::date AND (s.ends_on IS NULL OR s.ends_on > $3::date)
    AND (s.gone_on IS NULL OR s.gone_on > $3::date)`;
const SELECT = `SELECT a.n::int AS n, c.il, c.ilgili_bakanlik, c.durum, c.statuses, c.suspended_by, c.suspensions, c.successor, c.version,
    c.read_at,
    EXISTS (SELECT 1 FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no AND s.role = 'trustee' AND ${RUNS}) AS under_trustee,
    EXISTS (SELECT 1 FROM bridge.authority_seat s WHERE s.mersis_no = c.mersis_no AND s.role = 'board' AND ${RUNS}) AS has_board,
    (SELECT json_agg(json_build_object('id', s.seat_id, 'role', s.role, 'starts', s.starts_on, 'ends', s.ends_on,
        'registered', s.registered_on, 'gone', s.gone_on) ORDER BY s.seat_id)
      FROM bridge.authority_seat s WHERE s.person_tag = a.tag AND s.mersis_no = a.mersis_no) AS seats,
    (SELECT json_agg(json_build_object('id', r.role_id, 'role', r.role, 'ministry', r.ministry, 'il', r.il,
        'mersis', r.mersis_no, 'starts', r.starts_on, 'ends', r.ends_on) ORDER BY r.role_id)
      FROM bridge.authority_role r WHERE r.person_tag = a.tag) AS roles
  FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS a(tag, mersis_no, n)
  LEFT JOIN bridge.authority_cooperative c ON c.mersis_no = a.mersis_no`;

/**
 * What is known for each of `asked` on `day`, in their order, in one reading inside the batch's transaction; where a cooperative has
 * gone into another, the seats at that one.
 */
export async function readAuthority(
  tx: Transaction,
  asked: readonly AskedAuthority[],
  day: string,
): Promise<readonly AuthorityFacts[]> {
  const found = await readPlain(tx, asked, day);
  const facts = found.map(({ facts: own }) => own);
  let merged = found.flatMap(({ successor }, i) => (successor === null ? [] : [{ i, mersisNo: successor }]));
  for (let step = 0; merged.length > 0; step += 1) {
    const at = merged.map(({ i, mersisNo }) => ({ tag: (asked[i] as AskedAuthority).tag, mersisNo }));
    const there = step < MAX_MERGERS ? await readPlain(tx, at, day) : [];
    const next: typeof merged = [];
    merged.forEach(({ i }, k) => {
      const { facts: other, successor } = there[k] ?? NOWHERE;
      facts[i] = { ...(facts[i] as AuthorityFacts), seatedAt: other.cooperative, seats: other.seats };
      if (successor !== null) next.push({ i, mersisNo: successor });
    });
    merged = next;
  }
  return facts;
}

interface Plain {
  readonly facts: AuthorityFacts;
  /** Where a merged cooperative's seats are to be looked for. */
  readonly successor: string | null;
}

const NOTHING: AuthorityFacts = { cooperative: null, seatedAt: null, seats: [], roles: [] };
const NOWHERE: Plain = { facts: NOTHING, successor: null };

async function readPlain(
  tx: Transaction,
  asked: readonly AskedAuthority[],
  day: string,
): Promise<readonly Plain[]> {
  if (asked.length === 0) return [];
  const values = [asked.map((one) => one.tag), asked.map((one) => one.mersisNo), day];
  const { rows } = await tx.query<Row>({ name: 'authority-facts', text: SELECT, values });
  const plain: Plain[] = asked.map(() => NOWHERE);
  for (const row of rows) {
    const { mersisNo } = asked[row.n - 1] as AskedAuthority;
    const cooperative = row.il === null ? null : cooperativeOf(row, row.il, mersisNo, day);
    const facts: AuthorityFacts = {
      cooperative,
      seatedAt: cooperative,
      seats: (row.seats ?? []).map(seatOf),
      roles: (row.roles ?? []).map(roleOf),
    };
    plain[row.n - 1] = { facts, successor: cooperative?.durum === MERGED ? row.successor : null };
  }
  return plain;
}

function cooperativeOf(row: Row, il: string, mersisNo: string, day: string): CooperativeFacts {
  const { statuses, suspensions, suspended_by: suspendedBy } = row;
  return {
    mersisNo,
    il,
    ilgiliBakanlik: row.ilgili_bakanlik,
    // Rows from before statuses and suspensions were kept with their days.
    durum: statuses.length === 0 ? row.durum : statusOn({ statuses }, day),
    suspended: isSuspendedOn({ suspensions }, day) || (suspendedBy !== null && suspensions.length === 0),
    underTrustee: row.under_trustee,
    hasBoard: row.has_board,
    version: Number(row.version),
    readAt: row.read_at,
  };
}

function seatOf(row: SeatOfRow): Seat {
  const { id: seatId, role, starts, ends, registered, gone } = row;
  return { seatId, role, startsOn: starts, endsOn: ends, registeredOn: registered, goneOn: gone };
}

function roleOf(row: RoleOfRow): StaffRole {
  const { id: roleId, role, ministry, il, mersis: mersisNo, starts: startsOn, ends: endsOn } = row;
  return { roleId, role, ministry, il, mersisNo, startsOn, endsOn };
}
