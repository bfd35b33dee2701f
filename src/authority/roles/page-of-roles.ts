import { z } from 'zod';
import type { Queryable } from '../../storage/database.js';
import type { Ministry } from '../facts.js';
import type { NamedRole } from './role-list.js';

/** Which roles somebody may look at: all, those of some ministries, representatives of some directorates' cooperatives. */
export interface RoleScope {
  readonly all: boolean;
  readonly ministries: readonly Ministry[];
  readonly areas: readonly { readonly ministry: Ministry; readonly il: string }[];
}

/** A role that stands in the table. `tag`: whose it is, hex; it leaves the house to nobody. */
export interface StandingRole extends Omit<NamedRole, 'role'> {
  readonly roleId: string;
  readonly tag: string;
  readonly role: string;
  readonly source: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A page, in the order of role, ministry, il, cooperative. `next`: where the next one begins; null: there is none. */
export interface PageOfRoles {
  readonly roles: readonly StandingRole[];
  readonly next: string | null;
}

/** What a page is of. `after`: `next` of the page before, '' for the first. */
export interface RolePageWish {
  readonly scope: RoleScope;
  readonly name: string | null;
  readonly after: string;
  readonly limit: number;
}

// As its index has it: iller in the order of the Turkish alphabet.
const PLACE = `r.role, coalesce(r.ministry, ''), bridge.name_key(coalesce(r.il, '')) COLLATE "C", coalesce(r.mersis_no, ''), r.role_id`;
const ROWS = `SELECT r.role_id AS "roleId", encode(r.person_tag, 'hex') AS tag, r.role, r.ministry, r.il, r.mersis_no AS "mersisNo",
    r.source, r.starts_on::text AS "from", r.ends_on::text AS "to"
  FROM bridge.authority_role r LEFT JOIN bridge.authority_cooperative c USING (mersis_no)
  WHERE ($1::boolean OR coalesce(r.ministry, c.ilgili_bakanlik) = ANY($2::text[])
    OR (r.role = 'ministry-representative' AND EXISTS (SELECT 1 FROM unnest($3::text[], $4::text[]) AS a(ministry, il)
      WHERE a.ministry = c.ilgili_bakanlik AND a.il = c.il)))`;
const PAGE = `${ROWS} AND ($5::text IS NULL OR r.role = $5) AND (${PLACE}) > ($6, $7, bridge.name_key($8) COLLATE "C", $9, $10::uuid) ORDER BY ${PLACE} LIMIT $11`;
const ONE = `${ROWS} AND r.role_id = $5`;

const FIRST = ['', '', '', '', '00000000-0000-0000-0000-000000000000'] as const;
// PostgreSQL throws on a NUL.
const part = z
  .string()
  .max(200)
  .regex(/^[^\0]*$/);
const placeSchema = z.tuple([part, part, part, part, z.uuid()]);

/** A page of the roles that `scope` reaches; what is no place of ours begins from the first. Errors: those of `Queryable`. */
export async function readPageOfRoles(
  db: Queryable,
  { after, limit, name, scope }: RolePageWish,
): Promise<PageOfRoles> {
  const values = [...scopeValues(scope), name, ...(placeOf(after) ?? FIRST), limit + 1];
  const { rows } = await db.query<StandingRole>({ text: PAGE, values });
  const roles = rows.slice(0, limit);
  const last = rows.length > limit ? roles.at(-1) : undefined;
  return { roles, next: last === undefined ? null : cursorOf(last) };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** One role that `scope` reaches; null where there is none of this id. Errors: those of `Queryable`. */
export async function findStandingRole(
  db: Queryable,
  scope: RoleScope,
  roleId: string,
): Promise<StandingRole | null> {
  if (!UUID.test(roleId)) return null;
  const { rows } = await db.query<StandingRole>({ text: ONE, values: [...scopeValues(scope), roleId] });
  return rows[0] ?? null;
}

function scopeValues({ all, areas, ministries }: RoleScope): readonly unknown[] {
  return [all, ministries, areas.map(({ ministry }) => ministry), areas.map(({ il }) => il)];
}

function cursorOf({ il, mersisNo, ministry, role, roleId }: StandingRole): string {
  const place = [role, ministry ?? '', il ?? '', mersisNo ?? '', roleId];
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function placeOf(cursor: string): z.output<typeof placeSchema> | null {
  try {
    return placeSchema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))).data ?? null;
  } catch {
    // No JSON: nobody's cursor.
    return null;
  }
}
