import type { AuthorityPolicy } from '../authority/decide.js';
import type { BridgeConfig } from '../config/schema.js';

/** The settings that decisions about authority hang on. */
export function authorityPolicyOf({ authority }: BridgeConfig): AuthorityPolicy {
  const { staleAfterHours, nothingAfterHours, afterTerm } = authority;
  return {
    staleAfterHours,
    nothingAfterHours,
    afterTermDays: afterTerm.mode === 'assembly-only' ? afterTerm.days : 0,
  };
}
