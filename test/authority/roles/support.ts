import { randomUUID } from 'node:crypto';
import type { EffectApplier } from '../../../src/audit/lane.js';
import { AUTHORITY_APPLIERS } from '../../../src/authority/appliers.js';
import { type RoleReading, recordRoles } from '../../../src/authority/record-roles.js';
import {
  type DecidedRole,
  type Decider,
  type DecideTools,
  decideRoles,
  type RoleDecision,
  type RolesDecided,
} from '../../../src/authority/roles/decide-roles.js';
import { type NamedRole, parseRole } from '../../../src/authority/roles/role-list.js';
import { endSessionApplier } from '../../../src/sign-in/end-session.js';
import { endSessionsOf } from '../../../src/sign-in/end-sessions-of.js';
import { type OpenLog, openLog } from '../../audit/support/log.js';
import { masterKeys, personOf, tagger } from '../../audit/support/parts.js';
import { cooperativeReading, portsOf, recordReadings, seatReading } from '../../support/authority.js';

export const MERSIS = '0123456789000015';
export const READ_AT = new Date('2026-05-05T10:00:00Z');
export const LETTER = { no: 'E-123', date: '2026-05-04' };
const APPLIERS = [...AUTHORITY_APPLIERS, endSessionApplier] as readonly EffectApplier[];
const PORTS = portsOf({ masterKeys, tagger });

/** The log as one process has it; `now` is when it decides. */
export function openRoleLog(url: string, now: () => Date = () => READ_AT): OpenLog {
  return openLog(url, { deps: { now, appliers: new Map(APPLIERS.map((one) => [one.kind, one])) } });
}

export const tagOf = (n: number) => tagger.tag('authority', personOf(n));
export const roleOf = (text: string): NamedRole => {
  const role = parseRole(text);
  if (role === null) throw new Error('no role');
  return role;
};

/** The invented citizen `n` as one who decides, signed in. */
export const decider = (n: number): Decider => ({
  person: personOf(n),
  tag: tagOf(n),
  session: { acr: 'urn:koopbis:acr:step-up', authTime: READ_AT.toISOString(), session: randomUUID() },
});

/** A role of the citizen `n`. */
export const decided = (n: number, text: string, days: Partial<DecidedRole> = {}): DecidedRole => ({
  person: personOf(n),
  tag: tagOf(n),
  role: roleOf(text),
  from: null,
  to: null,
  ...days,
});

/** Everybody is signed in. */
const SIGNED_IN: DecideTools = { stillSignedIn: async () => true, endSessionsOf };

const GROUNDS = { letter: null, reason: null, osUser: 'tester' };

/** A grant by `actor` (a number of a citizen), with a second person where one is named. */
export function grant(
  log: OpenLog,
  actor: number,
  roles: readonly DecidedRole[],
  {
    second,
    tools = SIGNED_IN,
    ...changes
  }: { second?: number; tools?: DecideTools } & Partial<RoleDecision> = {},
): Promise<RolesDecided> {
  const other = second === undefined ? null : decider(second);
  return decideRoles(log.appender, tools, {
    ...GROUNDS,
    ...(changes as object),
    kind: 'grant',
    actor: decider(actor),
    second: other,
    roles,
  });
}

export function revoke(log: OpenLog, actor: number, role: DecidedRole, tools = SIGNED_IN) {
  return decideRoles(log.appender, tools, {
    ...GROUNDS,
    kind: 'revoke',
    actor: decider(actor),
    roles: [role],
  });
}

export function bootstrap(log: OpenLog, n: number, text = 'administrator') {
  return decideRoles(log.appender, SIGNED_IN, { ...GROUNDS, kind: 'bootstrap', roles: [decided(n, text)] });
}

/** Roles that the registry knows. */
export async function registryRoles(
  log: OpenLog,
  given: readonly (readonly [number, string])[],
): Promise<void> {
  const roles = given.map(([n, text]): RoleReading => {
    const { role, ministry, il } = roleOf(text);
    return { roleId: randomUUID(), person: personOf(n), tag: tagOf(n), role, ministry, il };
  });
  await recordRoles(log.appender, { roles, people: new Map(), source: 'registry', readAt: READ_AT }, PORTS);
}

/** The cooperative of the tests, Ankara's and Ticaret's, with these people elected to its board. */
export async function registryCooperative(log: OpenLog, board: readonly number[]): Promise<void> {
  const seats = board.map((n) =>
    seatReading(tagger, personOf(n), { registeredOn: null, state: 'beklemede' }),
  );
  await recordReadings(log.appender, log.db, PORTS, [cooperativeReading(MERSIS, { seats })], READ_AT);
}

/** How a decision ended, in one word. */
export function word(result: RolesDecided): string {
  if (result.kind === 'done') return 'done';
  return result.rows.map(({ code, reason }) => reason ?? code).join();
}
