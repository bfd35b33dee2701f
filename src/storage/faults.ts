import pg from 'pg';
import { BridgeError } from '../errors/bridge-error.js';

/**
 * How far a piece of work had come when its connection failed. `before-commit`: the server cannot have made anything
 * durable. `committing`: COMMIT (or a statement that commits itself) was sent and its answer never came.
 */
export type Phase = 'before-commit' | 'committing';

/**
 * SQLSTATEs by which the server says that it, not the statement, is the trouble: shutting down, crashed, starting
 * (57P0x), too many connections, disk full, out of memory (53xxx), I/O failure (58030), and a server that became a
 * read-only standby under us (25006). Class 08 is the connection itself. PostgreSQL 15, appendix A.
 */
const DOWN = /^(08...|57P0[1-5]|53...|58030|25006|25P03)$/;

/** SQLSTATEs by which the server (or a proxy before it) says that it does not know how a COMMIT ended. */
const UNKNOWN = /^(08...|40003)$/;

/** True where the server has closed the session with this error. */
function endsSession(error: pg.DatabaseError): boolean {
  return error.severity === 'FATAL' || error.severity === 'PANIC';
}

/** True where the connection must not be used again after `error`. */
export function spoilsConnection(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (endsSession(error) || DOWN.test(error.code ?? ''));
}

/**
 * What leaves the room in place of `error`: BridgeErrors as they are; server errors as DATABASE_UNAVAILABLE,
 * COMMIT_UNKNOWN or a `pg.DatabaseError` without row values; other errors (a value that cannot be sent) as they are.
 */
export function databaseFault(error: unknown, phase: Phase): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  const clean = withoutRowValues(error);
  const code = error.code ?? '';
  if (phase === 'committing' && (endsSession(error) || UNKNOWN.test(code))) return commitUnknown(clean);
  if (endsSession(error) || DOWN.test(code)) return unavailable(clean, code);
  return clean;
}

/** What leaves the room where the connection broke, or was ended by us because no answer came. */
export function connectionFault(cause: unknown, phase: Phase): BridgeError {
  return phase === 'committing' ? commitUnknown(cause) : unavailable(cause);
}

function commitUnknown(cause: unknown): BridgeError {
  return new BridgeError('COMMIT_UNKNOWN', 'the connection broke while a commit was under way', { cause });
}

function unavailable(cause: unknown, sqlState = ''): BridgeError {
  const reason = sqlState === '' ? systemCode(cause) : sqlState;
  return new BridgeError(
    'DATABASE_UNAVAILABLE',
    `the database cannot be used${reason === '' ? '' : ` (${reason})`}`,
    {
      fields: reason === '' ? {} : { reason },
      cause,
    },
  );
}

/** The fault of a connection that could not be had: always DATABASE_UNAVAILABLE, whatever the server said. */
export function connectFault(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  if (error instanceof pg.DatabaseError) return unavailable(withoutRowValues(error), error.code);
  return unavailable(error);
}

function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^E[A-Z_]{2,30}$/.test(code) ? code : '';
}

/**
 * A copy that names the fault but not the data. `detail`, `where` and `internalQuery` quote rows and values; the message
 * itself does in class 22 (`invalid input syntax for type integer: "…"`) and where our own functions raise (P0001). A new object, because the old
 * one's stack begins with its message.
 */
function withoutRowValues(error: pg.DatabaseError): pg.DatabaseError {
  const code = error.code ?? '';
  const message = code.startsWith('22') ? `data exception ${code}` : error.message;
  const clean = new pg.DatabaseError(message, error.length, error.name as 'error');
  clean.severity = error.severity;
  clean.code = error.code;
  clean.position = error.position;
  clean.schema = error.schema;
  clean.table = error.table;
  clean.column = error.column;
  clean.dataType = error.dataType;
  clean.constraint = error.constraint;
  clean.routine = error.routine;
  return clean;
}
