import { createDecisionHandlers } from '../../console/common/decisions.js';
import { createJobHandlers } from '../../console/common/jobs.js';
import type { DecisionDesk } from '../../console/decisions/port.js';
import type { HandlersOf } from '../../console/frame/router.js';
import type { JobKind } from '../../console/jobs/port.js';
import { needsStepUp } from '../../sign-in/step-up/policy.js';
import { feeDesks } from './desks/fee-desks.js';
import { proposalDeskPorts } from './desks/proposal-ports.js';
import { retentionDesks } from './desks/retention-desks.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages = 'jobs' | 'job' | 'job.file' | 'job.cancel' | 'decisions' | 'decision' | 'decision.decide';

/** Long work and decisions of two persons, whatever room they belong to. `desks`, `kinds`: what the rooms bring. */
export function openWork(
  parts: RoomParts,
  desks: readonly DecisionDesk[],
  kinds: readonly JobKind[],
): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  const { config, jobs } = parts;
  const own = [...feeDesks(parts, proposalDeskPorts(parts)), ...retentionDesks(parts)];
  const names = new Map(kinds.map(({ name, what }) => [what, name]));
  return {
    handlers: {
      ...createJobHandlers({ jobs, names, keepHours: config.console.jobs.keepHours }),
      ...createDecisionHandlers({
        desks: [...own, ...desks],
        needsStepUp: (operation) => needsStepUp(config.signIn?.stepUp, operation),
      }),
    },
  };
}
