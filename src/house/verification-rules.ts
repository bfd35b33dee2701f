import type { BridgeConfig } from '../config/schema.js';
import { BridgeError } from '../errors/bridge-error.js';
import { unitPriceOn } from '../fees/tariff.js';
import type { Rules } from '../verification/rules.js';
import { authorityPolicyOf } from './authority-policy.js';

/** A price that is missing would otherwise be found out by the first query that needs it. Errors: `CONFIG_INVALID`. */
export function requirePrices(config: BridgeConfig, today: string): void {
  for (const { id, feeClass } of config.accounts) {
    try {
      unitPriceOn(config.fees.tariff, feeClass, config.kps.service.name, today);
    } catch (cause) {
      throw new BridgeError('CONFIG_INVALID', `fees.tariff: has no price for account ${id} today`, { cause });
    }
  }
}

/** What checks of identities are judged by, as the settings have it. */
export function rulesOf(config: BridgeConfig): Rules {
  const { limits, kps } = config;
  return {
    instance: config.instance,
    service: kps.service,
    purposes: new Map(config.purposes.map((purpose) => [purpose.code, purpose])),
    accounts: new Map(config.accounts.map((account) => [account.id, account])),
    tariff: config.fees.tariff,
    authority: authorityPolicyOf(config),
    nonMatchesPerPersonPerDay: limits.nonMatchesPerPersonPerDay,
    queriesPerUserPerMinute: limits.queriesPerUserPerMinute,
    queriesPerUserPerDay: limits.queriesPerUserPerDay,
    answerDeadlineMs: limits.answerDeadlineMs,
    kpsTimeoutMs: kps.timeoutMs + kps.stsTimeoutMs,
    idempotencyHours: limits.idempotencyHours,
    // Without sign-in there is no rule to be announced: two steps, always.
    twoStepFrom: config.edevlet?.twoStep.inForceFrom ?? null,
  };
}
