import type { Database, Transaction } from '../../storage/database.js';
import type { Ministry, StaffRole } from '../facts.js';
import { readRecords } from '../recording/records.js';
import { compacted, type SharedTexts } from './compact.js';
import { KeptCooperative } from './kept-cooperative.js';
import { goesOnFrom, type Head, readHead } from './read-head.js';

/** What is new since a head, all of one snapshot. */
export interface AuthorityChanges {
  readonly head: Head;
  /** True where it is everything, in place of whatever was known. */
  readonly isWhole: boolean;
  readonly cooperatives: ReadonlyMap<string, KeptCooperative>;
  /** Null where no role has changed. */
  readonly roles: ReadonlyMap<string, readonly StaffRole[]> | null;
}

/** Cooperatives read at once, with their seats: a fifth of a second's work of the server at the most, and some ms of ours. */
const PAGE = 500;
const ROLES_PAGE = 5_000;
/** One snapshot: cooperatives, seats and roles of one version. */
const SNAPSHOT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';

const CHANGED = `SELECT mersis_no FROM bridge.authority_cooperative WHERE changed_at_version > $2 AND mersis_no > $1
  ORDER BY mersis_no LIMIT ${PAGE}`;
const ALL = `SELECT mersis_no FROM bridge.authority_cooperative WHERE mersis_no > $1 ORDER BY mersis_no LIMIT ${PAGE}`;
const ROLES = `SELECT role_id AS "roleId", encode(person_tag, 'hex') AS tag, role, ministry, il, mersis_no AS "mersisNo",
    starts_on AS "startsOn", ends_on AS "endsOn"
  FROM bridge.authority_role WHERE role_id > $1 ORDER BY role_id LIMIT ${ROLES_PAGE}`;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * What has changed since `known`; everything where nothing is known, or where the tables did not go on from it. `beforeWhole` is called
 * in front of a whole reading: what is held until then need not be held beside it. Errors: those of `Database`.
 */
export function readChanges(
  db: Database,
  known: Head | null,
  texts: SharedTexts,
  beforeWhole: () => void,
): Promise<AuthorityChanges> {
  return db.transaction(
    async (tx) => {
      const head = await readHead(tx);
      const from = known !== null && goesOnFrom(known, head) ? known : null;
      if (from === null) beforeWhole();
      return {
        head,
        isWhole: from === null,
        cooperatives: await readCooperatives(tx, from?.version ?? null, texts),
        roles: from === null || head.rolesVersion > from.rolesVersion ? await readRoles(tx, texts) : null,
      };
    },
    { begin: SNAPSHOT },
  );
}

async function readCooperatives(
  tx: Transaction,
  after: bigint | null,
  texts: SharedTexts,
): Promise<ReadonlyMap<string, KeptCooperative>> {
  const all = new Map<string, KeptCooperative>();
  let last = '';
  // Ends: keys rise, and in one snapshot they are finite.
  for (;;) {
    const query = after === null ? { text: ALL, values: [last] } : { text: CHANGED, values: [last, after] };
    const { rows } = await tx.query<{ mersis_no: string }>(query);
    const numbers = rows.map((row) => row.mersis_no);
    for (const [mersisNo, { record, version, readAt, asOf, leaf }] of await readRecords(tx, numbers)) {
      const kept = { record: compacted(record, texts), version, readAt, asOf, leaf };
      all.set(mersisNo, new KeptCooperative(kept));
    }
    if (numbers.length < PAGE) return all;
    last = numbers.at(-1) as string;
  }
}

interface RoleRow {
  roleId: string;
  tag: string;
  role: string;
  ministry: Ministry | null;
  il: string | null;
  mersisNo: string | null;
  startsOn: string | null;
  endsOn: string | null;
}

/** Roles are some thousands: all of them, in the order of their ids. */
async function readRoles(
  tx: Transaction,
  texts: SharedTexts,
): Promise<ReadonlyMap<string, readonly StaffRole[]>> {
  const all = new Map<string, StaffRole[]>();
  let last = FIRST_ID;
  for (;;) {
    const { rows } = await tx.query<RoleRow>({ text: ROLES, values: [last] });
    for (const { tag, ...row } of rows) {
      const role = { ...row, role: texts.share(row.role), il: texts.share(row.il) };
      const others = all.get(tag);
      if (others === undefined) all.set(tag, [role]);
      else others.push(role);
    }
    if (rows.length < ROLES_PAGE) return all;
    last = (rows.at(-1) as RoleRow).roleId;
  }
}
