import type { JobKind, Jobs } from '../../console/jobs/port.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { ConsoleParts } from './parts.js';

/** Long work of the console. */
export function openJobs(_parts: ConsoleParts): {
  readonly jobs: Jobs;
  startChores(kinds: readonly JobKind[]): () => Promise<void>;
} {
  const refuse = async (): Promise<never> => {
    throw new BridgeError('NOT_FOUND', 'not built');
  };
  return {
    jobs: {
      start: refuse,
      list: async () => [],
      find: async () => null,
      file: async () => null,
      cancel: refuse,
    },
    startChores: () => async () => undefined,
  };
}
