import { createHash } from 'node:crypto';
import { BridgeError, isBridgeError } from '../../errors/bridge-error.js';
import { openCheckpoint } from '../note/checkpoint.js';
import { parseVerifierKey } from '../note/note.js';
import { readCaCertificates } from '../timestamp/chain.js';
import { checkResponse } from '../timestamp/check-response.js';
import type { ExportDeps } from './export-deps.js';
import type { StampedCheckpoint } from './stamps.js';

/**
 * Holds stamped checkpoints against the keys and certificates that go with them: what the database holds may have been changed
 * there, and a folder that nobody can verify must not be handed out. Errors: `LOG_INCONSISTENT` (`fields.size`, `fields.what`).
 */
export async function requireProved(
  { origin, verifierKeys, tsaCa }: Pick<ExportDeps, 'origin' | 'verifierKeys' | 'tsaCa'>,
  checkpoints: Iterable<StampedCheckpoint>,
): Promise<void> {
  const keys = verifierKeys.map(parseVerifierKey);
  const ca = readCaCertificates(tsaCa);
  for (const { size, root, note, response } of checkpoints) {
    try {
      const signed = openCheckpoint(note, origin, keys);
      if (signed.size !== size || !signed.root.equals(root)) throw changed(size, 'checkpoint');
      const imprint = createHash('sha256').update(note, 'utf8').digest();
      await checkResponse(response, { imprint, nonce: null, policies: [], ca, clock: null });
    } catch (error) {
      if (isBridgeError(error, 'NOTE_INVALID')) throw changed(size, 'checkpoint', error);
      if (isBridgeError(error, 'TIMESTAMP_INVALID')) throw changed(size, 'time stamp', error);
      throw error;
    }
  }
}

function changed(size: bigint, what: string, cause?: unknown): BridgeError {
  return new BridgeError(
    'LOG_INCONSISTENT',
    `the ${what} of ${size} in the database does not hold: it was changed, or a key or certificate is missing in the settings`,
    { fields: { size: Number(size), what }, cause },
  );
}
