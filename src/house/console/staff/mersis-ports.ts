import type { DecideRelease } from '../../../console/administration/mersis/mersis-matter.js';
import type { MersisPorts } from '../../../console/administration/staff-port.js';
import { decideRelease } from '../../../mersis/held/decide-release.js';
import { proposeRelease, type ReleaseTools } from '../../../mersis/held/propose-release.js';
import { readHeldPage } from '../../../mersis/held/read-held.js';
import { readProgress } from '../../../mersis/poll/progress.js';
import { listProposals } from '../../../proposals/list.js';
import { doneValue } from '../../../proposals/verdict.js';
import { deedPortsOf } from '../../deed-ports.js';
import { pollSettingsOf } from '../../mersis/poll-settings.js';
import { osUser } from '../../os-user.js';
import type { RoomParts } from '../parts.js';

/** Who may review and release what a stopped run holds. */
const ROLES = ['administrator', 'security-officer'];
/** Open ones about runs: one at a time, and those that nobody decided in time. */
const LOOKED_AT = 200;

/** What the page about MERSİS asks, and how a proposal of it is decided. */
export function openRelease({ config, db, log, now }: RoomParts): {
  readonly ports: MersisPorts;
  readonly decide: DecideRelease;
} {
  const { mersis } = config;
  const settings = mersis === undefined ? null : pollSettingsOf(mersis, config.instance);
  const tools: ReleaseTools = {
    hours: config.console.proposalHours,
    ports: deedPortsOf(config.instance, null, ROLES),
    osUser: osUser(),
  };
  return {
    ports: {
      progress: async (at) => (settings === null ? null : readProgress(db, settings, at)),
      held: (page) => readHeldPage(db, page),
      openProposal: async (runId) => {
        const open = await listProposals(db, { what: 'mersis.release', open: true, limit: LOOKED_AT });
        return open.find(({ expiresAt, subject }) => subject === runId && expiresAt > now())?.id ?? null;
      },
      propose: async (officer, wish) =>
        void doneValue(await proposeRelease(log.appender, tools, { ...wish, officer })),
    },
    decide: async (wish) => doneValue(await decideRelease(log.appender, tools, wish)),
  };
}
