import type { Queryable } from '../../storage/database.js';

/** A ministry's representative at an assembly of a cooperative. `tag`: the person's, hex. */
export interface Representative {
  readonly roleId: string;
  readonly tag: string;
  readonly startsOn: string;
  readonly endsOn: string;
}

const SELECT = `SELECT role_id AS "roleId", encode(person_tag, 'hex') AS tag, starts_on::text AS "startsOn", ends_on::text AS "endsOn"
  FROM bridge.authority_role
  WHERE mersis_no = $1 AND role = 'ministry-representative' AND ends_on > $2::date ORDER BY starts_on, role_id LIMIT 50`;

/** Representatives whose assembly is on or still ahead of `today`. Errors: those of `Queryable`. */
export async function readRepresentatives(
  db: Queryable,
  mersisNo: string,
  today: string,
): Promise<readonly Representative[]> {
  return (await db.query<Representative>({ text: SELECT, values: [mersisNo, today] })).rows;
}
