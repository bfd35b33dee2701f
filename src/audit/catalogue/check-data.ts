import { BridgeError } from '../../errors/bridge-error.js';
import { CATALOGUE, type EntryKind } from './catalogue.js';
import type { KindRow } from './kind-row.js';

/** The row of a kind; undefined where there is none. */
export function kindRow(kind: string): KindRow | undefined {
  return Object.hasOwn(CATALOGUE, kind) ? CATALOGUE[kind as EntryKind] : undefined;
}

/**
 * Holds `data` against the whole schema of its kind. Too slow for queries, right for rare entries and for checking what
 * stands in the log. Errors: `ENTRY_INVALID` with the kind and the paths of what is wrong, never a value.
 */
export function checkData(kind: string, data: unknown): void {
  const row = kindRow(kind);
  if (row === undefined) throw new BridgeError('ENTRY_INVALID', 'no such kind of entry');
  const checked = row.data.safeParse(data);
  if (checked.success) return;
  const paths = checked.error.issues.map(({ code, path }) => `${path.join('.')} ${code}`);
  throw new BridgeError('ENTRY_INVALID', 'the data of an entry are not what its kind says', {
    fields: { kind, what: paths.slice(0, MAX_TOLD).join(', ') },
  });
}

/** Faults named in one error: the first ones show the rule. */
const MAX_TOLD = 5;
