import { BridgeError } from '../../errors/bridge-error.js';
import type { Database, Queryable } from '../../storage/database.js';
import { tileReader } from '../checkpoint/tile-store.js';
import { type CompactRange, extendRange, rangeRoot } from '../compact-range.js';
import { firstLeafAt } from '../leaf-bounds.js';
import { leafHash } from '../leaf-hash.js';
import { growRange } from '../tree/grow-range.js';
import { rangeProof } from '../tree/proofs.js';
import { requireProved } from './check-stamped.js';
import { checkpointFrom, stamped } from './covering-checkpoint.js';
import { type NewFolder, newFolder, requireFree } from './evidence-files.js';
import type { ExportDeps } from './export-deps.js';
import { readLines } from './read-lines.js';
import { firstStampFrom, type StampedCheckpoint, stampsBetween } from './stamps.js';

/** Which entries: by their `at`, half-open; null = from the beginning, up to now. */
export interface ExportPeriod {
  readonly from: Date | null;
  readonly to: Date | null;
}

export interface WrittenExport {
  readonly first: bigint;
  readonly count: bigint;
  readonly checkpointSize: bigint;
}

export interface ExportHooks {
  /** Writes the export down in the log; until this is durable the folder does not have its name. */
  record(written: WrittenExport): Promise<void>;
  /** Told how many entries are written. */
  progress(written: bigint, of: bigint): void;
}

/**
 * Writes the export folder of docs/audit-formats.md. What it read from the database is held against the signed root while it
 * is written. Errors: `WRONG_USE` (folder in use, period empty, range detached), `LOG_INCONSISTENT` (a row is missing or
 * changed), `TIMESTAMP_UNAVAILABLE`, those of `publish`.
 */
export async function writeExport(
  deps: ExportDeps,
  period: ExportPeriod,
  directory: string,
  hooks: ExportHooks,
): Promise<WrittenExport> {
  await requireFree(directory);
  const { first, end, newest } = await chooseLeaves(deps, period);
  await requireAtHand(deps.db, first, end);
  const covering = newest.size === end ? null : await firstStampFrom(deps.db, deps.origin, end);
  const checkpoint = covering ?? (await stamped(deps, newest));
  return writeRange(deps, { first, end, checkpoint }, directory, hooks);
}

/** The same for the leaves [first, end), all of them below the head. */
export async function writeLeaves(
  deps: ExportDeps,
  { first, end }: { readonly first: bigint; readonly end: bigint },
  directory: string,
  hooks: ExportHooks,
): Promise<WrittenExport> {
  await requireFree(directory);
  await requireAtHand(deps.db, first, end);
  const covering = await firstStampFrom(deps.db, deps.origin, end);
  const checkpoint = covering ?? (await stamped(deps, await checkpointFrom(deps, end)));
  return writeRange(deps, { first, end, checkpoint }, directory, hooks);
}

async function writeRange(
  deps: ExportDeps,
  range: Range,
  directory: string,
  hooks: ExportHooks,
): Promise<WrittenExport> {
  const written = {
    first: range.first,
    count: range.end - range.first,
    checkpointSize: range.checkpoint.size,
  };
  const folder = await newFolder(directory);
  try {
    await writeFolder(deps, folder, range, hooks);
    await hooks.record(written);
    await folder.finish();
  } catch (error) {
    await folder.abandon();
    throw error;
  }
  return written;
}

/** A detached range must be attached first: an export with a hole would be none. */
async function requireAtHand(db: Database, first: bigint, end: bigint): Promise<void> {
  const { rows } = await db.query<{ part: bigint }>({
    text: 'SELECT part FROM bridge.log_detached WHERE part >= $1::bigint >> 20 AND part <= ($2::bigint - 1) >> 20 ORDER BY part LIMIT 1',
    values: [first, end],
  });
  if (rows[0] !== undefined)
    throw new BridgeError('WRONG_USE', `range ${rows[0].part} is detached: attach it first`);
}

interface Range {
  readonly first: bigint;
  readonly end: bigint;
  readonly checkpoint: StampedCheckpoint;
}

/**
 * Whether any entry stands in the period, so that an export of it can be made. One that reaches to `now` has entries as soon as it is asked
 * for: the asking is one. Errors: those of `Queryable`.
 */
