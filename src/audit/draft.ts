import { randomUUID } from 'node:crypto';
import type { DataOf } from './catalogue/catalogue.js';
import type { EntryDraft, EntryKind, PersonalValue } from './entry.js';

/** An entry of `kind` with a fresh id, its data held to the catalogue by the compiler. */
export function draftOf<K extends EntryKind>(
  kind: K,
  eventAt: Date,
  data: DataOf<K>,
  personal: readonly PersonalValue[] = [],
): EntryDraft {
  return { id: randomUUID(), kind, eventAt, data: data as EntryDraft['data'], personal };
}
