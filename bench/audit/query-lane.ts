import type { EntryDraft, Receipt } from '../../src/audit/entry.js';
import type { Lane } from '../../src/audit/lane.js';

/**
 * Entries of queries as their own lanes hand them in: held to kinds and members by every batch, and not, as rare entries are,
 * to the whole schema.
 */
export const queryLane: Lane<EntryDraft, Receipt> = {
  name: '2-query',
  patienceMs: 30_000,
  settle: async (_tx, drafts) =>
    drafts.map((draft) => ({
      entries: [draft],
      effects: [],
      answer: ([receipt]) => receipt as Receipt,
    })),
};
