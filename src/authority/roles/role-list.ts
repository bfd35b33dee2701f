import { mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import type { Ministry } from '../facts.js';
import { PROVINCES } from './provinces.js';

/** What a role is bound to: nothing, a ministry, a ministry's directorate in one il, or one cooperative on the days of one assembly. */
type RoleScope = 'none' | 'ministry' | 'directorate' | 'assembly';

interface RoleRow {
  readonly scope: RoleScope;
  /** What its holder may do, in one line. */
  readonly what: string;
}

/** Every role that staff can be given. Closed. */
export const ROLES = {
  administrator: {
    scope: 'none',
    what: 'gives and takes roles of the house and of the ministries, ends sessions, continues the log after a restored backup (with a security officer)',
  },
  'security-officer': {
    scope: 'none',
    what: 'searches the log, decides on signals, destroys data on a decision (two of them), is the second person of an administrator',
  },
  'log-inspector': { scope: 'none', what: 'searches the log; decides nothing' },
  finance: { scope: 'none', what: 'reads usage and statements, closes quarters, reconciles' },
  'ministry-manager': {
    scope: 'ministry',
    what: 'sistem yöneticisi (m.5(1)-(2)): gives the roles of the own ministry, central and provincial; competent for its cooperatives',
  },
  'ministry-central': {
    scope: 'ministry',
    what: 'unit of the ministry in the capital: competent for its cooperatives in every il',
  },
  directorate: {
    scope: 'directorate',
    what: 'il müdürlüğü (m.3): competent for the ministry’s cooperatives in its own il; gives representatives for their assemblies',
  },
  'ministry-representative': {
    scope: 'assembly',
    what: 'Bakanlık temsilcisi (1163 m.87): competent for one cooperative, on the days of one general assembly',
  },
} as const satisfies Record<string, RoleRow>;

export type RoleName = keyof typeof ROLES;

/** A role with what it is bound to. */
export interface NamedRole {
  readonly role: RoleName;
  readonly ministry: Ministry | null;
  readonly il: string | null;
  /** The cooperative of a ministry representative. */
  readonly mersisNo: string | null;
}

/** How the scope of a role is written behind its name. */
export const SCOPE_FORMS: Readonly<Record<RoleScope, string>> = {
  none: '',
  ministry: ':<ministry>',
  directorate: ':<ministry>/<il>',
  assembly: ':<mersisNo>',
};

export const MINISTRIES: readonly Ministry[] = ['ticaret', 'tarim', 'cevre'];

/** True where a row of the table of roles holds a role of the list: the table was written before the list was closed. */
export function isRoleName(text: string): text is RoleName {
  return Object.hasOwn(ROLES, text);
}

/**
 * A role in the notation of CONTRACT §2, such as `directorate:ticaret/İzmir`; null for anything else. Compared to the letter (after
 * NFC, since keyboards write İ in two ways). A natural person's MERSİS number is none of a cooperative, and holds that person's own.
 */
export function parseRole(text: string): NamedRole | null {
  const normal = text.normalize('NFC');
  const colon = normal.indexOf(':');
  const role = colon === -1 ? normal : normal.slice(0, colon);
  const scope = colon === -1 ? null : normal.slice(colon + 1);
  if (!isRoleName(role)) return null;
  const bare: NamedRole = { role, ministry: null, il: null, mersisNo: null };
  switch (ROLES[role].scope) {
    case 'none':
      return scope === null ? bare : null;
    case 'ministry':
      return isMinistry(scope) ? { ...bare, ministry: scope } : null;
    case 'directorate': {
      const [ministry = null, il = '', ...more] = scope?.split('/') ?? [];
      return isMinistry(ministry) && PROVINCES.includes(il) && more.length === 0
        ? { ...bare, ministry, il }
        : null;
    }
    case 'assembly': {
      const parsed = parseMersisNo(scope);
      return parsed.ok && mersisHolder(parsed.value) === 'legal-person'
        ? { ...bare, mersisNo: parsed.value }
        : null;
    }
  }
}

/** The notation of a role; also of one that a registry brought with a scope that this list does not know. */
export function formatRole(role: Omit<NamedRole, 'role'> & { readonly role: string }): string {
  const { ministry, il, mersisNo } = role;
  const scope = mersisNo ?? (ministry === null ? null : il === null ? ministry : `${ministry}/${il}`);
  return scope === null ? role.role : `${role.role}:${scope}`;
}

function isMinistry(text: string | null): text is Ministry {
  return MINISTRIES.some((ministry) => ministry === text);
}
