import type { AccessId } from '../../console/access.js';
import type { HandlersOf } from '../../console/frame/router.js';
import { BridgeError } from '../../errors/bridge-error.js';

/** In the place of pages that are being built. */
export function notBuilt<Id extends AccessId>(ids: readonly Id[]): HandlersOf<Id> {
  const refuse = async (): Promise<never> => {
    throw new BridgeError('NOT_FOUND', 'not built');
  };
  return Object.fromEntries(ids.map((id) => [id, refuse])) as unknown as HandlersOf<Id>;
}
