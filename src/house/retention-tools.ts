import type { ActingOfficer as RetentionOfficer, StillActs } from '../audit/retention/officer.js';
import type { RetentionTools } from '../audit/retention/tools.js';
import type { BridgeConfig } from '../config/schema.js';
import type { ActingOfficer } from '../proposals/officer.js';
import { actedBy } from '../proposals/verdict.js';
import type { OpenLog } from './open-log.js';
import { stillActs } from './still-acts.js';

/** What an officer's deeds of retention work with; session and role are looked at again inside the batch. */
export function retentionTools(
  {
    config,
    log,
  }: {
    readonly config: Pick<BridgeConfig, 'audit' | 'instance'>;
    readonly log: Pick<OpenLog, 'masterKeys' | 'tagger'>;
  },
  { role }: Pick<ActingOfficer, 'role'>,
): RetentionTools {
  const { legalGround, proposalDays, years } = config.audit.retention;
  return {
    instance: config.instance,
    ...{ legalGround, proposalDays, years },
    masterKeys: log.masterKeys,
    tagger: log.tagger,
    stillActs: stillActsAs({ role }),
  };
}

/** The officer’s session and role, looked at again inside the batch. */
export function stillActsAs({ role }: Pick<ActingOfficer, 'role'>): StillActs {
  return (tx, { session: { session }, tag }, now) => stillActs(tx, { role, session, tag }, now);
}

/** Who acts, as deeds of retention know it. */
export function retentionOfficer(officer: ActingOfficer): RetentionOfficer {
  const { person, tag } = officer;
  return { person, tag, session: actedBy(officer).actor };
}
