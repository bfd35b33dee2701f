import { formatRole } from '../../authority/roles/role-list.js';
import { readParts } from '../audit/retention-desk.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import {
  atRoleDesk,
  decidedRole,
  GROUND_OPTIONS,
  groundsOf,
  personFrom,
  readDeciders,
  requireDone,
  roleArgument,
  submitDecision,
} from './role-desk.js';

/** `bridge roles revoke`: from its COMMIT on nothing rests on the role. One person is enough, since it must be fast. */
export const revokeCommand: Command = {
  usage: 'roles revoke ROLE [--token-file F] [--letter-no N --letter-date DAY] [--reason "…"] [--json]',
  summary:
    'take a role from the person whose number stands on standard input (behind the token where it has no file)',
  run: async (args, terminal) => {
    const { positionals, values } = parseCommand(revokeCommand, args, GROUND_OPTIONS, 1);
    const role = roleArgument(revokeCommand, positionals[0]);
    const grounds = groundsOf(revokeCommand, values, new Date());
    const tokenFile = values['token-file'];
    const parts = await readParts(terminal, tokenFile);
    const done = await atRoleDesk(parts.terminal, 'roles revoke', async (house) => {
      const { actor } = await readDeciders(house, parts.terminal, { first: tokenFile, second: null });
      const roles = [decidedRole(house, personFrom(parts.body), role)];
      return requireDone(await submitDecision(house, { kind: 'revoke', actor, roles, ...grounds }));
    });
    const leafIndex = Number(done.leafIndex);
    const result = { decision: 'revoked', role: formatRole(role), roleIds: done.roleIds, leafIndex };
    terminal.out(
      values.json
        ? JSON.stringify(result)
        : `revoked: ${result.role}, ${done.roleIds.join(', ')} (leaf ${leafIndex})`,
    );
    return EXIT.ok;
  },
};
