import type { Database, Transaction } from '../../storage/database.js';
import type { JsonObject } from '../canonical-json.js';
import { readHead } from '../checkpoint/store.js';
import { encodeRange } from '../compact-range.js';
import { leafHash } from '../leaf-hash.js';
import type { MasterKeys } from '../master-keys.js';
import type { VerifierKey } from '../note/note.js';
import type { SealedValue } from '../seal.js';
import type { CaCertificates } from '../timestamp/chain.js';
import { checkKeys } from './check-keys.js';
import { checkSearch } from './check-search.js';
import { checkStamps, openStoredNote, type SignedRoot, signedRoots } from './check-signed.js';
import { checkTags } from './check-tags.js';
import { checkUpperTiles, type GrownTree, growFromEntries } from './check-tree.js';
import { type Difference, FoundDifference } from './difference.js';
import type { LineCheck, Piece, ReadEntry } from './line-check.js';

export interface CheckDeps {
  readonly db: Database;
  readonly masterKeys: MasterKeys;
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
  readonly ca: CaCertificates;
  /** The checkpoint outside the database as its file stands there; null where there is none. */
  readonly readWitness: () => Promise<string | null>;
  /** The full schema of a kind; a sentence about what does not fit, or null. */
  readonly fitsCatalogue: (kind: string, data: JsonObject, sealed: readonly string[]) => string | null;
  /** Rooms that keep tables of their own beside the log (fee book, authority) hold them against it. */
  readonly beside: readonly ((tx: Transaction, size: bigint) => Promise<LineCheck>)[];
  readonly progress: (checked: bigint, of: bigint) => void;
}

export interface CheckReport {
  readonly size: bigint;
  readonly passed: readonly { readonly check: string; readonly text: string }[];
  readonly difference: Difference | null;
}

/** Entries in one piece. */
const PIECE = 2_000n;
const PART = 1n << 20n;
/** One snapshot of everything: what is written meanwhile is not looked at, and cannot look like a difference. */
const SNAPSHOT =
  'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = 0';

/**
 * Holds the live database against itself: entries, tree, checkpoints, witness, time stamps, search rows, keys, and what other
 * rooms keep beside. Ends at the first difference. Errors: those of `Database`; what does not agree is no error but the result.
 */
export async function checkLog(deps: CheckDeps): Promise<CheckReport> {
  // Read before the snapshot: it is written after what it names, so the snapshot cannot be behind it.
  const witness = await deps.readWitness();
  return deps.db.transaction((tx) => checkSnapshot(deps, tx, witness), { begin: SNAPSHOT });
}

async function checkSnapshot(deps: CheckDeps, tx: Transaction, witness: string | null): Promise<CheckReport> {
  const passed: { check: string; text: string }[] = [];
  let size = 0n;
  try {
    const head = await readHead(tx);
    size = head.size;
    const signed = [...(await signedRoots(tx, deps.keys, size)), ...witnessRoot(deps, witness, size)];
    const tree = await growFromEntries(tx, signed.map((one) => one.size).sort(byNumber), (at, root) =>
      holdRoots(signed, at, root),
    );
    const checks = [
      await checkTags(tx, size),
      await checkSearch(tx, size),
      await checkKeys(tx, deps.masterKeys, size),
      ...(await inOrder(deps.beside, (open) => open(tx, size))),
    ];
    await readAll(deps, tx, tree, checks, size);
    passed.push({
      check: 'entries',
      text: `${size} entries, gapless, each as its hash and its catalogue say`,
    });
    if (!encodeRange(tree.range()).equals(encodeRange(head)))
      throw new FoundDifference('head', 'the entries give another root than the head of the log');
    passed.push({ check: 'head', text: `root ${tree.root().toString('hex')}` });
    passed.push({ check: 'tiles', text: `${await checkUpperTiles(tx, newest(signed))} hash tiles` });
    passed.push({
      check: 'checkpoints',
      text: `${signed.length} signed roots, the one outside the database among them`,
    });
    passed.push({ check: 'time-stamps', text: `${await checkStamps(tx, deps.ca)} time stamps` });
    for (const check of checks) passed.push({ check: check.name, text: await check.finish(size) });
    return { size, passed, difference: null };
  } catch (error) {
    if (!(error instanceof FoundDifference)) throw error;
    return { size, passed, difference: error.difference };
  }
}

