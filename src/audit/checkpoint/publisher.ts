import { BridgeError, isBridgeError } from '../../errors/bridge-error.js';
import type { Database, Transaction } from '../../storage/database.js';
import { rangeRoot } from '../compact-range.js';
import { type Checkpoint, formatCheckpoint, openCheckpoint } from '../note/checkpoint.js';
import { type NoteSigner, signNote, type VerifierKey } from '../note/note.js';
import { rootOf } from '../tree/proofs.js';
import { type HeadSource, requirePrefix } from './prefix.js';
import {
  insertCheckpoint,
  lastCheckpoint,
  readHead,
  type StoredCheckpoint,
  thinCheckpoints,
  verifyStored,
} from './store.js';
import { growTiles, tiledSize, tileReader } from './tile-store.js';
import { claimedOrigin, readWitnessFile, writeWitnessFile } from './witness-file.js';

/**
 * How the public side of the log stands. `behind`: entries wait for a checkpoint. `inconsistent`: the last run found that
 * the log is not the continuation of what was signed before; nothing is signed until a run finds it sound again. Sizes and
 * time are those of the last run; `witnessMissing` stays for the life of the process.
 */
interface PublisherState {
  readonly kind: 'current' | 'behind' | 'inconsistent';
  readonly size: bigint;
  readonly checkpointSize: bigint;
  readonly lastSignedAt: Date | null;
  readonly witnessMissing: boolean;
}

/** Makes the log's growth public. */
export interface Publisher {
  /**
   * Builds tiles, signs where the tree grew, keeps the checkpoint and then the witness file. Gives the newest checkpoint,
   * whoever signed it; null for an empty log. Where another process publishes at this moment, its last one is given.
   * Errors: `LOG_INCONSISTENT`, `LOG_SHORTER` (nothing was signed), those of `Database` and of the file system.
   */
  publish(): Promise<StoredCheckpoint | null>;
  state(): PublisherState;
}

/** A publisher that also tells what it last saw, without asking the database. */
export interface KnowingPublisher extends Publisher {
  last(): StoredCheckpoint | null;
}

/** What a publisher tells while it works. */
export type PublisherEvent =
  | { readonly type: 'signed'; readonly size: bigint }
  | { readonly type: 'inconsistent'; readonly error: unknown }
  | { readonly type: 'thinning-failed'; readonly error: unknown }
  | { readonly type: 'witness-missing'; readonly size: bigint };

export interface PublisherDeps {
  readonly db: Database;
  readonly signer: NoteSigner;
  /** Keys that signed before: they only verify. */
  readonly oldKeys: readonly VerifierKey[];
  readonly origin: string;
  /** The last checkpoint outside the database. */
  readonly witnessFile: string;
  readonly now: () => Date;
  /** What the check at the start found (`checkAtStart`). */
  readonly witnessMissing?: boolean;
  /** Only where a log is continued: the witness file may still be that of this log, and is kept under that name. */
  readonly succeeds?: { readonly origin: string; readonly keepAs: string };
  readonly observe?: (event: PublisherEvent) => void;
}

/** Of several processes one publishes at a time; nobody waits for it. Held to the end of the transaction. */
const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock(7202, 4) AS mine';
/** Leaves that one transaction puts into tiles: seconds, where a log without tiles is caught up with. */
const MAX_GROWN = 1n << 18n;
/** Runs between two that thin out old checkpoints: half a minute at two runs a second. */
const THIN_EVERY = 64;

interface Base {
  readonly source: HeadSource;
  readonly head: Checkpoint;
}

interface Step {
  /** The tree is not yet wholly in tiles. */
  readonly more: boolean;
  readonly size: bigint;
  readonly checkpoint: StoredCheckpoint | null;
  readonly signed: boolean;
}

/** A publisher for one process; any number of processes may have one on the same database, each with its witness file. */
export function createPublisher(deps: PublisherDeps): KnowingPublisher {
  let state: PublisherState = {
    kind: 'behind',
    size: 0n,
    checkpointSize: 0n,
    lastSignedAt: null,
    witnessMissing: deps.witnessMissing ?? false,
  };
  let last: StoredCheckpoint | null = null;
  let runs = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const run = async () => {
    const witness = await readWitness(deps);
    // Also what this process has seen counts, whatever became of the table and of the file since.
    const bases: Base[] = [
      ...(witness === null ? [] : [{ source: 'witness' as const, head: witness }]),
      ...(last === null ? [] : [{ source: 'memory' as const, head: last }]),
    ];
    if (witness === null && last !== null && deps.succeeds === undefined) {
      state = { ...state, witnessMissing: true };
      deps.observe?.({ type: 'witness-missing', size: last.size });
    }
    let step: Step;
    do step = await deps.db.transaction((tx) => takeStep(tx, bases, deps));
    while (step.more);
    const { size, checkpoint, signed } = step;
    last = checkpoint;
    const checkpointSize = checkpoint?.size ?? 0n;
    state = {
      ...state,
      kind: checkpointSize === size ? 'current' : 'behind',
      size,
      checkpointSize,
      lastSignedAt: checkpoint?.signedAt ?? null,
    };
    if (signed) deps.observe?.({ type: 'signed', size });
    // Only after COMMIT: outside must never stand what the database does not know.
    if (checkpoint !== null && (witness === null || witness.size < checkpoint.size))
      await writeWitnessFile(deps.witnessFile, checkpoint.note, await keptName(deps));
    runs += 1;
    if (signed && runs % THIN_EVERY === 1)
      // What was signed stands: chores that fail come again.
      await thinCheckpoints(deps.db, deps.now()).catch((error: unknown) =>
        deps.observe?.({ type: 'thinning-failed', error }),
      );
    return checkpoint;
  };

  const publish = async () => {
    try {
      return await run();
    } catch (error) {
      if (isBridgeError(error, 'LOG_INCONSISTENT', 'LOG_SHORTER')) {
        // Told once, not twice a second until somebody comes.
        const news = state.kind !== 'inconsistent';
        state = { ...state, kind: 'inconsistent' };
        if (news) deps.observe?.({ type: 'inconsistent', error });
      }
      throw error;
    }
  };

  return {
    publish: () => {
      // One after the other: whoever asks now must have what was written before now.
      const mine = turn.then(publish);
      turn = mine.catch(() => undefined);
      return mine;
    },
    state: () => state,
    last: () => last,
  };
}

