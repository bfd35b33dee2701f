import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages =
  | 'signals'
  | 'signal'
  | 'signal.decide'
  | 'export'
  | 'export.make'
  | 'evidence'
  | 'evidence.make'
  | 'kvkk'
  | 'kvkk.answer'
  | 'retention'
  | 'retention.destroy'
  | 'retention.hold'
  | 'retention.lift';

/** The pages of this part of the console, joined from the rooms. */
export function openCases(_parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: notBuilt([
      'signals',
      'signal',
      'signal.decide',
      'export',
      'export.make',
      'evidence',
      'evidence.make',
      'kvkk',
      'kvkk.answer',
      'retention',
      'retention.destroy',
      'retention.hold',
      'retention.lift',
    ]),
  };
}
