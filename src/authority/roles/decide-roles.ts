import { randomUUID } from 'node:crypto';
import type { Appender } from '../../audit/appender.js';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { draftOf } from '../../audit/draft.js';
import type { EntryDraft, PersonalValue, Receipt } from '../../audit/entry.js';
import type { Effect, Lane, Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import {
  DECISION,
  endSessionsWithout,
  type RecordedRoles,
  type RolePorts,
  type RoleRow,
  roleEntry,
} from '../record-roles.js';
import { lockHead } from '../recording/records.js';
import type { RoleDays } from './assembly-days.js';
import { TWO_PERSON_ROLES } from './grant-rules.js';
import { type HeldRole, judgeGrant, judgeRevocation, type RoleWorld } from './judge.js';
import { lockWorld } from './read-world.js';
import { NOT_SIGNED_IN, type RoleRefusal } from './refusal.js';
import type { NamedRole } from './role-list.js';

/** A person who decides: `tag` in the domain `authority`, `session` as it stands in entries. */
export interface Decider {
  readonly person: KimlikNo;
  readonly tag: Buffer;
  readonly session: { readonly acr: string; readonly authTime: string; readonly session: string };
}

/** A role of a person; days only for a ministry representative. */
export interface DecidedRole extends RoleDays {
  readonly person: KimlikNo;
  readonly tag: Buffer;
  readonly role: NamedRole;
}

interface Grounds {
  readonly letter: { readonly no: string; readonly date: string } | null;
  readonly reason: string | null;
  /** Operating-system user. */
  readonly osUser: string;
}

/** What persons decide about roles: all of it happens, or nothing. */
export type RoleDecision = Grounds & { readonly roles: readonly DecidedRole[] } & (
    | { readonly kind: 'grant'; readonly actor: Decider; readonly second: Decider | null }
    | { readonly kind: 'bootstrap' }
    | { readonly kind: 'revoke'; readonly actor: Decider }
  );

/** `row`: which of `roles`, from 0; null where the decision is refused whatever it holds. */
interface RefusedRow extends RoleRefusal {
  readonly row: number | null;
}

export type RolesDecided =
  | { readonly kind: 'done'; readonly roleIds: readonly string[]; readonly leafIndex: bigint }
  | { readonly kind: 'refused'; readonly rows: readonly RefusedRow[] };

/** What the lane needs from outside. */
export interface DecideTools extends RolePorts {
  /** Whether the session still lives, asked inside the batch: a session that ended a moment ago must not suffice. */
  stillSignedIn(tx: Transaction, decider: Decider, now: Date): Promise<boolean>;
}

/** A ministry's whole staff is some thousands; ten thousand entries are seconds for which every query waits. */
export const MAX_ROLES_AT_ONCE = 5_000;
/** Nobody's request waits for it. */
const PATIENCE_MS = 30_000;

/** What one row of a decision has come to. */
interface Made {
  readonly what: 'granted' | 'revoked';
  readonly row: RoleRow;
  readonly decided: DecidedRole;
}

/** Exclusive: it takes rights away, and what it rests on (roles, seats, sessions) is changed by exclusive lanes alone. */
function decideLane(tools: DecideTools): Lane<RoleDecision, RolesDecided> {
  return {
    name: '5-roles-decide',
    patienceMs: PATIENCE_MS,
    exclusive: true,
    settle: async (tx, decisions, now) => {
      const settled: Settled<RolesDecided>[] = [];
      for (const decision of decisions) settled.push(await settleOne(tx, decision, tools, now));
      return settled;
    },
  };
}

async function settleOne(
  tx: Transaction,
  decision: RoleDecision,
  tools: DecideTools,
  now: Date,
): Promise<Settled<RolesDecided>> {
  const settled = await settleRoles(tx, decision, tools, now);
  if (!settled.ok)
    return { entries: [], effects: [], answer: () => ({ kind: 'refused', rows: settled.rows }) };
  const { effects, entries, own, roleIds } = settled;
  return {
    ...{ entries, effects },
    answer: (receipts) => ({ kind: 'done', roleIds, leafIndex: (receipts[own - 1] as Receipt).leafIndex }),
  };
}

/** Entries and effects of a decision; `own`: how many of its first entries are its own, ends of sessions stand behind. */
export type RolesSettled =
  | {
      readonly ok: true;
      readonly entries: readonly EntryDraft[];
      readonly effects: readonly Effect[];
      readonly own: number;
      readonly roleIds: readonly string[];
    }
  | { readonly ok: false; readonly rows: readonly RefusedRow[] };

/**
 * What a decision on roles comes to, in the transaction of an exclusive lane: locks what it rests on, looks at every rule, writes nothing. `log`
 * needs `rolesApplier` for its effects.
 */
export async function settleRoles(
  tx: Transaction,
  decision: RoleDecision,
  tools: DecideTools,
  now: Date,
): Promise<RolesSettled> {
  const deciders = decidersOf(decision);
  const tags = [...deciders, ...decision.roles].map(({ tag }) => tag);
  const cooperatives = decision.roles.flatMap(({ role }) => role.mersisNo ?? []);
  await lockHead(tx);
  const world = await lockWorld(tx, tags, cooperatives, istanbulDay(now));
  for (const decider of deciders) {
    if (!(await tools.stillSignedIn(tx, decider, now)))
      return { ok: false, rows: [{ row: null, ...NOT_SIGNED_IN }] };
  }
  const { made, rows } = judgeAll(decision, world);
  if (rows.length > 0 || made.length === 0) return { ok: false, rows };
  const revoked = made.filter(({ what }) => what === 'revoked').map(({ row }) => row);
  const ended = await endSessionsWithout(tx, revoked, tools, now);
  const { effect, entries } = written(decision, made, now);
  return {
    ok: true,
    entries: [...entries, ...ended.entries],
    effects: [effect, ...ended.effects],
    own: entries.length,
    roleIds: made.map(({ row }) => row.roleId),
  };
}

/** Each row is judged as if those in front of it stood already: two rows of one file can contradict each other. */
function judgeAll(decision: RoleDecision, start: RoleWorld) {
  const rows: RefusedRow[] = [];
  const made: Made[] = [];
  const roles = [...start.roles];
  const world: RoleWorld = { ...start, roles };
  const actor = decision.kind === 'bootstrap' ? null : hex(decision.actor.tag);
  const second = decision.kind === 'grant' && decision.second !== null ? hex(decision.second.tag) : null;
  for (const [row, decided] of decision.roles.entries()) {
    const wanted = { tag: hex(decided.tag), role: decided.role, from: decided.from, to: decided.to };
    if (decision.kind === 'revoke') {
      const judged = judgeRevocation(wanted, actor as string, world);
      if ('code' in judged) rows.push({ row, ...judged });
      else {
        made.push(...judged.gone.map((held) => ({ what: 'revoked', row: rowOf(held), decided }) as const));
        for (const held of judged.gone) roles.splice(roles.indexOf(held), 1);
      }
    } else {
      const refusal = judgeGrant(wanted, { actor, second }, world);
      const held: HeldRole = { roleId: randomUUID(), ...wanted, ...decided.role };
      if (refusal === null) {
        made.push({ what: 'granted', row: rowOf(held), decided });
        roles.push(held);
      } else rows.push({ row, ...refusal });
    }
  }
  return { made, rows };
}

function written(decision: RoleDecision, made: readonly Made[], now: Date) {
  const entries = made.flatMap((one) => entriesOf(one, decision, now));
  const effect: RecordedRoles = {
    kind: 'roles-recorded',
    firstEntry: entries[0]?.id ?? '',
    granted: made.filter(({ what }) => what === 'granted').map(({ row }) => row),
    revoked: made.filter(({ what }) => what === 'revoked').map(({ row }) => row),
  };
  return { entries, effect };
}

function entriesOf({ what, row, decided }: Made, decision: RoleDecision, now: Date): readonly EntryDraft[] {
  const [actor = null, other = null] = decidersOf(decision);
  // A second person who was not needed has decided nothing.
  const second = TWO_PERSON_ROLES.some((role) => role === row.role) ? other : null;
  const { letter, reason, osUser } = decision;
  const data: DataOf<'role.decided'> = {
    actor: actor?.session ?? null,
    bootstrap: decision.kind === 'bootstrap',
    cooperative: row.mersisNo,
    decision: what,
    from: row.startsOn,
    letter,
    osUser,
    reason,
    role: row.role,
    roleId: row.roleId,
    second: second?.session ?? null,
    to: row.endsOn,
  };
  const personal = [
    number('subject.number', 'subject', decided.person),
    ...(actor === null ? [] : [number('actor.number', 'actor', actor.person)]),
    ...(second === null ? [] : [number('second.number', 'actor', second.person)]),
  ];
  return [
    roleEntry(what === 'granted' ? 'role.granted' : 'role.revoked', row, decided.person, DECISION, now),
    draftOf('role.decided', now, data, personal),
  ];
}

/** Whoever acts, first; then the second person, where one came. */
function decidersOf(decision: RoleDecision): readonly Decider[] {
  if (decision.kind === 'bootstrap') return [];
  const second = decision.kind === 'grant' ? decision.second : null;
  return second === null ? [decision.actor] : [decision.actor, second];
}

function rowOf({ roleId, tag, role, ministry, il, mersisNo, from, to }: HeldRole): RoleRow {
  return { roleId, tag, role, ministry, il, mersisNo, startsOn: from, endsOn: to, source: DECISION };
}

function number(field: string, side: PersonalValue['side'], person: KimlikNo): PersonalValue {
  return { field, side, person, text: person.reveal(), indexed: true };
}

function hex(tag: Buffer): string {
  return tag.toString('hex');
}

/**
 * Decides on roles: `role.granted` or `role.revoked` with `role.decided` for each, and the rows, in one transaction; every rule is
 * looked at inside it. `refused` names every row that a rule stands against, and nothing has happened then. At most
 * `MAX_ROLES_AT_ONCE`. `log` needs `rolesApplier`. Errors: `RangeError` for more, and those of `Appender`.
 */
export async function decideRoles(
  log: Appender,
  tools: DecideTools,
  decision: RoleDecision,
): Promise<RolesDecided> {
  const { length } = decision.roles;
  if (length === 0 || length > MAX_ROLES_AT_ONCE) throw new RangeError('between 1 and 5,000 roles at once');
  return log.submit(decideLane(tools), decision);
}
