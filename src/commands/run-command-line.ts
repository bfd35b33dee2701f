import { isBridgeError } from '../errors/bridge-error.js';
import { safeError } from '../telemetry/safe-error.js';
import { type Command, EXIT, type Terminal } from './command.js';

const help = (commands: Readonly<Record<string, Command>>) => `bridge <command>

${Object.values(commands)
  .map(({ usage, summary }) => `  ${usage.padEnd(32)} ${summary}`)
  .join('\n')}

Settings: the YAML file named by BRIDGE_CONFIG (bridge.yaml), overridden by BRIDGE__… variables.
Exit: 0 done, 1 failed, 2 wrong use.`;

/**
 * Runs one command line and gives its exit code; never throws. Errors are shown as `CODE: message`, never as a stack:
 * messages of ours hold nothing personal. Arguments are never repeated: somebody may have typed a number there.
 */
export async function runCommandLine(
  commands: Readonly<Record<string, Command>>,
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const [name = '', ...args] = argv;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (name === '--help' || name === 'help') {
    terminal.out(help(commands));
    return EXIT.ok;
  }
  if (command === undefined) {
    terminal.err(help(commands));
    return EXIT.wrongUse;
  }
  // A command of commands tells its own.
  if (args.includes('--help') && !command.usage.includes('<what>')) {
    terminal.out(`bridge ${command.usage}\n  ${command.summary}`);
    return EXIT.ok;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!isBridgeError(error)) {
      terminal.err('INTERNAL: an unexpected error');
      // The stack's frames help whoever mends it; the message above them may quote data.
      for (const frame of safeError(error).frames ?? []) terminal.err(`  ${frame}`);
      return EXIT.failed;
    }
    terminal.err(`${error.code}: ${error.message}`);
    return error.code === 'WRONG_USE' ? EXIT.wrongUse : EXIT.failed;
  }
}
