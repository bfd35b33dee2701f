import { Refusal } from '../errors/refusal.js';
import type { CallingClient } from './question.js';
import type { AccountRules, Rules } from './rules.js';

/** The client's account has an agreement (ikili anlaşma) that is in force today and names the service. */
export function requireAgreement(client: CallingClient, rules: Rules, today: string): AccountRules {
  const account = client.account === null ? undefined : rules.accounts.get(client.account);
  if (account === undefined) throw new Refusal('SERVICE_NOT_IN_AGREEMENT', { reason: 'no-account' });
  const { agreement } = account;
  if (today < agreement.validFrom || today > agreement.validUntil) {
    throw new Refusal('SERVICE_NOT_IN_AGREEMENT', { reason: 'not-in-force' });
  }
  if (!agreement.services.includes(rules.service.name)) {
    throw new Refusal('SERVICE_NOT_IN_AGREEMENT', { reason: 'service' });
  }
  return account;
}
