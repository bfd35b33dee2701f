import type { Grant } from '../authority/decide.js';
import { Refusal } from '../errors/refusal.js';
import type { GrantedAuthority } from './require-authority.js';
import type { Purpose, Rules } from './rules.js';

/** The purpose with the capacity that the person acts in for it. */
export interface ActingFor {
  readonly purpose: Purpose;
  readonly grant: Grant;
}

/** The purpose is one of the closed list, and one of the person's capacities may use it, through the service that is set. */
export function requirePurpose(code: string, authority: GrantedAuthority, rules: Rules): ActingFor {
  const purpose = rules.purposes.get(code);
  if (purpose === undefined) throw new Refusal('PURPOSE_NOT_ALLOWED', { reason: 'unknown-purpose' });
  const grant = authority.grants.find((one) => purpose.roles.includes(one.role));
  if (grant === undefined) throw new Refusal('PURPOSE_NOT_ALLOWED', { reason: 'role' });
  if (!purpose.services.includes(rules.service.name))
    throw new Refusal('PURPOSE_NOT_ALLOWED', { reason: 'service' });
  return { purpose, grant };
}
