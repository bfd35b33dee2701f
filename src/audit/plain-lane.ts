import type { EntryDraft, Receipt } from './entry.js';
import type { Lane } from './lane.js';

/** Long enough for a database that restarts; these entries have no caller who waits. */
const PATIENCE_MS = 30_000;

/** The lane of entries that need nothing read and change nothing else. */
export const plainLane: Lane<EntryDraft, Receipt> = {
  name: '9-plain',
  patienceMs: PATIENCE_MS,
  settle: async (_tx, drafts) =>
    drafts.map((draft) => ({ entries: [draft], effects: [], answer: ([receipt]) => receipt as Receipt })),
};
