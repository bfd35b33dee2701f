import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Database } from '../../storage/database.js';
import { tiledSize } from '../checkpoint/tile-store.js';
import type { ExportDeps } from '../export/export-deps.js';
import { writeLeaves } from '../export/write-export.js';
import { detachedSha256, leavesOf, PART_LEAVES, PART_TABLES, partTable, requireState } from './part.js';
import { partOfExport, readSealed } from './read-sealed.js';

export interface RangeDeps extends ExportDeps {
  /** As the role that owns the tables: the application's own can take no entry away. */
  readonly owner: Database;
  /** The offline verifier over a folder; throws where a check does not hold. */
  readonly verify: (directory: string) => Promise<void>;
  readonly progress: (written: bigint, of: bigint) => void;
}

/** What is moved; `record` writes it down in the log before anything moves. */
export interface MovedRange {
  readonly first: bigint;
  readonly count: bigint;
  readonly entriesSha256: Buffer;
}

/**
 * DETACH wants each table for itself for a moment, and whoever comes meanwhile waits behind it. All four waits together are
 * shorter than PostgreSQL's deadlock_timeout (1 s): where a reader holds one table and wants the next, we give way, never it.
 */
const LOCK =
  "SELECT pg_advisory_xact_lock(7202, 3); SET LOCAL lock_timeout = '200ms'; SET LOCAL statement_timeout = 0";
/** Tries at the moment when nobody reads: most of a minute. */
const MAX_TRIES = 60;
const PAUSE_MS = 700;
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/**
 * Writes part number `part` out as a sealed export, verifies that folder as a stranger would, and only then takes the rows out
 * of the database. The tree, its tiles and every proof stay. Where an earlier try failed after its folder was written, that
 * folder is verified again and used. Errors: `STATE_CONFLICT` (not whole, not searchable yet, detached already, read without
 * end), those of exports, `EXPORT_INVALID`, and what `verify` throws.
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
  if (!(await isExport(directory))) {
    const hooks = { record: async () => undefined, progress: deps.progress };
    await writeLeaves(deps, { first, end }, directory, hooks);
  } else if ((await partOfExport(directory)) !== part) {
    throw new BridgeError('WRONG_USE', '--out holds the export of another range');
  }
  await deps.verify(directory);
  const entriesSha256 = await readSealed(deps.db, directory, part, async () => undefined);
  const moved: MovedRange = { first, count: PART_LEAVES, entriesSha256 };
  const leaf = await record(moved);
  await takeOut(deps, part, entriesSha256, leaf);
  return moved;
}

async function isExport(directory: string): Promise<boolean> {
  return (await stat(join(directory, 'export.json')).catch(() => null)) !== null;
}

async function takeOut(
  { owner, sleep }: RangeDeps,
  part: bigint,
  sha256: Buffer,
  leaf: bigint,
): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      return await dropPart(owner, part, sha256, leaf);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== LOCK_NOT_AVAILABLE && code !== DEADLOCK) throw error;
    }
    await sleep(PAUSE_MS);
  }
  throw new BridgeError(
    'STATE_CONFLICT',
    'somebody reads the log without end: try again with the same --out',
  );
}

function dropPart(owner: Database, part: bigint, sha256: Buffer, leaf: bigint): Promise<void> {
  return owner.transaction(
    async (tx) => {
      await tx.query({
        text: 'INSERT INTO bridge.log_detached (part, entries_sha256, detached_leaf) VALUES ($1, $2, $3)',
        values: [part, sha256, leaf],
      });
      for (const table of PART_TABLES)
        await tx.run(`ALTER TABLE bridge.${table} DETACH PARTITION ${partTable(table, part)}`);
      for (const table of PART_TABLES) await tx.run(`DROP TABLE ${partTable(table, part)}`);
    },
    { begin: LOCK },
  );
}
