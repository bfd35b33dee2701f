import type { Transaction } from '../../storage/database.js';
import { isOwnSeat } from '../decide.js';
import type { Ministry, SeatRole } from '../facts.js';
import { SECOND_PERSON_ROLES } from './grant-rules.js';
import { type HeldRole, type RoleWorld, seatKey } from './judge.js';

interface CooperativeRow {
  mersis_no: string;
  il: string;
  ministry: Ministry;
}

interface SeatRow {
  tag: string;
  mersis_no: string;
  role: SeatRole;
  ends_on: string | null;
  gone_on: string | null;
}

// In key order, as whatever else locks roles must: those of the persons concerned, and everybody who can grant or be the second.
const ROLES = `SELECT role_id AS "roleId", encode(person_tag, 'hex') AS tag, role, ministry, il, mersis_no AS "mersisNo",
    starts_on::text AS "from", ends_on::text AS "to"
  FROM bridge.authority_role WHERE person_tag = ANY($1::bytea[]) OR role = ANY($2::text[]) ORDER BY role_id FOR UPDATE`;
// Behind the roles. Seats are locked by their cooperative's row.
const COOPERATIVES = `SELECT mersis_no, il, ilgili_bakanlik AS ministry FROM bridge.authority_cooperative
  WHERE mersis_no = ANY($1::text[]) ORDER BY mersis_no FOR UPDATE`;
const SEATS = `SELECT encode(person_tag, 'hex') AS tag, mersis_no, role, ends_on::text AS ends_on,
    gone_on::text AS gone_on FROM bridge.authority_seat
  WHERE mersis_no = ANY($1::text[]) AND person_tag = ANY($2::bytea[])`;

/**
 * Locks and reads all that a decision on roles rests on: `tags` of the persons who decide and of those who get or lose a role, the
 * cooperatives of representatives. `today`: the day in Europe/Istanbul.
 */
export async function lockWorld(
  tx: Transaction,
  tags: readonly Buffer[],
  cooperatives: readonly string[],
  today: string,
): Promise<RoleWorld> {
  const roles = await tx.query<HeldRole>({ text: ROLES, values: [tags, SECOND_PERSON_ROLES] });
  const places = await tx.query<CooperativeRow>({ text: COOPERATIVES, values: [cooperatives] });
  const seats = await tx.query<SeatRow>({ text: SEATS, values: [cooperatives, tags] });
  return {
    roles: roles.rows,
    places: new Map(places.rows.map(({ mersis_no, il, ministry }) => [mersis_no, { il, ministry }])),
    seats: new Set(
      seats.rows
        .filter(({ role, ends_on: endsOn, gone_on: goneOn }) => isOwnSeat({ role, endsOn, goneOn }, today))
        .map(({ tag, mersis_no }) => seatKey(tag, mersis_no)),
    ),
    today,
  };
}
