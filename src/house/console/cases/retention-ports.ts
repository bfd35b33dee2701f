import { valueFrom } from '../../../audit/retention/exclusive-lane.js';
import { createPlaceHoldLane, findStandingHold, pageOfHolds } from '../../../audit/retention/holds.js';
import { createProposeLane } from '../../../audit/retention/propose-lane.js';
import { readState, termInForce } from '../../../audit/retention/state.js';
import type { RetentionPorts } from '../../../console/security/retention/ports.js';
import { retentionOfficer, retentionTools } from '../../retention-tools.js';
import { retentionDesks } from '../desks/retention-desks.js';
import type { RoomParts } from '../parts.js';

/** Retention over the log; what waits is what the inbox of decisions shows. */
export function retentionPorts(parts: RoomParts): RetentionPorts {
  const { config, db, log } = parts;
  const { everyDays, legalGround, proposalDays, years: configured } = config.audit.retention;
  const desks = retentionDesks(parts);
  return {
    term: async () => {
      const state = await readState(db, false);
      const lastRunAt = state?.lastRunAt == null ? null : new Date(state.lastRunAt);
      return {
        ...{ configured, everyDays, lastRunAt, legalGround, proposalDays },
        years: termInForce(state, configured),
      };
    },
    holds: (after, limit) => pageOfHolds(db, after, limit),
    findHold: (id) => findStandingHold(db, id),
    waiting: async (person) => {
      const found = await Promise.all(desks.map((desk) => desk.waiting(person)));
      return found.flat().sort((a, b) => b.proposedAt.getTime() - a.proposedAt.getTime());
    },
    propose: async (officer, proposal) => {
      const lane = createProposeLane(retentionTools(parts, officer));
      valueFrom(await log.appender.submit(lane, { ...proposal, officer: retentionOfficer(officer) }));
    },
    placeHold: async (officer, hold) => {
      const lane = createPlaceHoldLane(retentionTools(parts, officer));
      valueFrom(await log.appender.submit(lane, { ...hold, officer: retentionOfficer(officer) }));
    },
  };
}
