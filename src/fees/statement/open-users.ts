import { entriesAt, isDetached, readDetachedParts } from '../../audit/check/entries-at.js';
import type { MasterKeys } from '../../audit/master-keys.js';
import { type FoundKey, readKeysById } from '../../audit/person-keys.js';
import { openValue, type SealedValue } from '../../audit/seal.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import type { Queryable } from '../../storage/database.js';
import type { OpenUsers } from './read-users.js';

/** The key is destroyed; the entry went away with its range; somebody changed what the log holds. */
const DESTROYED = 'silinmiş';
const DETACHED = 'arşivde';
const UNREADABLE = 'okunamıyor';

const FIELD = 'actor.number';
const LINES = 'SELECT leaf_index AS leaf, line FROM bridge.entry WHERE leaf_index = ANY($1::bigint[])';

interface Intent {
  readonly id: string;
  readonly sealed: Readonly<Record<string, SealedValue>>;
}

/**
 * Opens who asked: the outcome names its intent, where the number stands sealed. Nobody else's value is opened. `db` is not the statement's
 * snapshot: a key that was destroyed since it was taken must not open. Keys are read here and kept nowhere.
 */
export function createOpenUsers(db: Queryable, masterKeys: MasterKeys): OpenUsers {
  return async (leaves) => {
    const outcomes = await entriesAt(db, leaves);
    const intentOf = new Map([...outcomes].map(([leaf, { data }]) => [leaf, leafOf(data.intent)] as const));
    const intents = await readIntents(
      db,
      [...intentOf.values()].filter((leaf) => leaf !== null),
    );
    const values = [...intents.values()].flatMap(({ sealed }) => sealed[FIELD] ?? []);
    const keys = await readKeysById(
      db,
      masterKeys,
      values.map(({ key }) => key),
    );
    const parts = await readDetachedParts(db);
    return leaves.map((leaf) => {
      if (isDetached(parts, leaf)) return DETACHED;
      const at = intentOf.get(leaf) ?? null;
      if (at === null) return UNREADABLE;
      return isDetached(parts, at) ? DETACHED : numberOf(intents.get(at), keys);
    });
  };
}

async function readIntents(db: Queryable, leaves: readonly bigint[]): Promise<ReadonlyMap<bigint, Intent>> {
  const { rows } = await db.query<{ leaf: bigint; line: string }>({ text: LINES, values: [leaves] });
  return new Map(rows.map(({ leaf, line }) => [leaf, JSON.parse(line) as Intent]));
}

function leafOf(value: unknown): bigint | null {
  const text = String(value);
  return /^\d{1,18}$/.test(text) ? BigInt(text) : null;
}

function numberOf(intent: Intent | undefined, keys: ReadonlyMap<string, FoundKey>): string {
  const sealed = intent?.sealed[FIELD];
  if (intent === undefined || sealed === undefined) return UNREADABLE;
  const key = keys.get(sealed.key) ?? 'destroyed';
  if (key === 'destroyed') return DESTROYED;
  if (key === 'unreadable') return UNREADABLE;
  try {
    const parsed = KimlikNo.parse(openValue(sealed, key, intent.id, FIELD));
    return parsed.ok ? parsed.value.reveal() : UNREADABLE;
  } catch (error) {
    if (isBridgeError(error, 'SEALED_VALUE_INVALID')) return UNREADABLE;
    throw error;
  }
}
