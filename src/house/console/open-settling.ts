import { agreementHandlers } from '../../console/finance/agreements/handlers.js';
import { budgetHandlers } from '../../console/finance/budget/handlers.js';
import { differenceHandlers } from '../../console/finance/difference/handlers.js';
import { reconciliationHandlers } from '../../console/finance/reconciliation/handlers.js';
import { tariffHandlers } from '../../console/finance/tariff/handlers.js';
import type { HandlersOf } from '../../console/frame/router.js';
import type { BroughtWork, RoomParts } from './parts.js';
import { settlingPorts } from './settling/settling-ports.js';

type Pages =
  | 'reconciliation'
  | 'reconciliation.upload'
  | 'reconciliation.preview'
  | 'reconciliation.import'
  | 'reconciliation.show'
  | 'difference.show'
  | 'difference.decide'
  | 'budgets'
  | 'budget.lift'
  | 'tariff'
  | 'tariff.propose'
  | 'agreements'
  | 'agreement.request'
  | 'agreement.answer';

/** The pages of this part of the console, joined from the rooms. */
export function openSettling(parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  const { agreements, budgets, reconciliation, tariff } = settlingPorts(parts);
  return {
    handlers: {
      ...reconciliationHandlers(reconciliation),
      ...differenceHandlers(reconciliation),
      ...budgetHandlers(budgets),
      ...tariffHandlers(tariff),
      ...agreementHandlers(agreements),
    },
  };
}
