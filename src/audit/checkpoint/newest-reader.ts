import type { Queryable } from '../../storage/database.js';
import type { VerifierKey } from '../note/note.js';
import { lastCheckpoint, type StoredCheckpoint, verifyStored } from './store.js';

/** What the newest checkpoint is read from. */
export interface NewestSource {
  readonly db: Queryable;
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
  /** The newest that this process has verified as the continuation of the log. */
  known(): StoredCheckpoint | null;
}

/**
 * The newest checkpoint, whichever instance signed it: whoever asks several instances in turn must never be shown an older
 * one after a newer one. One question to the database at a time, however many ask: those who come while one is under way
 * share the next. What the database holds without a good signature, or cannot be asked for, is never shown; then what is
 * known stands.
 */
export function createNewestReader(source: NewestSource): () => Promise<StoredCheckpoint | null> {
  let running: Promise<StoredCheckpoint | null> | null = null;
  let next: Promise<StoredCheckpoint | null> | null = null;
  const start = () => {
    running = readNewest(source).finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (running === null) return start();
    next ??= running.then(() => {
      next = null;
      return start();
    });
    return next;
  };
}

async function readNewest({ db, origin, keys, known }: NewestSource): Promise<StoredCheckpoint | null> {
  try {
    const stored = await lastCheckpoint(db, origin);
    const mine = known();
    if (stored === null || (mine !== null && stored.size <= mine.size)) return mine;
    verifyStored(stored, keys);
    return stored;
  } catch {
    return known();
  }
}
