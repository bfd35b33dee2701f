import { commandGroup } from '../command-group.js';
import { mersisRegisterCommand } from './register.js';
import { mersisReleaseCommand } from './release.js';
import { mersisReviewCommand } from './review.js';
import { mersisStatusCommand } from './status.js';
import { mersisSyncCommand } from './sync.js';

/** `bridge mersis <what>`: what the registry says is read, looked at and let pass. */
export const mersisCommand = commandGroup(
  'mersis',
  'the registry of legal persons: sync, review, release, register, status',
  {
    sync: mersisSyncCommand,
    review: mersisReviewCommand,
    release: mersisReleaseCommand,
    register: mersisRegisterCommand,
    status: mersisStatusCommand,
  },
);
