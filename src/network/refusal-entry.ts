import { draftOf } from '../audit/draft.js';
import type { EntryDraft } from '../audit/entry.js';
import type { CountedRefusals } from './refusal-counter.js';

/** The entry of calls that ended without one of their own, summed for one source and minute. */
export function refusalEntry(counted: CountedRefusals, instance: string): EntryDraft {
  const { source, minute, code, count } = counted;
  return draftOf('access.refused', minute, { code, count, instance, minute: minute.toISOString(), source });
}
