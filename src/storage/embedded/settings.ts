/**
 * The server's settings. They go onto its command line, which wins over postgresql.conf and ALTER SYSTEM: nothing inside
 * the database can switch durability off for the whole server (a session still can; the pool refuses such sessions).
 */
export function serverSettings(port: number): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',

    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',

    max_connections: 100,
    shared_buffers: '128MB',
    max_wal_size: '1GB',
    // Notices clients that are gone while their statement still runs, and frees their locks.
    client_connection_check_interval: '10s',
    timezone: 'UTC',

    // The server's log is a place where personal data must not stand: statements and the rows and values that
    // errors quote are left out (level `log` is above `error` in the server's order).
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
    log_timezone: 'UTC',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
