import { checkData } from './catalogue/check-data.js';
import type { EntryDraft, Receipt } from './entry.js';
import type { Lane } from './lane.js';

/** Long enough for a database that restarts; these entries have no caller who waits. */
const PATIENCE_MS = 30_000;

/**
 * The lane of entries that need nothing read and change nothing else. They are rare, so each is held to the whole schema
 * of its kind. Errors: `ENTRY_INVALID`.
 */
export const plainLane: Lane<EntryDraft, Receipt> = {
  name: '9-plain',
  patienceMs: PATIENCE_MS,
  settle: async (_tx, drafts) =>
    drafts.map((draft) => {
      checkData(draft.kind, draft.data);
      return { entries: [draft], effects: [], answer: ([receipt]) => receipt as Receipt };
    }),
};
