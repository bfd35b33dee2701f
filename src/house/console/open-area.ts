import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages =
  | 'area'
  | 'cooperatives'
  | 'cooperative'
  | 'cooperative.refresh'
  | 'applications'
  | 'application'
  | 'application.decide'
  | 'disagreements'
  | 'disagreement.settle';

/** The pages of this part of the console, joined from the rooms. */
export function openArea(_parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: notBuilt([
      'area',
      'cooperatives',
      'cooperative',
      'cooperative.refresh',
      'applications',
      'application',
      'application.decide',
      'disagreements',
      'disagreement.settle',
    ]),
  };
}
