import type pg from 'pg';
import { BridgeError } from '../errors/bridge-error.js';
import { TYPES } from './types.js';

/** What every connection of the room is made with. The URL holds a password: it never goes into an error or a log. */
export interface ConnectionOptions {
  readonly url: string;
  readonly applicationName: string;
  /** Limit of one statement on the server; the client gives up CLIENT_GRACE_MS later. */
  readonly statementTimeoutMs: number;
  /** Limit of connecting, and of waiting for a free connection. */
  readonly connectTimeoutMs: number;
}

/** How much longer than the server the client waits: a healthy server answers with its own timeout first. */
export const CLIENT_GRACE_MS = 1_000;

/**
 * The settings for `pg`. Throws CONFIG_INVALID for a URL that cannot be read, or that asks for TLS without checking the
 * server's certificate or name: whoever stands between could then read and change everything.
 */
export function clientConfig(options: ConnectionOptions): pg.ClientConfig {
  checkUrl(options.url);
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs,
    // A process that stops in the middle of a transaction (SIGSTOP, a lost machine) must not keep its row locks.
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: TYPES,
  };
}

/** `sslmode` values under which pg checks certificate and name, or (no TLS at all) claims nothing. */
const SSL_MODES: ReadonlySet<string> = new Set(['disable', 'verify-full']);

function checkUrl(text: string): void {
  const invalid = (message: string): BridgeError =>
    new BridgeError('CONFIG_INVALID', message, { fields: { setting: 'database.url' } });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid('the database URL cannot be read'); // no cause: its message quotes the URL
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw invalid('the database URL is not postgres://');
  const mode = url.searchParams.get('sslmode');
  if ((mode !== null && !SSL_MODES.has(mode)) || url.searchParams.has('uselibpqcompat')) {
    throw invalid('in the database URL, sslmode must be verify-full (or disable)');
  }
}
