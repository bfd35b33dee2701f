import { commandGroup } from '../command-group.js';
import { endCommand } from './end.js';
import { listCommand } from './list.js';

/** `bridge sessions <what>`: who is signed in, seen and ended by an administrator. */
export const sessionsCommand = commandGroup('sessions', 'sessions of signed-in persons: list, end', {
  list: listCommand,
  end: endCommand,
});
