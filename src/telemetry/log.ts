import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogFields } from './log-fields.js';
import { maskDigits } from './mask.js';
import { safeError } from './safe-error.js';
import { DROPPED, safeFields } from './safe-fields.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Beside `LogFields`, what went wrong; printed without its message. */
export type ErrorLogFields = LogFields & { readonly error?: unknown };

/**
 * The log of the house. An event is a fixed name (`kps.call-finished`), facts stand in fields. Never throws, and cannot
 * print personal data: see `log-fields`, `mask` and `safe-error`.
 */
export interface Log {
  debug(event: string, fields?: ErrorLogFields): void;
  info(event: string, fields?: ErrorLogFields): void;
  warn(event: string, fields?: ErrorLogFields): void;
  error(event: string, fields?: ErrorLogFields): void;
  /** A log whose lines all carry `fields`. */
  child(fields: LogFields): Log;
}

/** Events are names, not sentences: a sentence would be made with what a caller sent. */
const EVENT = /^[a-z][a-z0-9.-]{0,63}$/;

/** A field that cannot even be read (a proxy, a throwing getter) must not cost the request that it tells of. */
function safely(make: () => object): object {
  try {
    return make();
  } catch {
    return { reason: DROPPED };
  }
}

function safeLine({ error, ...fields }: ErrorLogFields): object {
  return error === undefined ? safeFields(fields) : { ...safeFields(fields), error: safeError(error) };
}

function wrap(logger: Logger): Log {
  const write = (level: LogLevel, event: string, fields: ErrorLogFields): void => {
    if (!logger.isLevelEnabled(level)) return;
    const name = EVENT.test(event) && maskDigits(event) === event ? event : DROPPED;
    logger[level](
      safely(() => safeLine(fields)),
      name,
    );
  };
  return {
    debug: (event, fields = {}) => write('debug', event, fields),
    info: (event, fields = {}) => write('info', event, fields),
    warn: (event, fields = {}) => write('warn', event, fields),
    error: (event, fields = {}) => write('error', event, fields),
    child: (fields) => wrap(logger.child(safely(() => safeFields(fields)))),
  };
}

/** JSON lines (`level`, `time`, fields, `event`) to `destination`, standard output by default. */
export function createLog({ level, destination }: { level: LogLevel; destination?: DestinationStream }): Log {
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
}

const nothing = (): void => undefined;

/** A log that prints nothing (tests, tools). */
export const silentLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
};
