import { purgeSealedGrants } from '../../authority/roles/sealed-grant.js';
import { settingsInForce } from '../../config/settings-in-force.js';
import { mersisMatter } from '../../console/administration/mersis/mersis-matter.js';
import { rolesMatter } from '../../console/administration/roles/roles-matter.js';
import { createStaffHandlers, type StaffPages } from '../../console/administration/staff-handlers.js';
import { proposalDesk } from '../../console/decisions/proposal-desk.js';
import type { HandlersOf } from '../../console/frame/router.js';
import { proposalDeskPorts } from './desks/proposal-ports.js';
import type { BroughtWork, RoomParts } from './parts.js';
import { openGrants } from './staff/grant-ports.js';
import { openRelease } from './staff/mersis-ports.js';
import { sessionPortsOf } from './staff/session-ports.js';
import { shownClients } from './staff/shown-clients.js';
import { webhookPortsOf } from './staff/webhook-ports.js';

/** How often the persons of proposals that nobody can decide any more are removed. */
const PURGE_MS = 600_000;

/** The administrator's pages, joined from the rooms. */
export function openStaff(parts: RoomParts): { readonly handlers: HandlersOf<StaffPages> } & BroughtWork {
  const { config, db, now } = parts;
  const release = openRelease(parts);
  const grants = openGrants(parts);
  const desks = proposalDeskPorts(parts);
  return {
    handlers: createStaffHandlers({
      mersis: release.ports,
      roles: grants.ports,
      sessions: sessionPortsOf(parts),
      webhooks: webhookPortsOf(parts),
      clients: shownClients(config),
      settings: settingsInForce(config),
    }),
    desks: [
      proposalDesk(desks, mersisMatter(release.decide)),
      proposalDesk(desks, rolesMatter(grants.matter)),
    ],
    chores: [{ event: 'role-proposals.purge', everyMs: PURGE_MS, work: () => purgeSealedGrants(db, now()) }],
  };
}
