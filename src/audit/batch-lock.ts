/**
 * Every batch holds this advisory lock shared from its BEGIN on; whoever takes a right away, ends a session or destroys
 * a key takes it exclusively in the transaction that does so. So an intent is decided either wholly before or wholly
 * after a loss, and its leaf stands on the same side: a revoked token is never served from a snapshot taken earlier.
 */
export const SHARE_BATCH_LOCK = 'SELECT pg_advisory_xact_lock_shared(7202, 1)';

/** For rare changes that batches rely on (see `SHARE_BATCH_LOCK`): the first statement of their transaction. */
export const TAKE_BATCH_LOCK = 'SELECT pg_advisory_xact_lock(7202, 1)';
