import type { VerifierKey } from '../note/note.js';
import { openStoredNote, type SignedRoot } from './check-signed.js';
import { FoundDifference } from './difference.js';

const NAME = 'witness';

/**
 * The checkpoint outside the database (`witness`: what stands in its file, null where there is none) as a root that the
 * entries must give. Throws `FoundDifference`.
 */
export function witnessRoot(
  witness: string | null,
  origin: string,
  keys: readonly VerifierKey[],
  size: bigint,
): readonly SignedRoot[] {
  if (witness === null) {
    if (size === 0n) return [];
    throw new FoundDifference(NAME, 'the checkpoint outside the database is missing');
  }
  const checkpoint = openStoredNote(witness, origin, keys);
  if (checkpoint === null)
    throw new FoundDifference(
      NAME,
      'the checkpoint outside the database is not one of this log and its keys',
    );
  if (checkpoint.size > size)
    throw new FoundDifference(
      NAME,
      `the log has ${size} entries, and had ${checkpoint.size} when its checkpoint was last written outside the database`,
      size,
    );
  return [{ size: checkpoint.size, root: checkpoint.root, where: 'witness' }];
}
