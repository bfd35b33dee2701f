import { createQuarterHandlers, type QuarterPages } from '../../console/finance/quarters-handlers.js';
import type { HandlersOf } from '../../console/frame/router.js';
import type { BroughtWork, RoomParts } from './parts.js';
import { quarterPorts } from './quarters/quarter-ports.js';
import { statementJobs } from './quarters/statement-jobs.js';

/** The pages of this part of the console, joined from the rooms. */
export function openQuarters(
  parts: RoomParts,
): { readonly handlers: HandlersOf<QuarterPages> } & BroughtWork {
  return { handlers: createQuarterHandlers(quarterPorts(parts)), jobKinds: statementJobs(parts) };
}
