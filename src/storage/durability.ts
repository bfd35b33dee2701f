import { BridgeError } from '../errors/bridge-error.js';
import type { Queryable } from './database.js';

interface SessionState {
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly standbys: boolean;
  readonly read_only: boolean;
}

const SESSION_SQL = `SELECT current_setting('fsync') AS fsync,
  current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('synchronous_standby_names') <> '' AS standbys,
  pg_is_in_recovery() AS read_only`;

/**
 * The settings under which a commit of this session could be lost. `synchronous_commit`: `on` and `remote_apply` wait for
 * the disk here and at the standbys; `remote_write` waits for the disk here and the standby's memory, which takes two
 * machines to fail at once; `local` is as good as `on` without standbys and loses answers at a failover with them; `off`
 * answers before anything is on disk.
 */
export function weakSettings(state: Omit<SessionState, 'read_only'>): string[] {
  const weak: string[] = [];
  if (state.fsync !== 'on') weak.push('fsync');
  if (state.full_page_writes !== 'on') weak.push('full_page_writes');
  const good = ['on', 'remote_apply', 'remote_write', ...(state.standbys ? [] : ['local'])];
  if (!good.includes(state.synchronous_commit)) weak.push('synchronous_commit');
  return weak;
}

/**
 * Refuses a session whose commits could be lost (DURABILITY_OFF, field `settings`) and one on a read-only standby
 * (DATABASE_UNAVAILABLE: after a failover the balancer may still lead there). Asked at the start, and again of each
 * connection that the pool makes, since settings of a role, a database or the server may change later.
 */
export async function requireDurable(db: Queryable): Promise<void> {
  const { rows } = await db.query<SessionState>({ text: SESSION_SQL });
  const [state] = rows;
  const settings = state === undefined ? 'unknown' : weakSettings(state).join(', ');
  if (settings !== '') {
    throw new BridgeError('DURABILITY_OFF', `the database could lose what it acknowledged: ${settings}`, {
      fields: { settings },
    });
  }
  if (state?.read_only === true) {
    throw new BridgeError('DATABASE_UNAVAILABLE', 'the database is a read-only standby', {
      fields: { reason: 'standby' },
    });
  }
}
