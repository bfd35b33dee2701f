import { BridgeError, isBridgeError } from '../../errors/bridge-error.js';
import type { Database, Transaction } from '../../storage/database.js';
import { type Checkpoint, openCheckpoint } from '../note/checkpoint.js';
import type { VerifierKey } from '../note/note.js';
import { rootOf } from '../tree/proofs.js';
import { readContinuedAs } from './continue-lane.js';
import { type HeadSource, requirePrefix } from './prefix.js';
import { lastCheckpoint, lastOfOtherOrigin, readHead, type StoredCheckpoint, verifyStored } from './store.js';
import { tiledSize, tileReader } from './tile-store.js';
import { claimedOrigin, readWitnessFile } from './witness-file.js';

export interface StartCheck {
  readonly db: Database;
  readonly origin: string;
  /** All keys that a checkpoint of this log may be signed with, the active one among them. */
  readonly keys: readonly VerifierKey[];
  readonly witnessFile: string;
}

/** What the check found: sizes for the entry `log.witness-missing`. */
export interface StartFinding {
  /** No checkpoint outside the database although the log was in use: an alarm, and no reason to trust. */
  readonly witnessMissing: boolean;
  readonly size: bigint;
  readonly checkpointSize: bigint | null;
}

/** Where a person reads on. */
const RECIPE = 'see docs/recipes.md, "The log after a restored backup"';

/**
 * Holds the log against its last checkpoints, the one outside the database and the one in it, before anything is served.
 * Reads only. Errors: `LOG_SHORTER` (a restored backup), `LOG_INCONSISTENT` (another log than the one that was signed),
 * `START_REFUSED` (a witness that cannot be used, another origin, an unknown key); each says what to do.
 */
export async function checkAtStart(check: StartCheck): Promise<StartFinding> {
  const witness = await openWitness(check);
  return check.db.transaction(async (tx) => {
    const stored = await lastCheckpoint(tx, check.origin);
    // A log that went on under a new name never goes on under an old one, whatever was signed under that before.
    const continued = await readContinuedAs(tx);
    if (continued !== null && continued !== check.origin) throw otherOrigin(continued, check.origin);
    const other = stored === null && continued === null ? await lastOfOtherOrigin(tx, check.origin) : null;
    if (other !== null) throw otherOrigin(other.origin, check.origin);
    const tiled = await tiledSize(tx);
    const head = await readHead(tx);
    const bases: [HeadSource, Checkpoint][] = [];
    if (witness !== null) bases.push(['witness', witness]);
    if (stored !== null) bases.push(['stored-checkpoint', verifiedStored(stored, check)]);
    for (const [source, { size }] of bases) if (size > head.size) throw shorter(source, size, head.size);
    const read = tileReader(tx);
    const tree = { size: tiled, root: await rootOf(tiled, read) };
    try {
      for (const [source, older] of bases) await requirePrefix(source, older, tree, read);
    } catch (error) {
      throw explained(error);
    }
    const used = stored !== null || (await holdsMoreThanCommands(tx));
    return {
      witnessMissing: witness === null && used,
      size: head.size,
      checkpointSize: stored?.size ?? null,
    };
  });
}

/**
 * Before its first start a log may hold uses of commands alone (`bridge migrate`), and refused ones: nobody has signed anything then, and no
 * witness can be missing.
 */
async function holdsMoreThanCommands(tx: Transaction): Promise<boolean> {
  const { rows } = await tx.query({
    text: "SELECT 1 FROM bridge.entry WHERE kind NOT IN ('command.run', 'command.refused') ORDER BY leaf_index LIMIT 1",
  });
  return rows.length > 0;
}

async function openWitness({ witnessFile, origin, keys }: StartCheck): Promise<Checkpoint | null> {
  const found = await readWitnessFile(witnessFile);
  if (found.kind === 'absent') return null;
  if (found.kind === 'unusable') throw unusable(witnessFile, found.why);
  const claimed = claimedOrigin(found.note);
  if (claimed === null) throw unusable(witnessFile, 'it holds no checkpoint');
  if (claimed !== origin) throw otherOrigin(claimed, origin);
  try {
    return openCheckpoint(found.note, origin, keys);
  } catch (cause) {
    throw unknownKey('the checkpoint in audit.checkpointFile', cause);
  }
}

function verifiedStored(stored: StoredCheckpoint, { keys }: StartCheck): Checkpoint {
  try {
    return verifyStored(stored, keys);
  } catch (error) {
    throw isBridgeError(error, 'NOTE_INVALID')
      ? unknownKey('the last checkpoint in the database', error)
      : explained(error);
  }
}

function unusable(file: string, why: string): BridgeError {
  return new BridgeError(
    'START_REFUSED',
    `audit.checkpointFile cannot be used: ${why}. It holds the last head of the log, outside the database: bring it back from its own backup (or from another instance); if nobody has it, move it away, and the start is an alarm in the log`,
    { fields: { part: 'audit-log', path: file } },
  );
}

function unknownKey(what: string, cause: unknown): BridgeError {
  return new BridgeError(
    'START_REFUSED',
    `${what} is signed by no key that is known, or was changed: after a change of audit.checkpointKey the verifier key of the old one belongs into audit.oldCheckpointKeys`,
    { fields: { part: 'audit-log' }, cause },
  );
}

function otherOrigin(found: string, origin: string): BridgeError {
  return new BridgeError(
    'START_REFUSED',
    `the last checkpoint is that of the log ${found}, the settings (audit.origin) name ${origin}: only \`bridge audit continue\` lets a log go on under a new name; ${RECIPE}`,
    { fields: { part: 'audit-log', found, origin } },
  );
}

function shorter(source: HeadSource, signed: bigint, held: bigint): BridgeError {
  return new BridgeError(
    'LOG_SHORTER',
    `the log has ${held} entries, but ${signed} were signed: the database was restored from a backup, or cut off. Nothing is served on it; ${RECIPE}`,
    { fields: { part: 'audit-log', what: source, size: Number(held), signed: Number(signed) } },
  );
}

/** The same error with what to do, where it says that the log is another one. */
function explained(error: unknown): unknown {
  if (!isBridgeError(error, 'LOG_INCONSISTENT', 'LOG_SHORTER')) return error;
  return new BridgeError(
    'LOG_INCONSISTENT',
    `${error.message}: it was changed, or restored from a backup and written to since. Nothing is served on it; keep it as it is and call the security officer; ${RECIPE}`,
    { fields: { ...error.fields, part: 'audit-log' }, cause: error },
  );
}
