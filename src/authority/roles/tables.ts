import { MAX_ASSEMBLY_DAYS, MAX_DAYS_AHEAD } from './assembly-days.js';
import { MAX_ROLES_AT_ONCE } from './decide-roles.js';
import { FORBIDDEN_PAIRS } from './forbidden-pairs.js';
import { GRANT_RULES, SECOND_PERSON_ROLES, TWO_PERSON_ROLES } from './grant-rules.js';
import { ROLE_CONFLICTS } from './refusal.js';
import { MINISTRIES, ROLES, SCOPE_FORMS } from './role-list.js';

/** Every table and limit of roles, for `docs/roles.md`, which is written from it. */
export function roleTables() {
  return {
    roles: Object.entries(ROLES).map(([name, { scope, what }]) => ({
      notation: `${name}${SCOPE_FORMS[scope]}`,
      what,
    })),
    ministries: MINISTRIES,
    grantRules: GRANT_RULES,
    twoPersonRoles: TWO_PERSON_ROLES,
    secondPersonRoles: SECOND_PERSON_ROLES,
    forbiddenPairs: FORBIDDEN_PAIRS,
    conflicts: ROLE_CONFLICTS,
    maxAssemblyDays: MAX_ASSEMBLY_DAYS,
    maxDaysAhead: MAX_DAYS_AHEAD,
    maxRolesAtOnce: MAX_ROLES_AT_ONCE,
  };
}
