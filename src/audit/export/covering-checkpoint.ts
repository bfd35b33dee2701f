import { BridgeError } from '../../errors/bridge-error.js';
import type { ExportDeps, StoredCheckpoint } from './export-deps.js';
import { firstStampFrom, type StampedCheckpoint } from './stamps.js';

/** Another instance may be publishing; it takes milliseconds. */
const PAUSE_MS = 50;
/** Ten seconds: an instance that publishes no longer has let go of its lock by then. */
const MAX_TRIES = 200;

/** A signed checkpoint over at least `size` leaves, made now where there is none. Errors: those of `publish`; `AUDIT_UNAVAILABLE`. */
export async function checkpointFrom(deps: ExportDeps, size: bigint): Promise<StoredCheckpoint> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const checkpoint = await deps.publisher.publish();
    if (checkpoint !== null && checkpoint.size >= size) return checkpoint;
    await deps.sleep(PAUSE_MS);
  }
  throw new BridgeError('AUDIT_UNAVAILABLE', 'no checkpoint covers the log yet; is another instance stuck?');
}

/** `checkpoint` with a time stamp, taken now where it has none. Errors: `TIMESTAMP_UNAVAILABLE`. */
export async function stamped(deps: ExportDeps, checkpoint: StoredCheckpoint): Promise<StampedCheckpoint> {
  const found = await firstStampFrom(deps.db, deps.origin, checkpoint.size);
  if (found !== null && found.size === checkpoint.size) return found;
  const { response } = await deps.stamper.stamp(checkpoint);
  return { size: checkpoint.size, root: checkpoint.root, note: checkpoint.note, response };
}
