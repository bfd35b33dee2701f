import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

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
export function openSettling(_parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: notBuilt([
      'reconciliation',
      'reconciliation.upload',
      'reconciliation.preview',
      'reconciliation.import',
      'reconciliation.show',
      'difference.show',
      'difference.decide',
      'budgets',
      'budget.lift',
      'tariff',
      'tariff.propose',
      'agreements',
      'agreement.request',
      'agreement.answer',
    ]),
  };
}
