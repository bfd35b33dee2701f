import type { Transaction } from '../../storage/database.js';
import { CATALOGUE, type EntryKind } from '../catalogue/catalogue.js';
import { FoundDifference } from './difference.js';
import { openLeafCursor } from './leaf-cursor.js';
import type { LineCheck, Piece } from './line-check.js';

interface TagRow {
  leaf: bigint;
  tag: Buffer;
  tag_key_id: number;
  year: number;
}

interface KeyRow {
  key_id: string;
  tag: Buffer;
  tag_key_id: number;
  year: number;
}

const NAME = 'search-tags';

/**
 * The search rows of persons (`log_tag`) against the entries: for each indexed sealed value whose key exists there is exactly
 * the row of that key's person, and no other row. Told without opening any value; rests on `checkKeys`.
 */
export function checkTags(tx: Transaction): LineCheck {
  const cursor = openLeafCursor<TagRow>(tx, {
    name: 'check_tags',
    select: (from, to) =>
      `SELECT leaf_index AS leaf, tag, tag_key_id, year FROM bridge.log_tag
        WHERE leaf_index >= ${from} AND leaf_index < ${to} ORDER BY leaf_index, tag`,
  });
  let rowsSeen = 0;
  return {
    name: NAME,
    take: async (piece) => {
      const wanted = await wantedRows(tx, piece);
      const rows = await cursor.below(piece.end);
      for (const row of rows) {
        if (!wanted.delete(rowName(row.leaf, row)))
          throw new FoundDifference(
            NAME,
            'a search row names a person who does not stand in the entry',
            row.leaf,
          );
      }
      const [missing] = wanted.values();
      if (missing !== undefined)
        throw new FoundDifference(NAME, 'a person in the entry has no search row', missing);
      rowsSeen += rows.length;
    },
    finish: async (size) => {
      // What the cursor holds behind the last entry is seen too: rows of leaves that nobody has written.
      const { rows } = await tx.query<{ leaf: bigint }>({
        text: 'SELECT leaf_index AS leaf FROM bridge.log_tag WHERE leaf_index >= $1 LIMIT 1',
        values: [size],
      });
      if (rows[0] !== undefined)
        throw new FoundDifference(NAME, 'a search row belongs to no entry', rows[0].leaf);
      return `${rowsSeen} search rows of persons fit their entries`;
    },
  };
}

async function wantedRows(tx: Transaction, piece: Piece): Promise<Map<string, bigint>> {
  const keys = await keysOf(tx, piece);
  const wanted = new Map<string, bigint>();
  for (const { leaf, kind, sealed } of piece.entries) {
    const fields = CATALOGUE[kind as EntryKind].sealed;
    for (const [field, { key: id }] of Object.entries(sealed)) {
      const key = keys.get(id);
      if (key !== undefined && fields[field]?.indexed === true) wanted.set(rowName(leaf, key), leaf);
    }
  }
  return wanted;
}

function rowName(leaf: bigint, row: Pick<TagRow, 'tag' | 'tag_key_id' | 'year'>): string {
  return `${leaf} ${row.tag.toString('hex')} ${row.tag_key_id} ${row.year}`;
}

async function keysOf(tx: Transaction, piece: Piece): Promise<ReadonlyMap<string, KeyRow>> {
  const ids = piece.entries.flatMap(({ sealed }) => Object.values(sealed).map(({ key }) => key));
  const { rows } = await tx.query<KeyRow>({
    text: 'SELECT key_id, tag, tag_key_id, year FROM bridge.person_key WHERE key_id = ANY($1::uuid[])',
    values: [[...new Set(ids)]],
  });
  return new Map(rows.map((row) => [row.key_id, row]));
}
