import { draftOf } from '../draft.js';
import type { EntryDraft } from '../entry.js';
import type { CheckReport } from './check-log.js';

/** What the log says of a check of itself: that all of it holds, or the first check that failed and where. */
export function checkedEntry({ difference, size }: CheckReport, instance: string, now: Date): EntryDraft {
  return draftOf('log.checked', now, {
    check: difference?.check ?? null,
    instance,
    leaf: difference?.leaf == null ? null : Number(difference.leaf),
    ok: difference === null,
    size: Number(size),
  });
}
