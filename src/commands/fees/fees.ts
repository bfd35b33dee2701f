import { commandGroup } from '../command-group.js';
import { feesAgreementsCommand } from './agreements.js';
import { feesCloseCommand } from './close.js';
import { feesStopCommand } from './stop.js';
import { feesTariffCommand } from './tariff.js';
import { feesUsageCommand } from './usage.js';

/** `bridge fees …`: statement, use, closing, reconciliation, tariff, budgets and agreements. */
export const feesCommand = commandGroup('fees', 'the fee book: statements, closing, reconciliation', {
  agreements: feesAgreementsCommand,
  close: feesCloseCommand,
  stop: feesStopCommand,
  tariff: feesTariffCommand,
  usage: feesUsageCommand,
});
