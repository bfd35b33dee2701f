import type { DecisionDesk } from '../../console/decisions/port.js';
import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages = 'jobs' | 'job' | 'job.file' | 'job.cancel' | 'decisions' | 'decision' | 'decision.decide';

/** The pages of this part of the console, joined from the rooms. */
export function openWork(
  _parts: RoomParts,
  _desks: readonly DecisionDesk[],
): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: notBuilt(['jobs', 'job', 'job.file', 'job.cancel', 'decisions', 'decision', 'decision.decide']),
  };
}
