import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable } from '../../storage/database.js';

/** Leaves of a range that can be detached: one partition (DESIGN §5). */
export const PART_LEAVES = 1n << 20n;

/** Tables that are cut by leaf: what goes and comes with a range. */
export const PART_TABLES = ['entry', 'log_tag', 'log_search', 'log_search_outcome'] as const;

/** First leaf and the one behind the last. */
export function leavesOf(part: bigint): { readonly first: bigint; readonly end: bigint } {
  return { first: part * PART_LEAVES, end: (part + 1n) * PART_LEAVES };
}

/** `bridge.entry_000003` for part 3: as `bridge.ensure_log_partition` names them. */
export function partTable(table: (typeof PART_TABLES)[number], part: bigint): string {
  return `bridge.${table}_${String(part).padStart(6, '0')}`;
}

/** The export of a detached part: SHA-256 of its `entries.ndjson`; null where the part is not detached. */
export async function detachedSha256(db: Queryable, part: bigint): Promise<Buffer | null> {
  const { rows } = await db.query<{ entries_sha256: Buffer }>({
    text: 'SELECT entries_sha256 FROM bridge.log_detached WHERE part = $1',
    values: [part],
  });
  return rows[0]?.entries_sha256 ?? null;
}

/** Throws `STATE_CONFLICT` with `message` unless it holds. */
export function requireState(holds: boolean, message: string): void {
  if (!holds) throw new BridgeError('STATE_CONFLICT', message);
}
