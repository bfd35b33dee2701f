import type { Queryable } from '../storage/database.js';
import { type FeedEnds, type GrantData, readEnds } from './feed.js';

/** A seat or role that is in force, as far as the feed has told. */
interface Grant extends GrantData {
  readonly basis: string;
  readonly tag: Buffer;
  readonly mersisNo: string | null;
  readonly leaf: bigint | null;
}

/** Where a snapshot stands: seats come first, then roles, each in the order of their ids; behind `after`, null: from the first. */
export interface SnapshotPlace {
  /** The feed's last position when the snapshot was begun. */
  readonly position: bigint;
  readonly part: 'seats' | 'roles';
  readonly after: string | null;
}

/** A page. `next` null: it was the last one. */
export interface SnapshotPage {
  readonly grants: readonly Grant[];
  readonly position: bigint;
  readonly ends: FeedEnds;
  readonly next: SnapshotPlace | null;
}

// `told`: the feed has said that it is in force and has not yet said that it is lost. It changes in the transaction that writes the
// event, so that rows and positions tell the same.
const SEATS = `SELECT s.seat_id AS basis, s.person_tag AS tag, s.mersis_no AS "mersisNo", s.role, c.ilgili_bakanlik AS ministry, c.il,
    s.starts_on::text AS "from", s.ends_on::text AS "to", s.registered_on::text AS "registeredOn", s.leaf_index AS leaf
  FROM bridge.authority_seat s JOIN bridge.authority_cooperative c USING (mersis_no)
  WHERE s.told AND ($1::uuid IS NULL OR s.seat_id > $1) ORDER BY s.seat_id LIMIT $2`;
const ROLES = `SELECT role_id AS basis, person_tag AS tag, mersis_no AS "mersisNo", role, ministry, il, starts_on::text AS "from",
    ends_on::text AS "to", NULL AS "registeredOn", NULL::bigint AS leaf
  FROM bridge.authority_role WHERE told AND ($1::uuid IS NULL OR role_id > $1) ORDER BY role_id LIMIT $2`;
const PARTS = { seats: SEATS, roles: ROLES } as const;

/**
 * A page of everything in force; `place` null begins a snapshot. The pages are read one after the other while rights change; every
 * change behind `position` stands in the feed too, and applying it twice does no harm: with all pages, and then the feed behind
 * `position`, a client has what is in force. Errors: those of `Queryable`.
 */
export async function readSnapshot(
  db: Queryable,
  place: SnapshotPlace | null,
  limit: number,
): Promise<SnapshotPage> {
  // Read in front of the rows: what changes in between is in the rows already and comes in the feed once more.
  const ends = await readEnds(db);
  const { position, part, after } = place ?? { position: ends.last, part: 'seats', after: null };
  const { rows: grants } = await db.query<Grant>({ text: PARTS[part], values: [after, limit] });
  const last = grants.length < limit ? undefined : grants.at(-1);
  const next: SnapshotPlace | null =
    last !== undefined
      ? { position, part, after: last.basis }
      : part === 'seats'
        ? { position, part: 'roles', after: null }
        : null;
  return { grants, position, ends, next };
}
