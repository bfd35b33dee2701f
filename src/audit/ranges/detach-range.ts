import { join } from 'node:path';
import type { Database } from '../../storage/database.js';
import { tiledSize } from '../checkpoint/tile-store.js';
import type { ExportDeps } from '../export/export-deps.js';
import { writeLeaves } from '../export/write-export.js';
import {
  detachedSha256,
  leavesOf,
  PART_LEAVES,
  PART_TABLES,
  partTable,
  requireState,
  sha256OfFile,
} from './part.js';

export interface RangeDeps extends ExportDeps {
  /** As the role that owns the tables: the application's own can take no entry away. */
  readonly owner: Database;
  /** The offline verifier over a folder; throws where a check does not hold. */
  readonly verify: (directory: string) => Promise<void>;
  readonly progress: (written: bigint, of: bigint) => void;
}

/** What was moved; `record` writes it down in the log before anything leaves the database. */
export interface MovedRange {
  readonly first: bigint;
  readonly count: bigint;
  readonly entriesSha256: Buffer;
}

/**
 * Takes ALTER TABLE's short lock only when nobody holds the tables: an append that waited behind a waiting ALTER would stand
 * as long as the longest reader. Tried again by whoever runs the command.
 */
const LOCK =
  "SELECT pg_advisory_xact_lock(7202, 3); SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = 0";

/**
 * Writes part number `part` out as a sealed export, verifies that folder as a stranger would, and only then takes the rows out
 * of the database. The tree, its tiles and every proof stay. Errors: `STATE_CONFLICT` (not whole, not searchable yet, detached
 * already), those of exports, and what `verify` throws.
 */
export async function detachRange(
  deps: RangeDeps,
  part: bigint,
  directory: string,
  record: (moved: MovedRange) => Promise<bigint>,
): Promise<MovedRange> {
  const { first, end } = leavesOf(part);
  requireState((await detachedSha256(deps.db, part)) === null, 'the range is detached already');
  requireState((await tiledSize(deps.db)) >= end, 'the range is not whole and published yet');
  const { rows } = await deps.db.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_indexed' });
  requireState((rows[0]?.size ?? 0n) >= end, 'the range has not all its search rows yet');
  await writeLeaves(deps, { first, end }, directory, {
    record: async () => undefined,
    progress: deps.progress,
  });
  await deps.verify(directory);
  const entriesSha256 = await sha256OfFile(join(directory, 'entries.ndjson'));
  const moved: MovedRange = { first, count: PART_LEAVES, entriesSha256 };
  const leaf = await record(moved);
  await deps.owner.transaction(
    async (tx) => {
      await tx.query({
        text: 'INSERT INTO bridge.log_detached (part, entries_sha256, detached_leaf) VALUES ($1, $2, $3)',
        values: [part, entriesSha256, leaf],
      });
      for (const table of PART_TABLES) {
        await tx.run(`ALTER TABLE bridge.${table} DETACH PARTITION ${partTable(table, part)}`);
        await tx.run(`DROP TABLE ${partTable(table, part)}`);
      }
    },
    { begin: LOCK },
  );
  return moved;
}
