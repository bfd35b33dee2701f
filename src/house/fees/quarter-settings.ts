import { istanbulDay, quarterBounds } from '../../calendar/istanbul-day.js';
import type { BridgeConfig } from '../../config/schema.js';
import { feeClassOn } from '../../fees/fee-class.js';
import type { QuarterSettings } from '../../fees/quarter/close-tools.js';
import type { StatementSettings } from '../../fees/statement/read-statement.js';

type FeeSettings = Pick<BridgeConfig, 'accounts' | 'fees'>;

/** What a statement repeats of the settings; `day`: an account without a line is named in its class of that day. */
function statementSettings({ accounts, fees }: FeeSettings, day: string): StatementSettings {
  return {
    inputs: fees.inputs,
    accounts: accounts.map((account) => {
      const { agreement, id, institution } = account;
      return { id, institution, feeClass: feeClassOn(account, day), agreement };
    }),
  };
}

/** The same for a quarter, as of its last day, with what the settings say about closing it. */
export function quarterSettings(config: FeeSettings, quarter: string): QuarterSettings {
  const { collectHours, holidays } = config.fees;
  const lastDay = istanbulDay(new Date(quarterBounds(quarter).to.getTime() - 1));
  return { ...statementSettings(config, lastDay), collectHours, holidays };
}
