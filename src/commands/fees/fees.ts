import { commandGroup } from '../command-group.js';

/** `bridge fees …`: statement, use, closing, reconciliation, tariff, budgets and agreements. */
export const feesCommand = commandGroup('fees', 'the fee book: statements, closing, reconciliation', {});
