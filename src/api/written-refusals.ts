import { Refusal } from '../errors/refusal.js';

const written = new WeakSet<Refusal>();

/** Passes a failure of a use case on, remembering that it has an entry of its own: it is not counted again by source. */
export function remembering<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (error instanceof Refusal) written.add(error);
    throw error;
  });
}

/** True where the use case has written down what it refused. */
export function isWritten(failure: unknown): boolean {
  return failure instanceof Refusal && written.has(failure);
}
