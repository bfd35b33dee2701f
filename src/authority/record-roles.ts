import type { Appender } from '../audit/appender.js';
import { draftOf } from '../audit/draft.js';
import type { EntryDraft, PersonalValue } from '../audit/entry.js';
import type { Effect, EffectApplier, Lane, Settled } from '../audit/lane.js';
import { istanbulDay } from '../calendar/istanbul-day.js';
import type { KimlikNo } from '../person/kimlik-no.js';
import type { Transaction } from '../storage/database.js';
import type { Ministry, StaffRole } from './facts.js';
import { type AuthorityEvent, raiseVersion } from './recording/events.js';
import { findBereft } from './recording/find-bereft.js';
import type { Changes, RecordPorts } from './recording/port.js';
import { lockHead } from './recording/records.js';
import { forbiddenPair } from './roles/forbidden-pairs.js';

/** A role as a source gives it, bound to no days. `tag`: the person's tag in the domain `authority`. */
export interface RoleReading extends Pick<StaffRole, 'roleId' | 'role' | 'ministry' | 'il'> {
  readonly person: KimlikNo;
  readonly tag: Buffer;
}

/** Every role that the source knows, and numbers of persons (by hex of their tag) whose roles may be gone. */
export interface RolesReading {
  readonly roles: readonly RoleReading[];
  readonly people: ReadonlyMap<string, KimlikNo>;
  /** Closed word of what brought it, such as `registry`. */
  readonly source: string;
  readonly readAt: Date;
}

/** What a reading came to. `leftOut`: how many of its roles are not in force, since they must not meet with another of the person. */
export interface RolesRead {
  readonly leftOut: number;
}

/** What a reading compares. */
interface HeldRow {
  readonly source: string;
  readonly roleId: string;
  readonly tag: string;
  readonly role: string;
  readonly ministry: Ministry | null;
  readonly il: string | null;
}

/** A row of the table. `tag`: hex. */
export interface RoleRow extends StaffRole {
  readonly tag: string;
  readonly source: string;
}

/** Rows of roles that are new, and of those that are gone. A role never changes: another one has another id. */
export interface RecordedRoles extends Effect {
  readonly kind: 'roles-recorded';
  /** The first of the item's entries about roles: what events of it rest on. */
  readonly firstEntry: string;
  readonly granted: readonly RoleRow[];
  readonly revoked: readonly GoneRole[];
}

/** A role that is gone, as the feed tells it. */
type GoneRole = Pick<
  RoleRow,
  'roleId' | 'tag' | 'role' | 'ministry' | 'il' | 'mersisNo' | 'startsOn' | 'endsOn'
>;

const PATIENCE_MS = 30_000;
/** The source of what persons decided, which no reading may touch. */
export const DECISION = 'decision';

/** What happens in the same transaction in other rooms: with the last right goes the session. */
export type RolePorts = Pick<RecordPorts, 'endSessionsOf'>;

/** Exclusive: from its COMMIT on no intent rests on a role that is gone. It stands in its batch alone. */
function rolesLane(ports: RolePorts): Lane<RolesReading, RolesRead> {
  return {
    name: '5-roles',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, readings, now) => {
      await lockHead(tx);
      const standing = await lockHeld(tx, readings, istanbulDay(now));
      const settled: Settled<RolesRead>[] = [];
      for (const reading of readings) {
        const { revoked, ...one } = settleReading(reading, withoutPairs(reading, standing), standing);
        const sessions = await endSessionsWithout(tx, revoked, ports, now);
        settled.push(withChanges(one, sessions));
      }
      return settled;
    },
  };
}

/** Ends of the sessions of those who have nothing left once `revoked` are gone. */
export async function endSessionsWithout(
  tx: Transaction,
  revoked: readonly { readonly roleId: string; readonly tag: string }[],
  ports: RolePorts,
  now: Date,
): Promise<Changes> {
  const tags = revoked.map(({ tag }) => tag);
  const beside = { mersisNos: [], roleIds: revoked.map(({ roleId }) => roleId) };
  const bereft = await findBereft(tx, tags, beside, istanbulDay(now));
  return bereft.length === 0 ? { entries: [], effects: [] } : ports.endSessionsOf(tx, bereft, now);
}

