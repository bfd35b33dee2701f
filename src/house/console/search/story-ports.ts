import { keysOf } from '../../../audit/checkpoint/publisher.js';
import type { VerifierKey } from '../../../audit/note/note.js';
import { plainLane } from '../../../audit/plain-lane.js';
import { indexEntries } from '../../../audit/search/index-entries.js';
import type { StoryPorts } from '../../../console/security/story/ports.js';
import { publisherDepsOf } from '../../open-evidence.js';
import type { RoomParts } from '../parts.js';
import { readEntry } from './read-entry.js';
import { readFee } from './read-fee.js';
import { readProof } from './read-proof.js';
import { readStory } from './read-story.js';
import { createReveal } from './reveal.js';

/** What pages of one entry need, over the log and the book. */
export function createStoryPorts(parts: RoomParts): StoryPorts {
  const { config, db, log } = parts;
  let keys: readonly VerifierKey[] | null = null;
  const keysOnce = () => {
    keys ??= keysOf(publisherDepsOf(config, db));
    return keys;
  };
  return {
    instance: config.instance,
    entry: (leaf) => readEntry(db, leaf),
    story: async (query) => {
      // A bounded step: an entry of this moment should find its query, and no page waits for a whole log to be indexed.
      await indexEntries(db);
      return readStory(db, query);
    },
    fee: (query) => readFee(db, query),
    proof: (entry) => readProof(db, config.audit.origin, keysOnce(), entry),
    record: async (draft) => void (await log.appender.submit(plainLane, draft)),
    reveal: createReveal(parts),
  };
}
