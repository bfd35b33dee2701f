import { isBridgeError } from '../../errors/bridge-error.js';
import type { Transaction } from '../../storage/database.js';
import { CATALOGUE, type EntryKind } from '../catalogue/catalogue.js';
import type { MasterKeys } from '../master-keys.js';
import { personKeyPlace } from '../person-keys.js';
import { FoundDifference } from './difference.js';
import { type DetachedParts, entriesAt, isDetached } from './entries-at.js';
import { scanRows } from './leaf-cursor.js';
import type { LineCheck, ReadEntry } from './line-check.js';

interface DestroyedRow {
  readonly leaf: bigint;
  readonly key_id: string;
}

interface KeyRow {
  readonly key_id: string;
  readonly tag: Buffer;
  readonly year: number;
  readonly master_key_id: string;
  readonly wrapped: Buffer;
  readonly destroyed: bigint | null;
}

const NAME = 'keys';
const CHUNK = 5_000;

/**
 * The keys of persons against the entries. Before the first entry: every key opens under its master key at its place, where
 * that master key is at hand, and none that was destroyed exists again. Then every key that an entry names exists on the side
 * of its field, or an entry says that it was destroyed; and what counts as destroyed was destroyed by an entry.
 */
export async function checkKeys(
  tx: Transaction,
  masterKeys: MasterKeys,
  detached: DetachedParts,
): Promise<LineCheck> {
  const { opened, notOpened } = await requireSound(tx, masterKeys);
  const counts = { named: 0, destroyed: 0 };
  return {
    name: NAME,
    take: async ({ entries }) => {
      counts.named += await requireKnown(tx, entries);
      counts.destroyed += await requireDestroyed(
        tx,
        entries.filter(({ kind }) => kind === 'retention.destroyed'),
      );
    },
    finish: async () => {
      await requireRecords(tx, detached, counts.destroyed);
      const rest = notOpened === 0 ? '' : `, ${notOpened} lie under master keys that are not in the settings`;
      return `keys named by entries are there or were destroyed with a record (${counts.destroyed}); ${opened} open${rest}`;
    },
  };
}

async function requireKnown(tx: Transaction, entries: readonly ReadEntry[]): Promise<number> {
  const named = entries.flatMap(({ leaf, kind, sealed }) =>
    Object.entries(sealed).map(([field, { key }]) => ({
      leaf,
      key,
      side: CATALOGUE[kind as EntryKind].sealed[field]?.side,
    })),
  );
  const ids = [...new Set(named.map(({ key }) => key))];
  const { rows } = await tx.query<{ id: string; side: string | null }>({
    text: `SELECT n.id, coalesce(k.side, d.side) AS side FROM unnest($1::uuid[]) AS n(id)
      LEFT JOIN bridge.person_key k ON k.key_id = n.id LEFT JOIN bridge.destroyed_key d ON d.key_id = n.id`,
    values: [ids],
  });
  const sides = new Map(rows.map(({ id, side }) => [id, side]));
  for (const { leaf, key, side } of named) {
    const held = sides.get(key) ?? null;
    if (held === null)
      throw new FoundDifference(
        NAME,
        'a key that the entry names is gone without a record of its destruction',
        leaf,
      );
    // The term of a side is not that of the other: a key on the wrong side would be destroyed at another time.
    if (held !== side)
      throw new FoundDifference(NAME, 'a key that the entry names stands on the other side', leaf);
  }
  return ids.length;
}

/** Keys that an entry says it destroyed are kept as destroyed: by this entry, or where there was a replay by another one. */
async function requireDestroyed(tx: Transaction, entries: readonly ReadEntry[]): Promise<number> {
  if (entries.length === 0) return 0;
  const told = entries.flatMap(({ leaf, data }) =>
    (data.keys as readonly string[]).map((key) => ({ leaf, key })),
  );
  const { rows } = await tx.query<DestroyedRow>({
    text: 'SELECT leaf_index AS leaf, key_id FROM bridge.destroyed_key WHERE key_id = ANY($1::uuid[])',
    values: [told.map(({ key }) => key)],
  });
  const leaves = new Map(rows.map(({ leaf, key_id }) => [key_id, leaf]));
  let first = 0;
  for (const { leaf, key } of told) {
    const held = leaves.get(key);
    if (held === undefined)
      throw new FoundDifference(
        NAME,
        'an entry tells of a destroyed key that is not kept as destroyed',
        leaf,
      );
    if (held === leaf) first += 1;
  }
  return first;
}

/** No row says that a key was destroyed without an entry: it would hide one that was deleted by hand. */
async function requireRecords(tx: Transaction, detached: DetachedParts, recorded: number): Promise<void> {
  const select = 'SELECT leaf_index AS leaf, key_id FROM bridge.destroyed_key';
  let count = 0;
  for await (const rows of scanRows<DestroyedRow>(tx, 'check_destroyed', select))
    count += rows.filter(({ leaf }) => !isDetached(detached, leaf)).length;
  if (count === recorded) return;
  for await (const rows of scanRows<DestroyedRow>(tx, 'check_destroyed_again', select)) {
    const entries = await entriesAt(
      tx,
      rows.map(({ leaf }) => leaf),
    );
    const odd = rows.find(({ leaf, key_id }) => {
      const entry = entries.get(leaf);
      const told = entry?.kind === 'retention.destroyed' ? (entry.data.keys as readonly string[]) : [];
      return !isDetached(detached, leaf) && !told.includes(key_id);
    });
    if (odd !== undefined)
      throw new FoundDifference(NAME, 'a key counts as destroyed, and the entry does not say so', odd.leaf);
  }
  throw new FoundDifference(NAME, 'more keys count as destroyed than entries say');
}

async function requireSound(tx: Transaction, masterKeys: MasterKeys) {
  const counts = { opened: 0, notOpened: 0 };
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await tx.query<KeyRow>({
      text: `SELECT k.key_id, k.tag, k.year, k.master_key_id, k.wrapped, d.leaf_index AS destroyed
        FROM bridge.person_key k LEFT JOIN bridge.destroyed_key d ON d.key_id = k.key_id
        WHERE k.key_id > $1 ORDER BY k.key_id LIMIT ${CHUNK}`,
      values: [after],
    });
    for (const row of rows) {
      if (row.destroyed !== null)
        throw new FoundDifference(
          NAME,
          'a key exists although the log says that it was destroyed (a restored backup?): bridge audit destroy replay',
          row.destroyed,
        );
      if (opens(row, masterKeys)) counts.opened += 1;
      else counts.notOpened += 1;
    }
    const last = rows.at(-1);
    if (last === undefined) return counts;
    after = last.key_id;
  }
}

/** False where its master key is not at hand. */
function opens(row: KeyRow, masterKeys: MasterKeys): boolean {
  try {
    masterKeys.unwrap(row.wrapped, personKeyPlace(row.key_id, row.tag, row.year), row.master_key_id);
    return true;
  } catch (error) {
    if (isBridgeError(error, 'KEY_DESTROYED')) return false;
    throw new FoundDifference(NAME, `key ${row.key_id} does not open: its row was changed`);
  }
}
