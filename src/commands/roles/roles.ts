import { commandGroup } from '../command-group.js';
import { grantCommand } from './grant.js';
import { importCommand } from './import.js';
import { listCommand } from './list.js';
import { revokeCommand } from './revoke.js';

/** `bridge roles <what>`: who of the staff holds which role. */
export const rolesCommand = commandGroup(
  'roles',
  'roles of staff: grant, revoke, list, import (docs/roles.md)',
  { grant: grantCommand, revoke: revokeCommand, list: listCommand, import: importCommand },
);