/** An item with what other rooms do in its transaction behind it. */
function withChanges<R>(settled: Settled<R>, { entries, effects }: Changes): Settled<R> {
  return {
    ...settled,
    entries: [...settled.entries, ...entries],
    effects: [...settled.effects, ...effects],
  };
}

/** What persons decided stands, and what another source brought; then the reading's roles in their order. */
function withoutPairs({ roles, source }: RolesReading, standing: readonly HeldRow[]): readonly RoleReading[] {
  const held = new Map<string, string[]>();
  const rolesOf = (tag: string) => held.get(tag) ?? [];
  for (const { source: other, tag, role } of standing)
    if (other !== source) held.set(tag, [...rolesOf(tag), role]);
  return roles.filter(({ tag: bytes, role }) => {
    const tag = hex(bytes);
    if (rolesOf(tag).some((other) => forbiddenPair(other, role) !== null)) return false;
    held.set(tag, [...rolesOf(tag), role]);
    return true;
  });
}

function settleReading(
  { people, readAt, roles: read, source }: RolesReading,
  roles: readonly RoleReading[],
  standing: readonly HeldRow[],
): Settled<RolesRead> & { readonly revoked: readonly HeldRow[] } {
  const held = standing.filter((row) => row.source === source);
  const named = new Map(read.map(({ tag, person }) => [hex(tag), person]));
  const known = new Set(held.map((row) => row.roleId));
  const wanted = new Set(roles.map((role) => role.roleId));
  const granted = roles.filter(({ roleId }) => !known.has(roleId));
  const revoked = held.filter(({ roleId }) => !wanted.has(roleId));
  const entries = [
    ...granted.map((role) => roleEntry('role.granted', role, role.person, source, readAt)),
    ...revoked.map((row) =>
      roleEntry('role.revoked', row, people.get(row.tag) ?? named.get(row.tag), source, readAt),
    ),
  ];
  const effect: RecordedRoles = {
    kind: 'roles-recorded',
    firstEntry: entries[0]?.id ?? '',
    granted: granted.map(({ roleId, tag, role, ministry, il }) => {
      const bound = { mersisNo: null, startsOn: null, endsOn: null, source };
      return { roleId, tag: hex(tag), role, ministry, il, ...bound };
    }),
    revoked: revoked.map(goneRole),
  };
  const leftOut = read.length - roles.length;
  const effects = entries.length === 0 ? [] : [effect];
  return { entries, effects, answer: () => ({ leftOut }), revoked };
}

/** The entry of a role that comes or goes; `source`: what brought that about. `person`: null where nobody knows whose it was. */
export function roleEntry(
  kind: 'role.granted' | 'role.revoked',
  { il, ministry, role, roleId }: Pick<StaffRole, 'roleId' | 'role' | 'ministry' | 'il'>,
  person: KimlikNo | undefined,
  source: string,
  readAt: Date,
): EntryDraft {
  return draftOf(
    kind,
    readAt,
    { il, ministry, role, roleId, source },
    person === undefined ? [] : [holder(person)],
  );
}

/** The entry is about the person who holds the role: it is found among what concerns them. */
function holder(person: KimlikNo): PersonalValue {
  return { field: 'subject.number', side: 'subject', person, text: person.reveal(), indexed: true };
}

/**
 * Brings in every role that `reading.source` knows: one `role.granted` for each new one, one `role.revoked` for each of its own that
 * is not there any longer. What another source gave it leaves alone: no reading takes away what persons decided. A role that must
 * not meet with one in front of it is left out: decisions and what other sources brought stand, then come the reading's roles in their
 * order; one that an earlier reading had brought goes. `log` needs `rolesApplier`. Errors: `RangeError` where it names decisions as its source, and those of `Appender`.
 */
export async function recordRoles(
  log: Appender,
  reading: RolesReading,
  ports: RolePorts,
): Promise<RolesRead> {
  if (reading.source === DECISION) throw new RangeError('a reading is no decision');
  return log.submit(rolesLane(ports), reading);
}

