import { isBridgeError } from '../errors/bridge-error.js';

/** What one look of `bridge doctor` found: in one line what is wrong, and what to do. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
}

/** A look that fails is a finding too: the others are still wanted. Messages of ours hold nothing personal, others may. */
export async function findingOf(name: string, look: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return {
      name,
      ok: false,
      text: isBridgeError(error) ? `${error.code}: ${error.message}` : 'cannot be used',
    };
  }
}
