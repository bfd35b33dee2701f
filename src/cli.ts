#!/usr/bin/env node
import type { Command, Terminal } from './commands/command.js';
import { EXIT } from './commands/command.js';
import { configCommand } from './commands/config.js';
import { doctorCommand } from './commands/doctor.js';
import { migrateCommand } from './commands/migrate.js';
import { serveCommand } from './commands/serve.js';
import { isBridgeError } from './errors/bridge-error.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: serveCommand,
  migrate: migrateCommand,
  config: configCommand,
  doctor: doctorCommand,
};

const HELP = `bridge <command>

${Object.values(COMMANDS)
  .map(({ usage, summary }) => `  ${usage.padEnd(32)} ${summary}`)
  .join('\n')}

Settings: the YAML file named by BRIDGE_CONFIG (bridge.yaml), overridden by BRIDGE__… variables.
Exit: 0 done, 1 failed, 2 wrong use.`;

/** Runs one command line. Errors are shown as `CODE: message`, never as a stack: messages of ours hold nothing personal. */
async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name = '', ...args] = argv;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (name === '--help' || name === 'help') {
    terminal.out(HELP);
    return EXIT.ok;
  }
  if (command === undefined) {
    terminal.err(HELP);
    return EXIT.wrongUse;
  }
  if (args.includes('--help')) {
    terminal.out(`bridge ${command.usage}\n  ${command.summary}`);
    return EXIT.ok;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!isBridgeError(error)) {
      terminal.err('INTERNAL: an unexpected error');
      // The stack's frames help whoever mends it; its first line is the message, which may quote data.
      if (error instanceof Error) terminal.err((error.stack ?? '').split('\n').slice(1).join('\n'));
      return EXIT.failed;
    }
    terminal.err(`${error.code}: ${error.message}`);
    return error.code === 'WRONG_USE' ? EXIT.wrongUse : EXIT.failed;
  }
}

const terminal: Terminal = {
  env: process.env,
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
};

process.exitCode = await run(process.argv.slice(2), terminal);
