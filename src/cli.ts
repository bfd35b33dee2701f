#!/usr/bin/env node
import type { Terminal } from './commands/command.js';
import { configCommand } from './commands/config.js';
import { doctorCommand } from './commands/doctor.js';
import { migrateCommand } from './commands/migrate.js';
import { runCommandLine } from './commands/run-command-line.js';
import { serveCommand } from './commands/serve.js';

const COMMANDS = {
  serve: serveCommand,
  migrate: migrateCommand,
  config: configCommand,
  doctor: doctorCommand,
};

const terminal: Terminal = {
  env: process.env,
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
};

process.exitCode = await runCommandLine(COMMANDS, process.argv.slice(2), terminal);
