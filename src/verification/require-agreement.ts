import { Refusal } from '../errors/refusal.js';
import type { CallingClient } from './question.js';
import type { AccountRules, Rules } from './rules.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The client's account has an agreement (ikili anlaşma) that is in force today and names the service. */
export function requireAgreement(client: CallingClient, rules: Rules, today: string): AccountRules {
  const account = client.account === null ? undefined : rules.accounts.get(client.account);
  if (account === undefined) throw new Refusal('SERVICE_NOT_IN_AGREEMENT', { reason: 'no-account' });
  const { agreement } = account;
  // The notation sorts as the days do; what is no whole day is outside every agreement.
  if (!DAY.test(today) || today < agreement.validFrom || today > agreement.validUntil) {
    throw new Refusal('SERVICE_NOT_IN_AGREEMENT', { reason: 'not-in-force' });
  }
  if (!agreement.services.includes(rules.service.name)) {
    throw new Refusal('SERVICE_NOT_IN_AGREEMENT', { reason: 'service' });
  }
  return account;
}