export async function periodHolds(q: Queryable, { from, to }: ExportPeriod, now: Date): Promise<boolean> {
  if (to === null || to > now) return from === null || from <= now;
  const { rows } = await q.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_head' });
  const end = await firstLeafAt(q, to, rows[0]?.size ?? 0n);
  return (from === null ? 0n : await firstLeafAt(q, from, end)) < end;
}

/** The leaves of a period, and a signed checkpoint over at least these; of exactly these where the period reaches to now. */
async function chooseLeaves(deps: ExportDeps, { from, to }: ExportPeriod) {
  const { db, now } = deps;
  const { rows } = await db.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.log_head' });
  const size = rows[0]?.size ?? 0n;
  if (size === 0n) throw emptyPeriod();
  const newest = await checkpointFrom(deps, size);
  const end = to === null || to > now() ? newest.size : await firstLeafAt(db, to, size);
  const first = from === null ? 0n : await firstLeafAt(db, from, end);
  if (first >= end) throw emptyPeriod();
  return { first, end, newest };
}

function emptyPeriod(): BridgeError {
  return new BridgeError('WRONG_USE', 'no entry stands in this period');
}

async function writeFolder(
  deps: ExportDeps,
  folder: NewFolder,
  range: Range,
  hooks: ExportHooks,
): Promise<void> {
  const { first, end, checkpoint } = range;
  const proof = await rangeProof(first, end - first, checkpoint.size, tileReader(deps.db));
  const stamps = await stampsBetween(deps.db, deps.origin, first, end);
  const all = new Map([...stamps, checkpoint].map((stamp) => [stamp.size, stamp]));
  await requireProved(deps, all.values());
  const roots = await writeEntries(deps, folder, range, proof, new Set(all.keys()), hooks);
  for (const { size, root, note, response } of all.values()) {
    if (roots.get(size)?.equals(root) !== true)
      throw new BridgeError(
        'LOG_INCONSISTENT',
        `the entries do not give the root that was signed at ${size}`,
        { fields: { size: Number(size) } },
      );
    await folder.write(`timestamps/${size}.checkpoint`, note);
    await folder.write(`timestamps/${size}.tsr`, response);
  }
  await folder.write('checkpoint', checkpoint.note);
  const [left, right] = [proof.left, proof.right].map((side) => side.map((hash) => hash.toString('base64')));
  if (first > 0n || checkpoint.size > end)
    await folder.write('proofs/range.json', JSON.stringify({ left, right }));
  await folder.write('log.pub', `${deps.verifierKeys.join('\n')}\n`);
  await folder.write('tsa-ca.pem', deps.tsaCa);
  const description = { count: Number(end - first), first: Number(first), origin: deps.origin };
  await folder.write('export.json', `${JSON.stringify(description)}\n`);
}

/** Writes the lines; gives the roots at `sizes` and at the checkpoint's size that these lines, and the proof, give. */
async function writeEntries(
  deps: ExportDeps,
  folder: NewFolder,
  { first, end, checkpoint }: Range,
  proof: { readonly left: readonly Buffer[]; readonly right: readonly Buffer[] },
  sizes: ReadonlySet<bigint>,
  hooks: ExportHooks,
): Promise<ReadonlyMap<bigint, Buffer>> {
  const roots = new Map<bigint, Buffer>();
  let range: CompactRange = { size: first, hashes: proof.left };
  const entries = await folder.stream('entries.ndjson');
  try {
    for await (const lines of readLines(deps.db, first, end)) {
      await entries.append(`${lines.map(({ line }) => line).join('\n')}\n`);
      let leaves: Buffer[] = [];
      for (const { leafIndex, line } of lines) {
        leaves.push(leafHash(line));
        if (!sizes.has(leafIndex + 1n)) continue;
        range = extendRange(range, leaves);
        leaves = [];
        roots.set(range.size, rangeRoot(range));
      }
      range = extendRange(range, leaves);
      hooks.progress(range.size - first, end - first);
    }
  } finally {
    await entries.end();
  }
  return roots.set(checkpoint.size, rangeRoot(growRange(range, checkpoint.size, proof.right)));
}
