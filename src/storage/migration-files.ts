import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BridgeError } from '../errors/bridge-error.js';

/** One numbered SQL file. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly sql: string;
}

const FILE_NAME = /^(\d{4})-([a-z0-9]+(?:-[a-z0-9]+)*)\.sql$/;

/**
 * The migrations of `directory` in order: `0001-name.sql`, `0002-…`, without gap. Throws START_REFUSED for a gap, a number
 * used twice, or an `.sql` file with another kind of name (it would silently never run).
 */
export function readMigrations(directory: string): Migration[] {
  const names = readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return names.map((file, index) => {
    const [, digits, name] = FILE_NAME.exec(file) ?? [];
    if (digits === undefined || name === undefined)
      throw refusedMigration(`${file} is not named 0001-name.sql`, file);
    const number = Number(digits);
    if (number !== index + 1) throw refusedMigration(`${file} stands where ${index + 1} should be`, file);
    const bytes = readFileSync(join(directory, file));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { number, name, sha256, sql: bytes.toString('utf8') };
  });
}

/** START_REFUSED for something wrong with migrations. */
export function refusedMigration(message: string, file: string, cause?: unknown): BridgeError {
  return new BridgeError('START_REFUSED', `migrations: ${message}`, {
    fields: { part: 'migrations', file },
    cause,
  });
}
