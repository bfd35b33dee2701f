import { BridgeError } from '../../errors/bridge-error.js';
import type { Transaction } from '../../storage/database.js';
import { SHARE_BATCH_LOCK } from '../batch-lock.js';
import { CATALOGUE, type EntryKind } from '../catalogue/catalogue.js';
import type { SealedValue } from '../seal.js';
import { fillSearchRows } from '../search/index-entries.js';
import type { MovedRange, RangeDeps } from './detach-range.js';
import { detachedSha256, leavesOf, PART_LEAVES, requireState } from './part.js';
import { partOfExport, readSealed, type SealedPiece, sha256OfEntries } from './read-sealed.js';

/**
 * Nobody has counted the rows that this transaction has just written, so the planner takes joins for small ones that read a
 * whole table for each piece: by index alone, each piece costs the same.
 */
const BEGIN = `SELECT pg_advisory_xact_lock(7202, 3); SET LOCAL statement_timeout = 0; SET LOCAL jit = off;
  SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off`;
/** Outcomes follow their intents within seconds: more entries than can be written meanwhile. */
const OUTCOMES_BEHIND = 1n << 17n;
/** Leaves of one statement: no statement may outlast its timeout. */
const STEP = 4096n;

interface Line {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly sealed: Readonly<Record<string, SealedValue>>;
}

/**
 * Brings a detached range back from its export folder: verified as a stranger would, each line against the hash tile that was
 * published of it, search rows made anew, those of persons only where the key still exists. Written down before it is done.
 * Errors: `EXPORT_INVALID` (no whole range, or not its lines), `STATE_CONFLICT` (not detached; keys were destroyed meanwhile:
 * again), and what `verify` throws.
 */
export async function attachRange(
  deps: RangeDeps,
  directory: string,
  record: (moved: MovedRange) => Promise<bigint>,
): Promise<MovedRange> {
  await deps.verify(directory);
  const part = await partOfExport(directory);
  const known = await detachedSha256(deps.db, part);
  requireState(known !== null, 'the range is not detached');
  const entriesSha256 = await sha256OfEntries(directory);
  requireSame(entriesSha256, known);
  const { first, end } = leavesOf(part);
  const moved: MovedRange = { first, count: PART_LEAVES, entriesSha256 };
  await record(moved);
  await deps.owner.transaction(
    async (tx) => {
      const destroyed = await countDestroyed(tx);
      await tx.query({ text: 'SELECT bridge.ensure_log_partition($1)', values: [first] });
      const written = await readSealed(tx, directory, part, async (piece) => {
        await insertPiece(tx, piece);
        deps.progress(piece.first + BigInt(piece.lines.length) - first, PART_LEAVES);
      });
      requireSame(written, known);
      // Those of outcomes behind the range, which hang at intents within it.
      await fillInSteps(tx, end, end + OUTCOMES_BEHIND);
      await tx.query({ text: 'DELETE FROM bridge.log_detached WHERE part = $1', values: [part] });
      // A key that is destroyed while we write takes the rows with it that it sees, and ours it does not see yet.
      await tx.run(SHARE_BATCH_LOCK);
      requireState(
        (await countDestroyed(tx)) === destroyed,
        'keys of persons were destroyed meanwhile: attach again',
      );
    },
    { begin: BEGIN },
  );
  return moved;
}

function requireSame(found: Buffer, known: Buffer | null): void {
  if (known?.equals(found) !== true)
    throw new BridgeError('EXPORT_INVALID', 'the entries are not those that were detached');
}

async function countDestroyed(tx: Transaction): Promise<bigint> {
  const { rows } = await tx.query<{ count: bigint }>({ text: 'SELECT count(*) FROM bridge.destroyed_key' });
  return rows[0]?.count ?? 0n;
}

async function insertPiece(tx: Transaction, piece: SealedPiece): Promise<void> {
  const { first, hashes } = piece;
  const lines = piece.lines.map((line) => JSON.parse(line) as Line);
  await tx.query({
    text: `INSERT INTO bridge.entry (leaf_index, entry_id, at, kind, leaf_hash, line)
      SELECT $1::bigint + n - 1, id, at, kind, hash, line
      FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::bytea[], $6::text[]) WITH ORDINALITY AS r(id, at, kind, hash, line, n)`,
    values: [
      first,
      lines.map(({ id }) => id),
      lines.map(({ at }) => at),
      lines.map(({ kind }) => kind),
      hashes,
      piece.lines,
    ],
  });
  await fillSearchRows(tx, first, first + BigInt(lines.length));
  await insertTags(tx, first, lines);
}

async function fillInSteps(tx: Transaction, first: bigint, end: bigint): Promise<void> {
  for (let at = first; at < end; at += STEP) await fillSearchRows(tx, at, at + STEP);
}

async function insertTags(tx: Transaction, first: bigint, lines: readonly Line[]): Promise<void> {
  const named = lines.flatMap(({ kind, sealed }, i) =>
    Object.entries(sealed)
      .filter(([field]) => CATALOGUE[kind as EntryKind].sealed[field]?.indexed === true)
      .map(([, { key }]) => ({ leaf: first + BigInt(i), key })),
  );
  // Two values of one person are one row.
  await tx.query({
    text: `INSERT INTO bridge.log_tag (tag, leaf_index, tag_key_id, year)
      SELECT DISTINCT k.tag, n.leaf, k.tag_key_id, k.year FROM unnest($1::bigint[], $2::uuid[]) AS n(leaf, key)
      JOIN bridge.person_key k ON k.key_id = n.key`,
    values: [named.map(({ leaf }) => leaf), named.map(({ key }) => key)],
  });
}
