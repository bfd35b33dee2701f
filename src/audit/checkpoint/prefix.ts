import { BridgeError } from '../../errors/bridge-error.js';
import type { Checkpoint } from '../note/checkpoint.js';
import { checkConsistency, consistencyProof, type NodeReader } from '../tree/proofs.js';

/** Where an older head comes from: told in errors. */
export type HeadSource = 'stored-checkpoint' | 'witness' | 'memory';

/** A tree by size and root. */
export type TreeHead = Pick<Checkpoint, 'size' | 'root'>;

/**
 * Demands that the tree `now` begins with the tree `older`. Throws `LOG_SHORTER` where it is smaller, `LOG_INCONSISTENT`
 * where it holds something else; `read` gives the nodes of `now`.
 */
export async function requirePrefix(
  source: HeadSource,
  older: TreeHead,
  now: TreeHead,
  read: NodeReader,
): Promise<void> {
  const fields = { what: source, size: Number(older.size), treeSize: Number(now.size) };
  if (older.size > now.size)
    throw new BridgeError('LOG_SHORTER', 'the log is shorter than a head of it that was signed', { fields });
  if (older.size === 0n) return;
  const holds =
    older.size === now.size
      ? older.root.equals(now.root)
      : checkConsistency({
          from: older.size,
          to: now.size,
          fromRoot: older.root,
          toRoot: now.root,
          proof: await consistencyProof(older.size, now.size, read),
        });
  if (!holds)
    throw new BridgeError('LOG_INCONSISTENT', 'the log does not begin with a head of it that was signed', {
      fields,
    });
}
