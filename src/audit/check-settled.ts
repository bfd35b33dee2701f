import { BridgeError, type ErrorFields } from '../errors/bridge-error.js';
import { CATALOGUE } from './catalogue/catalogue.js';
import type { SealedField } from './catalogue/kind-row.js';
import type { EntryDraft, PersonalValue } from './entry.js';
import type { EffectApplier, Settled } from './lane.js';

/** As randomUUID and PostgreSQL write it: an id that PostgreSQL gave back otherwise would not be found after a lost COMMIT. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Closed {
  readonly members: ReadonlySet<string>;
  readonly sealed: Readonly<Record<string, SealedField>>;
}

/** What the catalogue says, as far as each batch is held to it: a schema's whole check would cost more than the append. */
const KINDS: ReadonlyMap<string, Closed> = new Map(
  Object.entries(CATALOGUE).map(([kind, row]) => [
    kind,
    { members: new Set(Object.keys(row.data.shape)), sealed: row.sealed },
  ]),
);

/**
 * Refuses, before anything is written, what a lane may not hand over: an effect without an entry that tells of it or
 * without somebody who applies it, an entry id that is not a UUID in lower case, a kind that the catalogue has not, members
 * of `data` other than its kind's, a personal value that its kind does not allow, two for one field (one would be lost).
 * Errors: `ENTRY_INVALID`.
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

function checkDraft({ id, kind, data, personal }: EntryDraft): void {
  if (!ID.test(id)) throw invalid('an entry id is not a UUID in lower case', { kind });
  const closed = KINDS.get(kind);
  if (closed === undefined) throw invalid('no such kind of entry');
  let members = 0;
  for (const name in data) {
    if (!closed.members.has(name)) throw invalid('the data have a member that the kind has not', { kind });
    members += 1;
  }
  if (members !== closed.members.size) throw invalid('the data lack a member of the kind', { kind });
  for (const value of personal) checkPersonal(value, closed, kind);
  if (personal.length > 1 && new Set(personal.map((value) => value.field)).size !== personal.length)
    throw invalid('two personal values have the same field', { kind });
}

/** A value on the wrong side would be destroyed with the wrong key; one indexed by mistake would be found. */
function checkPersonal({ field, side, indexed }: PersonalValue, closed: Closed, kind: string): void {
  const allowed = Object.hasOwn(closed.sealed, field) ? closed.sealed[field] : undefined;
  if (allowed === undefined) throw invalid('a personal value that the kind does not allow', { kind });
  if (allowed.side !== side || allowed.indexed !== indexed)
    throw invalid('a personal value is not as the kind says', { kind, field });
}

function invalid(message: string, fields: ErrorFields = {}): BridgeError {
  return new BridgeError('ENTRY_INVALID', message, { fields });
}
