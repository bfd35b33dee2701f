import type { Transaction } from '../storage/database.js';
import type { AuthorityFacts, CooperativeFacts, Ministry, Seat, SeatRole, StaffRole } from './facts.js';

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

interface Row {
  n: number;
  il: string | null;
  ilgili_bakanlik: Ministry;
  durum: string;
  suspended: boolean;
  version: bigint;
  read_at: Date;
  seats:
    | { id: string; role: SeatRole; starts: string; ends: string | null; registered: string | null }[]
    | null;
  roles: RoleOfRow[] | null;
}

const SELECT = `SELECT a.n::int AS n, c.il, c.ilgili_bakanlik, c.durum, c.suspended_by IS NOT NULL AS suspended, c.version, c.read_at,
    (SELECT json_agg(json_build_object('id', s.seat_id, 'role', s.role, 'starts', s.starts_on, 'ends', s.ends_on,
        'registered', s.registered_on) ORDER BY s.seat_id)
      FROM bridge.authority_seat s WHERE s.person_tag = a.tag AND s.mersis_no = a.mersis_no) AS seats,
    (SELECT json_agg(json_build_object('id', r.role_id, 'role', r.role, 'ministry', r.ministry, 'il', r.il,
        'mersis', r.mersis_no, 'starts', r.starts_on, 'ends', r.ends_on) ORDER BY r.role_id)
      FROM bridge.authority_role r WHERE r.person_tag = a.tag) AS roles
  FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY AS a(tag, mersis_no, n)
  LEFT JOIN bridge.authority_cooperative c ON c.mersis_no = a.mersis_no`;

/** What is known for each of `asked`, in their order, in one reading inside the batch's transaction. */
export async function readAuthority(
  tx: Transaction,
  asked: readonly AskedAuthority[],
): Promise<readonly AuthorityFacts[]> {
  if (asked.length === 0) return [];
  const values = [asked.map((one) => one.tag), asked.map((one) => one.mersisNo)];
  const { rows } = await tx.query<Row>({ name: 'authority-facts', text: SELECT, values });
  const facts: AuthorityFacts[] = asked.map(() => ({ cooperative: null, seats: [], roles: [] }));
  for (const row of rows) {
    const { mersisNo } = asked[row.n - 1] as AskedAuthority;
    facts[row.n - 1] = {
      cooperative: row.il === null ? null : cooperativeOf(row, row.il, mersisNo),
      seats: (row.seats ?? []).map(seatOf),
      roles: (row.roles ?? []).map(roleOf),
    };
  }
  return facts;
}

function cooperativeOf(row: Row, il: string, mersisNo: string): CooperativeFacts {
  return {
    mersisNo,
    il,
    ilgiliBakanlik: row.ilgili_bakanlik,
    durum: row.durum,
    suspended: row.suspended,
    version: Number(row.version),
    readAt: row.read_at,
  };
}

function seatOf(row: NonNullable<Row['seats']>[number]): Seat {
  return {
    seatId: row.id,
    role: row.role,
    startsOn: row.starts,
    endsOn: row.ends,
    registeredOn: row.registered,
  };
}

function roleOf(row: RoleOfRow): StaffRole {
  const { id: roleId, role, ministry, il, mersis: mersisNo, starts: startsOn, ends: endsOn } = row;
  return { roleId, role, ministry, il, mersisNo, startsOn, endsOn };
}
