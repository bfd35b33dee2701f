import type { HandlersOf } from '../frame/router.js';
import { createClientHandlers } from './clients/clients-page.js';
import { createMersisHandlers } from './mersis/mersis-handlers.js';
import { createRoleHandlers } from './roles/roles-handlers.js';
import { createSessionHandlers } from './sessions/sessions-handlers.js';
import { createSettingsHandlers } from './settings/settings-page.js';
import type { StaffPorts } from './staff-port.js';
import { createWebhookHandlers } from './webhooks/webhooks-handlers.js';

/** Pages and actions of whoever administers the bridge. */
export type StaffPages =
  | 'mersis'
  | 'mersis.propose'
  | 'roles'
  | 'roles.file'
  | 'roles.grant'
  | 'roles.revoke'
  | 'all-sessions'
  | 'all-sessions.find'
  | 'all-sessions.end'
  | 'step-up.reset'
  | 'clients'
  | 'webhooks'
  | 'webhooks.redrive'
  | 'settings';

export function createStaffHandlers(ports: StaffPorts): HandlersOf<StaffPages> {
  return {
    ...createMersisHandlers(ports.mersis),
    ...createRoleHandlers(ports.roles),
    ...createSessionHandlers(ports.sessions),
    ...createClientHandlers(ports.clients),
    ...createWebhookHandlers(ports.webhooks),
    ...createSettingsHandlers(ports.settings),
  };
}
