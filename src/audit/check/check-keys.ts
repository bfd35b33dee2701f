import { isBridgeError } from '../../errors/bridge-error.js';
import type { Transaction } from '../../storage/database.js';
import type { MasterKeys } from '../master-keys.js';
import { personKeyPlace } from '../person-keys.js';
import { FoundDifference } from './difference.js';
import { openLeafCursor } from './leaf-cursor.js';
import type { LineCheck, ReadEntry } from './line-check.js';

interface DestroyedRow {
  leaf: bigint;
  key_id: string;
}

interface KeyRow {
  key_id: string;
  tag: Buffer;
  year: number;
  master_key_id: string;
  wrapped: Buffer;
}

const NAME = 'keys';
const CHUNK = 5_000;

/**
 * The keys of persons against the entries: every key that an entry names exists, or an entry says that it was destroyed; none
 * that was destroyed exists again; every key opens under its master key at its place, where that master key is at hand.
 */
export async function checkKeys(tx: Transaction, masterKeys: MasterKeys, size: bigint): Promise<LineCheck> {
  const destroyed = await openLeafCursor<DestroyedRow>(
    tx,
    'check_destroyed',
    `SELECT leaf_index AS leaf, key_id FROM bridge.destroyed_key WHERE leaf_index < ${size} ORDER BY leaf_index, key_id`,
  );
  const counts = { named: 0, destroyed: 0 };
  return {
    name: NAME,
    take: async ({ end, entries }) => {
      counts.named += await requireKnown(tx, entries);
      const recorded = new Set(
        entries.flatMap((entry) =>
          entry.kind === 'retention.destroyed'
            ? (entry.data.keys as readonly string[]).map((id) => `${entry.leaf} ${id}`)
            : [],
        ),
      );
      const rows = await destroyed.below(end);
      for (const row of rows) {
        if (!recorded.delete(`${row.leaf} ${row.key_id}`))
          throw new FoundDifference(NAME, 'a key counts as destroyed, and no entry says so', row.leaf);
      }
      const [missing] = recorded;
      if (missing !== undefined)
        throw new FoundDifference(
          NAME,
          'an entry tells of a destroyed key that is not kept as destroyed',
          BigInt(missing.split(' ')[0] as string),
        );
      counts.destroyed += rows.length;
    },
    finish: async () => {
      await requireNoneBack(tx);
      const { opened, notOpened } = await requireSound(tx, masterKeys);
      const rest = notOpened === 0 ? '' : `, ${notOpened} lie under master keys that are not in the settings`;
      return `${counts.named} keys named by entries are there or were destroyed with a record (${counts.destroyed}); ${opened} open${rest}`;
    },
  };
}

async function requireKnown(tx: Transaction, entries: readonly ReadEntry[]): Promise<number> {
  const firstNamed = new Map<string, bigint>();
  for (const { leaf, sealed } of entries) {
    for (const { key } of Object.values(sealed)) if (!firstNamed.has(key)) firstNamed.set(key, leaf);
  }
  const { rows } = await tx.query<{ id: string }>({
    text: `SELECT id FROM unnest($1::uuid[]) AS n(id)
      WHERE NOT EXISTS (SELECT 1 FROM bridge.person_key k WHERE k.key_id = n.id)
        AND NOT EXISTS (SELECT 1 FROM bridge.destroyed_key d WHERE d.key_id = n.id)`,
    values: [[...firstNamed.keys()]],
  });
  const [row] = rows;
  if (row !== undefined)
    throw new FoundDifference(
      NAME,
      'a key that the entry names is gone without a record of its destruction',
      firstNamed.get(row.id) ?? null,
    );
  return firstNamed.size;
}

async function requireNoneBack(tx: Transaction): Promise<void> {
  const { rows } = await tx.query<{ leaf_index: bigint }>({
    text: 'SELECT d.leaf_index FROM bridge.destroyed_key d JOIN bridge.person_key k USING (key_id) ORDER BY 1 LIMIT 1',
  });
  const [back] = rows;
  if (back !== undefined)
    throw new FoundDifference(
      NAME,
      'a key exists although the log says that it was destroyed (a restored backup?): bridge audit destroy replay',
      back.leaf_index,
    );
}

async function requireSound(tx: Transaction, masterKeys: MasterKeys) {
  const counts = { opened: 0, notOpened: 0 };
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await tx.query<KeyRow>({
      text: `SELECT key_id, tag, year, master_key_id, wrapped FROM bridge.person_key
        WHERE key_id > $1 ORDER BY key_id LIMIT ${CHUNK}`,
      values: [after],
    });
    for (const row of rows) {
      try {
        masterKeys.unwrap(row.wrapped, personKeyPlace(row.key_id, row.tag, row.year), row.master_key_id);
        counts.opened += 1;
      } catch (error) {
        if (!isBridgeError(error, 'KEY_DESTROYED'))
          throw new FoundDifference(NAME, `key ${row.key_id} does not open: its row was changed`);
        counts.notOpened += 1;
      }
    }
    const last = rows.at(-1);
    if (last === undefined) return counts;
    after = last.key_id;
  }
}
