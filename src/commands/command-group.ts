import { BridgeError } from '../errors/bridge-error.js';
import { type Command, EXIT } from './command.js';

/** `bridge <name> <what>`: commands under one name, each in a file of its own; `--help` lists them. */
export function commandGroup(
  name: string,
  summary: string,
  subcommands: Readonly<Record<string, Command>>,
): Command {
  const list = () =>
    Object.values(subcommands)
      .map((one) => `  ${one.usage}\n      ${one.summary}`)
      .join('\n');
  return {
    usage: `${name} <what> [--help]`,
    summary,
    run: async (args, terminal) => {
      const [what = '', ...rest] = args;
      const command = Object.hasOwn(subcommands, what) ? subcommands[what] : undefined;
      if (command === undefined) {
        if (what !== '--help') throw new BridgeError('WRONG_USE', `usage: bridge ${name} <what>\n${list()}`);
        terminal.out(list());
        return EXIT.ok;
      }
      // A group inside this one tells its own.
      if (rest.includes('--help') && !command.usage.includes('<what>')) {
        terminal.out(`bridge ${command.usage}\n  ${command.summary}`);
        return EXIT.ok;
      }
      return command.run(rest, terminal);
    },
  };
}
