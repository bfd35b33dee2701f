import type { Queryable } from '../../storage/database.js';

/** How far the tables have come. */
export interface Head {
  readonly version: bigint;
  /** The version at which roles changed last. */
  readonly rolesVersion: bigint;
  /** Another one is another server or another database: after a failover or a restored backup the numbers may mean other changes. */
  readonly server: string;
}

// Both functions are every role's: no privilege is needed.
const HEAD = `SELECT version, roles_version AS "rolesVersion", extract(epoch FROM pg_postmaster_start_time()) || ' ' ||
    (SELECT oid FROM pg_database WHERE datname = current_database()) AS server
  FROM bridge.authority_head`;

/** Reads the head, one round trip. Errors: those of `Queryable`. */
export async function readHead(db: Queryable): Promise<Head> {
  const { rows } = await db.query<Head>({ name: 'authority-memory-head', text: HEAD });
  return rows[0] as Head;
}

/** True where what is known at `known` is still what the server went on from. */
export function goesOnFrom(known: Head, head: Head): boolean {
  return (
    known.server === head.server && known.version <= head.version && known.rolesVersion <= head.rolesVersion
  );
}
