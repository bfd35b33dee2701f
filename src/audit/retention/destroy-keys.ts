import type { Queryable, Transaction } from '../../storage/database.js';
import type { Side } from '../catalogue/side.js';
import type { Effect, EffectApplier } from '../lane.js';

/** A key that is no more. */
export interface DestroyedKey {
  readonly keyId: string;
  readonly year: number;
  readonly side: Side;
}

/** What one destruction took away. Keys in order of ids. */
export interface Destruction {
  readonly keys: readonly DestroyedKey[];
  readonly searchRows: number;
}

/** A key `k` that no hold keeps. Part of every statement that destroys: what it keeps out is never destroyed. */
export const NOT_HELD = `NOT EXISTS (SELECT 1 FROM bridge.legal_hold h WHERE h.lifted_leaf IS NULL
  AND k.tag IN (h.actor_tag, h.subject_tag) AND k.year BETWEEN h.year_from AND h.year_to)`;

/** A key `k` that seals no record of destruction which must still be kept on the day $2. */
export const NOT_KEPT = `NOT EXISTS (SELECT 1 FROM bridge.destruction_officer o
  WHERE o.tag = k.tag AND o.year = k.year AND o.kept_until > $2::date)`;

interface KeyRow {
  key_id: string;
  tag: Buffer;
  year: number;
  side: Side;
}

const DELETE_KEYS = `DELETE FROM bridge.person_key k WHERE k.key_id = ANY($1::uuid[]) AND ${NOT_HELD} AND ${NOT_KEPT}
  RETURNING k.key_id, k.tag, k.year, k.side`;
const DELETE_ROWS = `DELETE FROM bridge.log_tag t USING unnest($1::bytea[], $2::smallint[]) AS g(tag, year)
  WHERE t.tag = g.tag AND t.year = g.year`;
const DELETE_RECORDS = `DELETE FROM bridge.destruction_officer o USING unnest($1::bytea[], $2::smallint[]) AS g(tag, year)
  WHERE o.tag = g.tag AND o.year = g.year`;

/**
 * Destroys those of `keyIds` that neither a hold nor a record of destruction keeps on `today`, with their search rows. Call it
 * while an exclusive lane settles, never as an effect: the entry that tells of it is sealed afterwards, so that an officer
 * whose own key goes is sealed under a new one.
 */
export async function destroyKeys(
  tx: Transaction,
  keyIds: readonly string[],
  today: string,
): Promise<Destruction> {
  if (keyIds.length === 0) return { keys: [], searchRows: 0 };
  const { rows } = await tx.query<KeyRow>({ text: DELETE_KEYS, values: [keyIds, today] });
  const values = [rows.map((row) => row.tag), rows.map((row) => row.year)];
  const { count } = await tx.query({ text: DELETE_ROWS, values });
  await tx.query({ text: DELETE_RECORDS, values });
  const keys = rows
    .map((row): DestroyedKey => ({ keyId: row.key_id, year: row.year, side: row.side }))
    .sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
  return { keys, searchRows: count };
}

/** Which side(s) the keys are of. */
export function sideOf(keys: readonly DestroyedKey[], otherwise: Side | 'both'): Side | 'both' {
  const sides = new Set(keys.map((key) => key.side));
  const [only] = sides;
  return sides.size === 0 ? otherwise : sides.size === 1 ? (only as Side) : 'both';
}

/** The rows by which the log's keys are held against the keys there are. */
export interface KeysDestroyed extends Effect {
  readonly kind: 'keys-destroyed';
  readonly keys: readonly DestroyedKey[];
}

export const keysDestroyedApplier: EffectApplier<KeysDestroyed> = {
  kind: 'keys-destroyed',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      await tx.query({
        text: `INSERT INTO bridge.destroyed_key (key_id, year, side, leaf_index)
          SELECT r.*, $4 FROM unnest($1::uuid[], $2::smallint[], $3::text[]) AS r ON CONFLICT (key_id) DO NOTHING`,
        values: [
          effect.keys.map((key) => key.keyId),
          effect.keys.map((key) => key.year),
          effect.keys.map((key) => key.side),
          receipt.leafIndex,
        ],
      });
    }
  },
};

/** Holds on one of these tags in any of these years, oldest first. */
export async function holdsOn(
  q: Queryable,
  tags: readonly Buffer[],
  yearFrom: number,
  yearTo: number,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ hold_id: string }>({
    text: `SELECT hold_id FROM bridge.legal_hold WHERE lifted_leaf IS NULL AND year_from <= $3 AND year_to >= $2
      AND (actor_tag = ANY($1::bytea[]) OR subject_tag = ANY($1::bytea[])) ORDER BY placed_leaf`,
    values: [tags, yearFrom, yearTo],
  });
  return rows.map((row) => row.hold_id);
}
