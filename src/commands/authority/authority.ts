import type { Command } from '../command.js';
import { commandGroup } from '../command-group.js';
import { explainCommand } from './explain.js';
import { importLegacyCommand } from './import-legacy.js';
import { liftCommand } from './lift.js';
import { suspendCommand } from './suspend.js';
import { whoCommand } from './who.js';

const COMMANDS: Readonly<Record<string, Command>> = {
  explain: explainCommand,
  who: whoCommand,
  'import-legacy': importLegacyCommand,
  suspend: suspendCommand,
  lift: liftCommand,
};

/** `bridge authority <what>`: who may act, and decisions about it that are brought in. */
export const authorityCommand = commandGroup(
  'authority',
  `who may act for a cooperative: ${Object.keys(COMMANDS).join(', ')}`,
  COMMANDS,
);
