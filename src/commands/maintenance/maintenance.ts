import { commandGroup } from '../command-group.js';
import { closeCommand } from './close.js';
import { listCommand } from './list.js';
import { openCommand } from './open.js';

/** `bridge maintenance <what>`: times in which a national system is not asked. */
export const maintenanceCommand = commandGroup(
  'maintenance',
  'times in which KPS or MERSİS is not asked: open, close, list',
  { open: openCommand, close: closeCommand, list: listCommand },
);
