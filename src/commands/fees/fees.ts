import { commandGroup } from '../command-group.js';
import { feesAgreementsCommand } from './agreements.js';
import { feesCloseCommand } from './close.js';
import { feesNoticeCommand } from './notice.js';
import { feesPaymentCommand } from './payment.js';
import { feesReconcileCommand } from './reconcile.js';
import { feesStatementCommand } from './statement.js';
import { feesStopCommand } from './stop.js';
import { feesTariffCommand } from './tariff.js';
import { feesUsageCommand } from './usage.js';

/** `bridge fees …`: statement, use, closing, reconciliation, tariff, budgets and agreements. */
export const feesCommand = commandGroup('fees', 'the fee book: statements, closing, reconciliation', {
  agreements: feesAgreementsCommand,
  close: feesCloseCommand,
  notice: feesNoticeCommand,
  payment: feesPaymentCommand,
  reconcile: feesReconcileCommand,
  statement: feesStatementCommand,
  stop: feesStopCommand,
  tariff: feesTariffCommand,
  usage: feesUsageCommand,
});
