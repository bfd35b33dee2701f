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

/**
 * Roles that the session could become (`MEMBER` counts those it must SET ROLE to) and what they could do to the tables,
 * their partitions included: a right on a partition of its own goes round the parent's.
 */
const RIGHTS_SQL = `
WITH RECURSIVE named AS (
  SELECT name, to_regclass(name)::oid AS id FROM unnest($1::text[]) AS name
), tree AS (
  SELECT name, id FROM named
  UNION
  SELECT tree.name, pg_inherits.inhrelid FROM tree JOIN pg_inherits ON pg_inherits.inhparent = tree.id
), role AS (
  SELECT oid, rolname::text, rolsuper OR rolcreaterole
      OR rolname IN ('pg_execute_server_program', 'pg_write_server_files') AS strong
  FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')
)
SELECT rolname AS what, 'role' AS why FROM role WHERE strong
UNION ALL
SELECT name, 'missing' FROM named WHERE id IS NULL
UNION ALL
SELECT tree.name, lower(privilege) FROM tree, role, unnest('{UPDATE,DELETE,TRUNCATE,TRIGGER}'::text[]) AS privilege
WHERE has_table_privilege(role.oid, tree.id, privilege)
   OR (privilege = 'UPDATE' AND has_any_column_privilege(role.oid, tree.id, privilege))
UNION ALL
SELECT tree.name, 'owner' FROM tree
  JOIN pg_class ON pg_class.oid = tree.id
  JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
  JOIN pg_database ON datname = current_database()
  JOIN role ON role.oid IN (pg_class.relowner, pg_namespace.nspowner, pg_database.datdba)
LIMIT 1`;

/**
 * Refuses to start as a role that could rewrite the named tables (`schema.table`): a superuser, one that can make roles
 * or reach the server's files, an owner (of table, schema or database), one with UPDATE, DELETE, TRUNCATE or TRIGGER on
 * them. Throws START_REFUSED with `table` or `role`, and `reason`.
 */
export async function requireAppendOnlyRole(db: Queryable, tables: readonly string[]): Promise<void> {
  const { rows } = await db.query<{ what: string; why: string }>({ text: RIGHTS_SQL, values: [tables] });
  const [first] = rows;
  if (first === undefined) return;
  const { what, why } = first;
  const message =
    why === 'role'
      ? `the application's database role has the rights of ${what}`
      : why === 'missing'
        ? `the table ${what} does not exist`
        : `the application's database role could change ${what} (${why})`;
  throw new BridgeError('START_REFUSED', message, {
    fields: { part: 'database-role', reason: why, [why === 'role' ? 'role' : 'table']: what },
  });
}
