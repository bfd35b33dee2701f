import type { BridgeConfig } from '../../config/schema.js';
import type { AgreementSettings } from '../../fees/agreement/read-agreements.js';
import type { UsageSettings } from '../../fees/ahead/read-usage.js';

type Settings = Pick<BridgeConfig, 'accounts' | 'clients' | 'fees' | 'kps'>;

/** What the settings say about use: accounts with their budgets, and whose calls are whose. */
export function usageSettings({ accounts, clients, fees, kps }: Settings): UsageSettings {
  return {
    accounts: accounts.map(({ budget, feeClass, feeClassChanges, id, institution }) => {
      return { id, institution, feeClass, feeClassChanges, budget };
    }),
    clients: clients.map(({ account, id }) => ({ id, account })),
    inputs: fees.inputs,
    service: kps.service,
    holidays: fees.holidays,
  };
}

/** What the settings say about agreements: with the persons who answer for them, never with passwords. */
export function agreementSettings({
  accounts,
  fees,
}: Pick<Settings, 'accounts' | 'fees'>): AgreementSettings {
  return {
    accounts: accounts.map((one) => {
      const { administrativeUser, agreement, id, institution, staticIp, technicalUser } = one;
      const { feeClass, feeClassChanges } = one;
      return {
        ...{ id, institution, feeClass, feeClassChanges, staticIp },
        ...{ administrativeUser, technicalUser, agreement },
      };
    }),
    renewalNoticeDays: fees.renewalNoticeDays,
  };
}
