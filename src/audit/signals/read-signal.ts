import type { Queryable } from '../../storage/database.js';
import type { DataOf } from '../catalogue/catalogue.js';
import { entriesAt } from '../check/entries-at.js';
import { findSignal, type ListedSignal } from './list-signals.js';

/** A signal with what an officer has written about it. */
export interface ShownSignal extends ListedSignal {
  /** Null while it is open, and where its entry is not at hand. */
  readonly decided: { readonly at: Date; readonly note: string } | null;
}

/** The signal `id`; null where there is none. */
export async function readSignal(q: Queryable, id: string): Promise<ShownSignal | null> {
  const signal = await findSignal(q, id);
  if (signal === null || signal.decidedLeaf === null)
    return signal === null ? null : { ...signal, decided: null };
  const entry = (await entriesAt(q, [signal.decidedLeaf])).get(signal.decidedLeaf);
  if (entry?.kind !== 'signal.decided') return { ...signal, decided: null };
  const { note } = entry.data as unknown as DataOf<'signal.decided'>;
  return { ...signal, decided: { at: entry.at, note } };
}