/**
 * One transaction. The order of reading matters where another process publishes meanwhile: older heads first, then what
 * they must be the beginning of.
 */
async function takeStep(tx: Transaction, others: readonly Base[], deps: PublisherDeps): Promise<Step> {
  const { rows } = await tx.query<{ mine: boolean }>({ text: TRY_LOCK });
  const mine = rows[0]?.mine === true;
  const stored = await lastCheckpoint(tx, deps.origin);
  const bases = stored === null ? others : [storedBase(stored, deps), ...others];
  const tiled = await tiledSize(tx);
  const head = await readHead(tx);
  if (tiled > head.size)
    throw new BridgeError('LOG_INCONSISTENT', 'the tiles hold more than the log', {
      fields: { what: 'tile', size: Number(head.size), tiled: Number(tiled) },
    });
  let size = tiled;
  if (mine) {
    size = head.size - tiled > MAX_GROWN ? tiled + MAX_GROWN : head.size;
    await growTiles(tx, tiled, size);
    if (size < head.size) return { more: true, size: head.size, checkpoint: stored, signed: false };
  }
  const read = tileReader(tx);
  const root = await rootOf(size, read);
  if (size === head.size && !root.equals(rangeRoot(head)))
    throw new BridgeError('LOG_INCONSISTENT', 'tiles and head give different roots', {
      fields: { what: 'head', size: Number(size) },
    });
  for (const { source, head: older } of bases) await requirePrefix(source, older, { size, root }, read);
  if (!mine || size === 0n || stored?.size === size)
    return { more: false, size: head.size, checkpoint: stored, signed: false };
  const checkpoint = sign({ origin: deps.origin, size, root }, deps);
  await insertCheckpoint(tx, checkpoint);
  return { more: false, size, checkpoint, signed: true };
}

function sign(checkpoint: Checkpoint, { signer, now }: PublisherDeps): StoredCheckpoint {
  return { ...checkpoint, note: signNote(formatCheckpoint(checkpoint), signer), signedAt: now() };
}

function storedBase(stored: StoredCheckpoint, deps: PublisherDeps): Base {
  try {
    return { source: 'stored-checkpoint', head: verifyStored(stored, keysOf(deps)) };
  } catch (cause) {
    if (!isBridgeError(cause, 'NOTE_INVALID')) throw cause;
    throw unverifiable('stored-checkpoint', cause);
  }
}

/** The head in the witness file; null where there is none, or that of the log that this one succeeds. */
async function readWitness(deps: PublisherDeps): Promise<Checkpoint | null> {
  const found = await readWitnessFile(deps.witnessFile);
  if (found.kind === 'absent') return null;
  if (found.kind === 'unusable') throw unverifiable('witness', new Error(found.why));
  if (deps.succeeds !== undefined && claimedOrigin(found.note) === deps.succeeds.origin) return null;
  try {
    return openCheckpoint(found.note, deps.origin, keysOf(deps));
  } catch (cause) {
    throw unverifiable('witness', cause);
  }
}

/** Where the file of the log that this one succeeds is kept; undefined where nothing of it stands there. */
async function keptName({ succeeds, witnessFile }: PublisherDeps): Promise<string | undefined> {
  if (succeeds === undefined) return undefined;
  const found = await readWitnessFile(witnessFile);
  return found.kind === 'found' && claimedOrigin(found.note) === succeeds.origin
    ? succeeds.keepAs
    : undefined;
}

/** Every key that a checkpoint of this log may be signed with. */
export function keysOf({ signer, oldKeys }: Pick<PublisherDeps, 'signer' | 'oldKeys'>): VerifierKey[] {
  return [signer.key, ...oldKeys];
}

function unverifiable(what: HeadSource, cause: unknown): BridgeError {
  return new BridgeError(
    'LOG_INCONSISTENT',
    'a signed head cannot be verified: it was changed, or its key is missing in audit.oldCheckpointKeys',
    { fields: { what }, cause },
  );
}
