import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages =
  | 'mersis'
  | 'mersis.propose'
  | 'roles'
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

/** The pages of this part of the console, joined from the rooms. */
export function openStaff(_parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: notBuilt([
      'mersis',
      'mersis.propose',
      'roles',
      'roles.grant',
      'roles.revoke',
      'all-sessions',
      'all-sessions.find',
      'all-sessions.end',
      'step-up.reset',
      'clients',
      'webhooks',
      'webhooks.redrive',
      'settings',
    ]),
  };
}
