import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages =
  | 'fees'
  | 'quarters'
  | 'quarter'
  | 'quarter.lines'
  | 'quarter.users'
  | 'quarter.reveal'
  | 'quarter.file'
  | 'quarter.export'
  | 'quarter.freeze'
  | 'quarter.seal'
  | 'quarter.notice'
  | 'quarter.payment';

/** The pages of this part of the console, joined from the rooms. */
export function openQuarters(_parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: notBuilt([
      'fees',
      'quarters',
      'quarter',
      'quarter.lines',
      'quarter.users',
      'quarter.reveal',
      'quarter.file',
      'quarter.export',
      'quarter.freeze',
      'quarter.seal',
      'quarter.notice',
      'quarter.payment',
    ]),
  };
}
