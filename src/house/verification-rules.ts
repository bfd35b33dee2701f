import type { BridgeConfig } from '../config/schema.js';
import { BridgeError } from '../errors/bridge-error.js';
import { feeClassOn } from '../fees/fee-class.js';
import { type TariffSwitch, unitPriceOn } from '../fees/tariff/tariff.js';
import type { Rules } from '../verification/rules.js';
import { authorityPolicyOf } from './authority-policy.js';

/**
 * A price that is missing would otherwise be found out by the first query that needs it; a row of the settings that says something else than
 * when it was switched on would change history in silence. Errors: `CONFIG_INVALID`.
 */
export function requirePrices(config: BridgeConfig, switches: readonly TariffSwitch[], today: string): void {
  for (const account of config.accounts) {
    try {
      unitPriceOn(switches, config.fees.inputs, feeClassOn(account, today), config.kps.service, today);
    } catch (cause) {
      throw new BridgeError('CONFIG_INVALID', `fees: no price for account ${account.id} today`, { cause });
    }
  }
  for (const row of config.fees.tariff) {
    const differs = switches.some(
      (one) =>
        one.id === row.id &&
        (one.amountKurus !== row.amountKurus || one.basis !== row.basis || one.service !== row.service),
    );
    if (differs)
      throw new BridgeError(
        'CONFIG_INVALID',
        `fees.tariff: ${row.id} was switched on as something else; a change is a row of its own`,
      );
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
    feeInputs: config.fees.inputs,
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
