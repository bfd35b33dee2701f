import type { Command } from '../command.js';
import { commandGroup } from '../command-group.js';
import { checkCommand } from './check.js';
import { continueCommand } from './continue.js';
import { destroyCommand } from './destroy.js';
import { erasureRequestCommand } from './erasure-request.js';
import { evidenceCommand } from './evidence.js';
import { exportCommand } from './export.js';
import { feedCommand } from './feed.js';
import { holdCommand } from './hold.js';
import { keysCommand } from './keys.js';
import { attachCommand, detachCommand } from './ranges.js';
import { rewrapCommand } from './rewrap.js';
import { searchCommand } from './search.js';
import { signalsCommand } from './signals.js';
import { verifyCommand } from './verify.js';

/** Every `bridge audit …`; each in a file beside this one. */
const SUBCOMMANDS: Readonly<Record<string, Command>> = {
  export: exportCommand,
  verify: verifyCommand,
  check: checkCommand,
  search: searchCommand,
  evidence: evidenceCommand,
  keys: keysCommand,
  feed: feedCommand,
  detach: detachCommand,
  attach: attachCommand,
  continue: continueCommand,
  destroy: destroyCommand,
  hold: holdCommand,
  rewrap: rewrapCommand,
  'erasure-request': erasureRequestCommand,
  signals: signalsCommand,
};

/** `bridge audit <what>`: the log for officers, inspectors and operators. */
export const auditCommand = commandGroup(
  'audit',
  'the audit log: export, verify, check, search, evidence, destruction, …',
  SUBCOMMANDS,
);
