import type { Database, Transaction } from '../../storage/database.js';
import type { MasterKeys } from '../master-keys.js';
import type { VerifierKey } from '../note/note.js';
import { PART_LEAVES } from '../ranges/part.js';
import type { CaCertificates } from '../timestamp/chain.js';
import { holdHead, openHead } from './check-head.js';
import { checkKeys } from './check-keys.js';
import { checkRanges } from './check-ranges.js';
import { checkSearch } from './check-search.js';
import { checkStamps, type SignedRoot, signedRoots } from './check-signed.js';
import { checkTags } from './check-tags.js';
import { checkUpperTiles, type GrownTree, growFromEntries } from './check-tree.js';
import { witnessRoot } from './check-witness.js';
import { type Difference, FoundDifference } from './difference.js';
import { type DetachedParts, isDetached, readDetachedParts } from './entries-at.js';
import type { LineCheck } from './line-check.js';
import { type FitsCatalogue, readPiece } from './read-entries.js';

export interface CheckDeps {
  readonly db: Database;
  readonly masterKeys: MasterKeys;
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
  readonly ca: CaCertificates;
  /** The checkpoint outside the database as its file stands there; null where there is none. */
  readonly readWitness: () => Promise<string | null>;
  readonly fitsCatalogue: FitsCatalogue;
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
/**
 * One snapshot of everything: what is written meanwhile is not looked at, and cannot look like a difference. Memory for
 * sorting one range of tags; no JIT for statements that come by the thousand.
 */
const SNAPSHOT =
  "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL work_mem = '128MB'; SET LOCAL jit = off";

/**
 * Holds the live database against itself: entries, tree, checkpoints, witness, time stamps, search rows, keys, and what other
 * rooms keep beside. Reads each entry once, in pieces, no statement longer than a range's sort. Ends at the first difference.
 * Errors: those of `Database`; what does not agree is no error but the result.
 */
export async function checkLog(deps: CheckDeps): Promise<CheckReport> {
  // Read before the snapshot: it is written after what it names, so the snapshot cannot be behind it.
  const witness = await deps.readWitness();
  return deps.db.transaction((tx) => checkSnapshot(deps, tx, witness), { begin: SNAPSHOT });
}

async function checkSnapshot(deps: CheckDeps, tx: Transaction, witness: string | null): Promise<CheckReport> {
  const passed: { check: string; text: string }[] = [];
  const pass = (check: string, text: string) => passed.push({ check, text });
  let size = 0n;
  try {
    const head = await openHead(tx);
    size = head.size;
    const detached = await readDetachedParts(tx);
    const ranges = await checkRanges(tx, size, detached);
    const signed = [
      ...(await signedRoots(tx, deps.keys, size)),
      ...witnessRoot(witness, deps.origin, deps.keys, size),
    ];
    const tree = growFromEntries(tx, sizesOf(signed), rootsHeldAgainst(signed));
    const checks = await openChecks(deps, tx, size, detached);
    const lastAt = await readAll(deps, tx, tree, checks, size, detached);
    await holdHead(tx, head, tree.range(), lastAt);
    pass('entries', `${size} entries, gapless, each as its hash and its catalogue say`);
    pass('ranges', ranges);
    pass('head', `root ${tree.root().toString('hex')}`);
    pass('tiles', `${await checkUpperTiles(tx, sizesOf(signed).at(-1) ?? 0n)} hash tiles`);
    pass('checkpoints', `${signed.length} signed roots, the one outside the database among them`);
    pass('time-stamps', `${await checkStamps(tx, deps.ca)} time stamps`);
    for (const check of checks) pass(check.name, await check.finish(size));
    return { size, passed, difference: null };
  } catch (error) {
    if (!(error instanceof FoundDifference)) throw error;
    return { size, passed, difference: error.difference };
  }
}

/** Keys first: the search rows of persons rest on them. One after the other, since all stand on one connection. */
async function openChecks(
  deps: CheckDeps,
  tx: Transaction,
  size: bigint,
  detached: DetachedParts,
): Promise<readonly LineCheck[]> {
  const checks = [
    await checkKeys(tx, deps.masterKeys, detached),
    checkTags(tx),
    await checkSearch(tx, size, detached),
  ];
  for (const open of deps.beside) checks.push(await open(tx, size));
  return checks;
}

function sizesOf(signed: readonly SignedRoot[]): readonly bigint[] {
  return signed.map(({ size }) => size).sort(byNumber);
}

/** Of one size there is one root, whoever signed it and wherever it stands. */
function rootsHeldAgainst(signed: readonly SignedRoot[]): (size: bigint, root: Buffer) => void {
  const bySize = new Map<bigint, SignedRoot[]>();
  for (const one of signed) bySize.set(one.size, [...(bySize.get(one.size) ?? []), one]);
  return (size, root) => {
    const other = bySize.get(size)?.find((one) => !one.root.equals(root));
    if (other === undefined) return;
    throw new FoundDifference(
      other.where === 'witness' ? 'witness' : 'checkpoints',
      `the entries give another root than was signed at ${size}`,
      size,
    );
  };
}

/** Returns the `at` of the last entry; null where that is not at hand. */
async function readAll(
  { fitsCatalogue, progress }: CheckDeps,
  tx: Transaction,
  tree: GrownTree,
  checks: readonly LineCheck[],
  size: bigint,
  detached: DetachedParts,
): Promise<string | null> {
  let at = '';
  while (tree.size < size) {
    const partEnd = (tree.size / PART_LEAVES + 1n) * PART_LEAVES;
    if (isDetached(detached, tree.size)) {
      await tree.skip(partEnd);
      continue;
    }
    const end = [tree.size + PIECE, partEnd, size].sort(byNumber)[0] as bigint;
    const piece = await readPiece(tx, fitsCatalogue, tree.size, end, at);
    at = piece.entries.at(-1)?.at ?? at;
    await tree.add(piece);
    for (const check of checks) await check.take(piece);
    progress(tree.size, size);
  }
  return size === 0n || isDetached(detached, size - 1n) ? null : at;
}

function byNumber(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
