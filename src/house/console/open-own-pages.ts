import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages =
  | 'home'
  | 'parts'
  | 'language'
  | 'returned'
  | 'help'
  | 'sessions'
  | 'sessions.end'
  | 'own-queries';

/** The pages of this part of the console, joined from the rooms. */
export function openOwnPages(_parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: notBuilt([
      'home',
      'parts',
      'language',
      'returned',
      'help',
      'sessions',
      'sessions.end',
      'own-queries',
    ]),
  };
}
