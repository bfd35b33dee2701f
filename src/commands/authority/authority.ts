import type { Command } from '../command.js';
import { commandGroup } from '../command-group.js';
import { explainCommand } from './explain.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  explain: explainCommand,
};

/** `bridge authority <what>`: who may act, and decisions about it that are brought in. */
export const authorityCommand = commandGroup(
  'authority',
  `who may act for a cooperative: ${Object.keys(COMMANDS).join(', ')}`,
  COMMANDS,
);
