import type { Queryable } from '../../storage/database.js';
import type { Ministry } from '../facts.js';
import { formatRole } from './role-list.js';

/** A role as a list shows it: nobody's number, and `person` only to see which rows of this list are one person's. */
export interface ListedRole {
  readonly roleId: string;
  /** In the notation of `parseRole`. */
  readonly role: string;
  readonly person: number;
  readonly source: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Which roles: of one ministry alone (its representatives are those sent to its cooperatives), of one name. */
export interface ListedBy {
  readonly ministry: Ministry | null;
  readonly name: string | null;
}

interface Row {
  roleId: string;
  tag: string;
  role: string;
  ministry: Ministry | null;
  il: string | null;
  mersisNo: string | null;
  source: string;
  from: string | null;
  to: string | null;
}

/** Every directorate with fifty users each is below it. */
export const MAX_LISTED = 20_000;

const SELECT = `SELECT r.role_id AS "roleId", encode(r.person_tag, 'hex') AS tag, r.role, r.ministry, r.il,
    r.mersis_no AS "mersisNo", r.source, r.starts_on::text AS "from", r.ends_on::text AS "to"
  FROM bridge.authority_role r LEFT JOIN bridge.authority_cooperative c USING (mersis_no)
  WHERE ($1::text IS NULL OR coalesce(r.ministry, c.ilgili_bakanlik) = $1) AND ($2::text IS NULL OR r.role = $2)
  ORDER BY r.role, r.ministry, r.il, r.mersis_no, r.role_id LIMIT ${MAX_LISTED}`;

/** The roles that stand in the table, those that are over included until somebody revokes them; at most `MAX_LISTED`. */
export async function listRoles(db: Queryable, by: ListedBy): Promise<readonly ListedRole[]> {
  const { rows } = await db.query<Row>({ text: SELECT, values: [by.ministry, by.name] });
  const people = new Map<string, number>();
  return rows.map(({ tag, roleId, source, from, to, ...role }) => {
    const person = people.get(tag) ?? people.size + 1;
    people.set(tag, person);
    return { roleId, role: formatRole(role), person, source, from, to };
  });
}
