import { BridgeError, type ErrorFields } from '../errors/bridge-error.js';
import type { EntryDraft } from './entry.js';
import type { EffectApplier, Settled } from './lane.js';

/** As randomUUID and PostgreSQL write it: an id that PostgreSQL gave back otherwise would not be found after a lost COMMIT. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Refuses, before anything is written, what a lane may not hand over: an effect without an entry that tells of it or
 * without somebody who applies it, an entry id that is not a UUID in lower case, two personal values for one field (one
 * would be lost). Errors: `ENTRY_INVALID`.
 */
export function checkSettled(
  settled: readonly Settled<unknown>[],
  appliers: ReadonlyMap<string, EffectApplier>,
): void {
  for (const { entries, effects } of settled) {
    if (effects.length > 0 && entries.length === 0) throw invalid('an effect needs an entry');
    for (const { kind } of effects) {
      if (!appliers.has(kind)) throw invalid('nobody applies this effect', { kind });
    }
    for (const entry of entries) checkDraft(entry);
  }
}

function checkDraft({ id, kind, personal }: EntryDraft): void {
  if (!ID.test(id)) throw invalid('an entry id is not a UUID in lower case', { kind });
  if (personal.length > 1 && new Set(personal.map((value) => value.field)).size !== personal.length)
    throw invalid('two personal values have the same field', { kind });
}

function invalid(message: string, fields: ErrorFields = {}): BridgeError {
  return new BridgeError('ENTRY_INVALID', message, { fields });
}