function witnessRoot(deps: CheckDeps, witness: string | null, size: bigint): readonly SignedRoot[] {
  if (witness === null) {
    if (size === 0n) return [];
    throw new FoundDifference('witness', 'the checkpoint outside the database is missing');
  }
  const checkpoint = openStoredNote(witness, deps.origin, deps.keys);
  if (checkpoint === null)
    throw new FoundDifference(
      'witness',
      'the checkpoint outside the database is not one of this log and its keys',
    );
  if (checkpoint.size > size)
    throw new FoundDifference(
      'witness',
      `the log has ${size} entries, and had ${checkpoint.size} when its checkpoint was last written outside the database`,
      size,
    );
  return [{ size: checkpoint.size, root: checkpoint.root, where: 'witness' }];
}

function newest(signed: readonly SignedRoot[]): bigint {
  return signed.map(({ size }) => size).sort(byNumber).at(-1) ?? 0n;
}

function holdRoots(signed: readonly SignedRoot[], size: bigint, root: Buffer): void {
  const other = signed.find((one) => one.size === size && !one.root.equals(root));
  if (other === undefined) return;
  throw new FoundDifference(
    other.where === 'witness' ? 'witness' : 'checkpoints',
    `the entries give another root than was signed at ${size}`,
    size,
  );
}

interface EntryRow {
  leaf_index: bigint;
  entry_id: string;
  at: Date;
  kind: string;
  leaf_hash: Buffer;
  line: string;
}

async function readAll(
  deps: CheckDeps,
  tx: Transaction,
  tree: GrownTree,
  checks: readonly LineCheck[],
  size: bigint,
): Promise<void> {
  const { rows } = await tx.query<{ part: bigint }>({ text: 'SELECT part FROM bridge.log_detached' });
  const detached = new Set(rows.map(({ part }) => part));
  let at = '';
  while (tree.size < size) {
    const part = tree.size / PART;
    if (detached.has(part)) {
      await tree.skip((part + 1n) * PART);
      continue;
    }
    const end = [tree.size + PIECE, (part + 1n) * PART, size].sort(byNumber)[0] as bigint;
    const piece = await readPiece(deps, tx, tree.size, end, at);
    at = piece.entries.at(-1)?.at ?? at;
    await tree.add(piece);
    for (const check of checks) await check.take(piece);
    deps.progress(tree.size, size);
  }
  const { rows: beyond } = await tx.query<{ leaf_index: bigint }>({
    text: 'SELECT leaf_index FROM bridge.entry WHERE leaf_index >= $1 ORDER BY leaf_index LIMIT 1',
    values: [size],
  });
  if (beyond[0] !== undefined)
    throw new FoundDifference('entries', 'an entry stands beyond the head of the log', beyond[0].leaf_index);
}

async function readPiece(
  deps: CheckDeps,
  tx: Transaction,
  from: bigint,
  end: bigint,
  after: string,
): Promise<Piece> {
  const { rows } = await tx.query<EntryRow>({
    text: 'SELECT leaf_index, entry_id, at, kind, leaf_hash, line FROM bridge.entry WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index',
    values: [from, end],
  });
  let last = after;
  const entries: ReadEntry[] = [];
  for (let leaf = from; leaf < end; leaf += 1n) {
    const row = rows[Number(leaf - from)];
    if (row === undefined || row.leaf_index !== leaf)
      throw new FoundDifference('entries', 'an entry is missing', leaf);
    const entry = readEntry(row);
    if (entry.at < last)
      throw new FoundDifference('entries', 'an entry is older than the one before it', leaf);
    const misfit = deps.fitsCatalogue(entry.kind, entry.data, Object.keys(entry.sealed));
    if (misfit !== null)
      throw new FoundDifference('entries', `an entry does not fit its kind: ${misfit}`, leaf);
    last = entry.at;
    entries.push(entry);
  }
  return { from, end, entries };
}

function readEntry(row: EntryRow): ReadEntry {
  const leaf = row.leaf_index;
  const hash = leafHash(row.line);
  if (!hash.equals(row.leaf_hash))
    throw new FoundDifference('entries', 'an entry’s line is not the one that was hashed', leaf);
  let line: { id: string; kind: string; at: string; data: JsonObject; sealed: Record<string, SealedValue> };
  try {
    line = JSON.parse(row.line);
  } catch {
    throw new FoundDifference('entries', 'an entry’s line is no JSON', leaf);
  }
  if (line.id !== row.entry_id || line.kind !== row.kind || line.at !== row.at.toISOString())
    throw new FoundDifference('entries', 'a column beside the line says something else than the line', leaf);
  const { id, kind, at, data, sealed } = line;
  return { leaf, hash, line: row.line, id, kind, at, data, sealed };
}

async function inOrder<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function byNumber(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
