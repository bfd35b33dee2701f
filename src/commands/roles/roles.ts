import { BridgeError } from '../../errors/bridge-error.js';
import { type Command, EXIT } from '../command.js';
import { grantCommand } from './grant.js';
import { importCommand } from './import.js';
import { listCommand } from './list.js';
import { revokeCommand } from './revoke.js';

/** Every `bridge roles …`; each in a file beside this one. */
const SUBCOMMANDS: Readonly<Record<string, Command>> = {
  grant: grantCommand,
  revoke: revokeCommand,
  list: listCommand,
  import: importCommand,
};

const list = () =>
  Object.values(SUBCOMMANDS)
    .map(({ usage, summary }) => `  ${usage}\n      ${summary}`)
    .join('\n');

/** `bridge roles <what>`: who of the staff holds which role. */
export const rolesCommand: Command = {
  usage: 'roles <what> [--help]',
  summary: 'roles of staff: grant, revoke, list, import (docs/roles.md)',
  run: async (args, terminal) => {
    const [name = '', ...rest] = args;
    const command = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
    if (command === undefined) {
      if (name !== '--help') throw new BridgeError('WRONG_USE', `usage: bridge roles <what>\n${list()}`);
      terminal.out(list());
      return EXIT.ok;
    }
    if (rest.includes('--help')) {
      terminal.out(`bridge ${command.usage}\n  ${command.summary}`);
      return EXIT.ok;
    }
    return command.run(rest, terminal);
  },
};
