import type { ObserveStamp } from '../../house/open-evidence.js';
import type { Terminal } from '../command.js';

/** Says on standard error which authority gave no time stamp, and why: the command's own error only says that none did. */
export function tellStamps(terminal: Terminal): ObserveStamp {
  return ({ authority, reason }) => terminal.err(`no time stamp of ${authority}: ${reason}`);
}
