#!/usr/bin/env node
import { auditCommand } from './commands/audit/audit.js';
import { authorityCommand } from './commands/authority/authority.js';
import type { Terminal } from './commands/command.js';
import { configCommand } from './commands/config.js';
import { doctorCommand } from './commands/doctor.js';
import { feesCommand } from './commands/fees/fees.js';
import { maintenanceCommand } from './commands/maintenance/maintenance.js';
import { mersisCommand } from './commands/mersis/mersis.js';
import { migrateCommand } from './commands/migrate.js';
import { rolesCommand } from './commands/roles/roles.js';
import { runCommandLine } from './commands/run-command-line.js';
import { serveCommand } from './commands/serve.js';
import { sessionsCommand } from './commands/sessions/sessions.js';
import { stepUpCommand } from './commands/step-up.js';
import { webhooksCommand } from './commands/webhooks/webhooks.js';
import { BridgeError } from './errors/bridge-error.js';

/** Two tokens and a number are below a kilobyte. */
const MAX_INPUT = 65_536;

const COMMANDS = {
  serve: serveCommand,
  migrate: migrateCommand,
  config: configCommand,
  doctor: doctorCommand,
  audit: auditCommand,
  mersis: mersisCommand,
  authority: authorityCommand,
  fees: feesCommand,
  maintenance: maintenanceCommand,
  webhooks: webhooksCommand,
  roles: rolesCommand,
  sessions: sessionsCommand,
  'step-up': stepUpCommand,
};

const terminal: Terminal = {
  env: process.env,
  read: async () => {
    let input = '';
    for await (const chunk of process.stdin.setEncoding('utf8')) {
      input += chunk as string;
      if (input.length > MAX_INPUT) throw new BridgeError('WRONG_USE', 'standard input is too long');
    }
    return input;
  },
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  ...(process.stderr.isTTY ? { progress: (text: string) => process.stderr.write(`\r${text}\x1b[K`) } : {}),
};

// Who reads may go before the end (`| head`): what the command does is done all the same, and nothing is told of it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommandLine(COMMANDS, process.argv.slice(2), terminal);
