import { type Check, verifyFolder } from '../../../verifier/node-api.js';
import { BridgeError } from '../../errors/bridge-error.js';

export { type Check, verifyFolder };

/** Throws `EXPORT_INVALID` with the first check that does not hold. */
export async function requireVerified(directory: string): Promise<void> {
  const { ok, checks } = await verifyFolder(directory);
  const failed = checks.find((check) => !check.ok);
  if (!ok)
    throw new BridgeError('EXPORT_INVALID', `${failed?.name ?? 'files'}: ${failed?.en ?? 'not readable'}`);
}
