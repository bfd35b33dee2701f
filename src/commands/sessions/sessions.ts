import { BridgeError } from '../../errors/bridge-error.js';
import { type Command, EXIT } from '../command.js';
import { endCommand } from './end.js';
import { listCommand } from './list.js';

/** Every `bridge sessions …`; each in a file beside this one. */
const SUBCOMMANDS: Readonly<Record<string, Command>> = { list: listCommand, end: endCommand };

const list = () =>
  Object.values(SUBCOMMANDS)
    .map(({ usage, summary }) => `  ${usage}\n      ${summary}`)
    .join('\n');

/** `bridge sessions <what>`: who is signed in, seen and ended by an administrator. */
export const sessionsCommand: Command = {
  usage: 'sessions <what> [--help]',
  summary: 'sessions of signed-in persons: list, end',
  run: async (args, terminal) => {
    const [name = '', ...rest] = args;
    const command = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
    if (command === undefined) {
      if (name !== '--help') throw new BridgeError('WRONG_USE', `usage: bridge sessions <what>\n${list()}`);
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
