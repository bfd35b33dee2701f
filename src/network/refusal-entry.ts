import { randomUUID } from 'node:crypto';
import type { EntryDraft } from '../audit/entry.js';
import type { CountedRefusals } from './refusal-counter.js';

/** The entry of calls refused before a service was known, summed for one source and minute. */
export function refusalEntry(counted: CountedRefusals, instance: string): EntryDraft {
  const { source, minute, code, count } = counted;
  return {
    id: randomUUID(),
    kind: 'access.refused',
    eventAt: minute,
    data: { code, count, instance, minute: minute.toISOString(), source },
    personal: [],
  };
}
