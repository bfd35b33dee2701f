import { commandGroup } from '../command-group.js';
import { listCommand } from './list.js';
import { redriveCommand } from './redrive.js';

/** `bridge webhooks <what>`: what waits for receivers of events, and what was given up. */
export const webhooksCommand = commandGroup(
  'webhooks',
  'events on their way to registered receivers: list, redrive',
  { list: listCommand, redrive: redriveCommand },
);