/** Readings bind a role to no days. */
function goneRole({ roleId, tag, role, ministry, il }: HeldRow): GoneRole {
  return { roleId, tag, role, ministry, il, mersisNo: null, startsOn: null, endsOn: null };
}

// Beside the own rows of the sources, whatever persons of the readings hold that is not over.
const LOCK = `SELECT source, role_id AS "roleId", encode(person_tag, 'hex') AS tag, role, ministry, il
  FROM bridge.authority_role
  WHERE source = ANY($1::text[]) OR (person_tag = ANY($2::bytea[]) AND (ends_on IS NULL OR ends_on > $3::date))
  ORDER BY role_id FOR UPDATE`;

async function lockHeld(
  tx: Transaction,
  readings: readonly RolesReading[],
  today: string,
): Promise<readonly HeldRow[]> {
  const sources = readings.map(({ source }) => source);
  const tags = [...new Set(readings.flatMap(({ roles }) => roles.map(({ tag }) => hex(tag))))];
  const { rows } = await tx.query<HeldRow>({
    name: 'roles-lock',
    text: LOCK,
    values: [sources, tags.map((tag) => Buffer.from(tag, 'hex')), today],
  });
  return rows;
}

function hex(tag: Buffer): string {
  return tag.toString('hex');
}

const GRANT = `INSERT INTO bridge.authority_role (role_id, person_tag, role, ministry, il, source, mersis_no, starts_on, ends_on, told)
  SELECT x."roleId", decode(x.tag, 'hex'), x.role, x.ministry, x.il, x.source, x."mersisNo", x."startsOn", x."endsOn", x.told
  FROM json_to_recordset($1::json) AS x("roleId" uuid, tag text, role text, ministry text, il text, source text,
    "mersisNo" text, "startsOn" date, "endsOn" date, told boolean)`;
const REVOKE = 'DELETE FROM bridge.authority_role WHERE role_id = ANY($1::uuid[]) RETURNING role_id, told';

/** Writes and deletes the roles of a batch, and tells the feed; the lane has locked head and all that were there. */
export const rolesApplier: EffectApplier<RecordedRoles> = {
  kind: 'roles-recorded',
  apply: async (tx, placed) => {
    const revoked = placed.flatMap(({ effect }) => effect.revoked.map(({ roleId }) => roleId));
    const { rows } = await tx.query<{ role_id: string; told: boolean }>({
      name: 'roles-revoke',
      text: REVOKE,
      values: [revoked],
    });
    const told = new Set(rows.filter((row) => row.told).map((row) => row.role_id));
    const granted = placed.flatMap(({ effect, receipt }) =>
      effect.granted.map((row) => ({ ...row, told: runsAt(row, istanbulDay(receipt.at)) })),
    );
    await tx.query({ name: 'roles-grant', text: GRANT, values: [JSON.stringify(granted)] });
    const events = placed.flatMap(({ effect, leafOf, receipt: { at } }) => {
      const leaf = leafOf(effect.firstEntry);
      const lost = effect.revoked.filter(({ roleId }) => told.has(roleId));
      const begun = effect.granted.filter((row) => runsAt(row, istanbulDay(at)));
      return [
        ...lost.map((row) => ({ event: roleEvent('lost', row), leaf, at })),
        ...begun.map((row) => ({ event: roleEvent('granted', row), leaf, at })),
      ];
    });
    await raiseVersion(tx, events, { roles: true });
  },
};

function runsAt({ startsOn, endsOn }: Pick<RoleRow, 'startsOn' | 'endsOn'>, day: string): boolean {
  return (startsOn === null || startsOn <= day) && (endsOn === null || endsOn > day);
}

function roleEvent(kind: AuthorityEvent['kind'], row: GoneRole): AuthorityEvent {
  const { roleId, tag, role, ministry, il, mersisNo, startsOn, endsOn } = row;
  const reason = kind === 'lost' ? 'revoked' : null;
  const data = { role, ministry, il, from: startsOn, to: endsOn, registeredOn: null, reason };
  return { kind, tag, mersisNo, basis: roleId, data };
}
