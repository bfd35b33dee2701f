import type { Ministry } from '../facts.js';
import type { NamedRole, RoleName } from './role-list.js';

/** Where the one who decides may do so. */
type Reach = 'anywhere' | 'own-ministry' | 'own-area';

/** Who may grant, and take away, which role. */
export interface GrantRule {
  readonly granter: RoleName;
  readonly grants: RoleName;
  readonly reach: Reach;
  readonly why: string;
}

/** What is not in this table nobody may decide. */
export const GRANT_RULES: readonly GrantRule[] = [
  {
    granter: 'administrator',
    grants: 'administrator',
    reach: 'anywhere',
    why: 'a house with one administrator stands still without that person; two persons decide',
  },
  {
    granter: 'administrator',
    grants: 'security-officer',
    reach: 'anywhere',
    why: 'somebody must appoint who watches; two persons decide, so that no administrator picks an own watcher alone',
  },
  {
    granter: 'administrator',
    grants: 'log-inspector',
    reach: 'anywhere',
    why: 'reads the log only, and each search is an entry',
  },
  {
    granter: 'administrator',
    grants: 'finance',
    reach: 'anywhere',
    why: 'a role of the house; what finance closes stands in the log',
  },
  {
    granter: 'administrator',
    grants: 'ministry-manager',
    reach: 'anywhere',
    why: 'each ministry names its sistem yöneticisi by official letter (m.5(1)); a manager who made managers could hand the ministry on without one',
  },
  {
    granter: 'administrator',
    grants: 'ministry-central',
    reach: 'anywhere',
    why: 'definition in bulk by official letter (m.5(1)), before a ministry has a manager',
  },
  {
    granter: 'administrator',
    grants: 'directorate',
    reach: 'anywhere',
    why: 'definition in bulk by official letter (m.5(1)), before a ministry has a manager',
  },
  {
    granter: 'ministry-manager',
    grants: 'ministry-central',
    reach: 'own-ministry',
    why: 'the manager authorises the ministry’s own users, central and provincial (m.5(2))',
  },
  {
    granter: 'ministry-manager',
    grants: 'directorate',
    reach: 'own-ministry',
    why: 'the manager authorises the ministry’s own users, central and provincial (m.5(2))',
  },
  {
    granter: 'directorate',
    grants: 'ministry-representative',
    reach: 'own-area',
    why: 'the competent il müdürlüğü sends the representative to an assembly (m.3, 1163 m.87): its ministry’s cooperatives, in its own il; an administrator knows of no assembly',
  },
];

/** Roles that one person alone cannot grant. Taking one away needs one: what must be stopped must be stopped at once. */
export const TWO_PERSON_ROLES: readonly RoleName[] = ['administrator', 'security-officer'];
/** Who can be the second person of such a grant. */
export const SECOND_PERSON_ROLES: readonly RoleName[] = ['administrator', 'security-officer'];
/** Who grants anything at all. */
export const GRANTING_ROLES: readonly RoleName[] = [...new Set(GRANT_RULES.map((rule) => rule.granter))];

/** What competence for a cooperative follows from. */
export interface CooperativePlace {
  readonly ministry: Ministry;
  readonly il: string;
}

export type Competence =
  | 'competent'
  | 'no-role'
  | 'outside-own-ministry'
  | 'outside-own-area'
  | 'cooperative-unknown';

/**
 * May somebody who holds `held` decide on `wanted`? `place`: that of the cooperative which `wanted` is for, null where nobody knows
 * it. Pure.
 */
export function competenceFor(
  held: readonly Omit<NamedRole, 'mersisNo'>[],
  wanted: NamedRole,
  place: CooperativePlace | null,
): Competence {
  const rules = GRANT_RULES.filter((rule) => rule.grants === wanted.role);
  const reached = held.flatMap((role) =>
    rules.filter((rule) => rule.granter === role.role).map(({ reach }) => ({ reach, role })),
  );
  if (reached.length === 0) return 'no-role';
  if (reached.some(({ reach }) => reach === 'anywhere')) return 'competent';
  const [first] = reached;
  if (first?.reach === 'own-ministry')
    return reached.some(({ role }) => role.ministry === wanted.ministry)
      ? 'competent'
      : 'outside-own-ministry';
  if (place === null) return 'cooperative-unknown';
  return reached.some(({ role }) => role.ministry === place.ministry && role.il === place.il)
    ? 'competent'
    : 'outside-own-area';
}
