import { commandGroup } from '../command-group.js';
import { feesCloseCommand } from './close.js';
import { feesStopCommand } from './stop.js';
import { feesTariffCommand } from './tariff.js';

/** `bridge fees …`: statement, use, closing, reconciliation, tariff, budgets and agreements. */
export const feesCommand = commandGroup('fees', 'the fee book: statements, closing, reconciliation', {
  close: feesCloseCommand,
  stop: feesStopCommand,
  tariff: feesTariffCommand,
});
