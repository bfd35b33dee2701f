import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

const origin = z.string().max(400);
const note = z.string().max(65_536);
const verifierKey = z.string().max(500);
/** Root of a tree: 32 bytes in base64, as in a checkpoint. */
const root = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);

/** The log about itself: its key, the head outside the database, and its going on after a loss. */
export const TREE_KINDS = {
  'log.key-changed': {
    when: 'when a start finds another key for checkpoints than the one recorded last, or a first one',
    data: z.strictObject({
      from: verifierKey.nullable().describe('verifier key recorded before; null for the first one'),
      instance: member.instance,
      old: z.array(verifierKey).max(64).describe('verifier keys that only verify from now on'),
      to: verifierKey.describe('verifier key that signs from now on'),
    }),
    sealed: {},
  },
  'log.witness-missing': {
    when: 'when a start finds no checkpoint outside the database though the log was in use: the log cannot be held against anything but itself',
    data: z.strictObject({
      checkpointSize: member.leaf
        .nullable()
        .describe('size of the newest checkpoint in the database; null where there is none'),
      instance: member.instance,
      size: member.leaf.describe('size of the log then'),
    }),
    sealed: {},
  },
  'log.continued': {
    when: 'when two officers let the log go on under a new origin after a loss, before the first checkpoint under it',
    data: z.strictObject({
      actor: member.actor,
      heldRoot: root.describe('root of the log as it was found'),
      heldSize: member.leaf.describe(
        'leaves of the log as it was found; what the old log held beyond is lost',
      ),
      instance: member.instance,
      newOrigin: origin.describe('name of the log from here on'),
      oldNote: note.describe('the last checkpoint known of the old log, the whole signed note'),
      oldOrigin: origin.describe('name of the log before'),
      oldRoot: root.describe('root in that checkpoint'),
      oldSize: member.leaf.describe('size in that checkpoint'),
      reason: z.string().min(1).max(500).describe('reason that the officers gave; nothing personal'),
      second: member.actor.describe('session in which the second person acted'),
    }),
    sealed: { ...ACTOR, 'second.number': { side: 'actor', indexed: true } },
  },
} as const satisfies Record<string, KindRow>;
