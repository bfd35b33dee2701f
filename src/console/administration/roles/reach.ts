import type { Ministry, StaffRole } from '../../../authority/facts.js';
import { GRANT_RULES } from '../../../authority/roles/grant-rules.js';
import type { RoleScope } from '../../../authority/roles/page-of-roles.js';
import { MINISTRIES, type RoleName } from '../../../authority/roles/role-list.js';

/** Which roles somebody who holds `held` may grant, in the order of the table of rules; which of them the cooperative decides. */
export function grantable(held: readonly Pick<StaffRole, 'role'>[]): readonly RoleName[] {
  const rules = GRANT_RULES.filter(({ granter }) => held.some(({ role }) => role === granter));
  return [...new Set(rules.map(({ grants }) => grants))];
}

/** For which ministries somebody who holds `held` may grant `wanted`; none where no rule lets them. */
export function grantableMinistries(
  held: readonly Pick<StaffRole, 'role' | 'ministry'>[],
  wanted: RoleName,
): readonly Ministry[] {
  const rules = GRANT_RULES.filter(({ grants }) => grants === wanted);
  const holds = (granter: RoleName) => held.filter(({ role }) => role === granter);
  if (rules.some(({ granter, reach }) => reach === 'anywhere' && holds(granter).length > 0))
    return MINISTRIES;
  const own = rules.flatMap(({ granter }) => holds(granter).flatMap(({ ministry }) => ministry ?? []));
  return MINISTRIES.filter((ministry) => own.includes(ministry));
}

/** Which standing roles somebody who holds `held` looks at: an administrator all, others those that they decide on. */
export function scopeOf(held: readonly Pick<StaffRole, 'role' | 'ministry' | 'il'>[]): RoleScope {
  return {
    all: held.some(({ role }) => role === 'administrator'),
    ministries: held.flatMap(({ ministry, role }) =>
      role === 'ministry-manager' && ministry !== null ? [ministry] : [],
    ),
    areas: held.flatMap(({ il, ministry, role }) =>
      role === 'directorate' && ministry !== null && il !== null ? [{ ministry, il }] : [],
    ),
  };
}
