import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';
import { keepOwner, type Layout, sweep, syncDirectory } from './home.js';
import { processToken } from './process-table.js';

/** What the directory remembers: the roles' passwords and the port last used. File of mode 0600. */
export interface ServerSecrets {
  readonly version: 1;
  readonly passwords: {
    readonly postgres: string;
    readonly bridge_owner: string;
    readonly bridge_app: string;
  };
  readonly port: number | null;
}

export type Role = keyof ServerSecrets['passwords'];

/** Reads the file; null where there is none. Throws START_REFUSED where it is damaged. */
export function readSecrets(layout: Layout): ServerSecrets | null {
  let text: string;
  try {
    text = readFileSync(layout.secretsFile, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(layout, cause);
  }
  try {
    const read = JSON.parse(text) as ServerSecrets;
    const roles: Role[] = ['postgres', 'bridge_owner', 'bridge_app'];
    if (read.version === 1 && roles.every((role) => /^[0-9a-f]{64}$/.test(read.passwords[role]))) return read;
  } catch {
    // told below; the parser's message would quote the file, which holds passwords
  }
  throw unreadable(layout);
}

/** Makes the file with new random passwords; where another process was faster, that one's are returned. */
export function makeSecrets(layout: Layout): ServerSecrets {
  const password = (): string => randomBytes(32).toString('hex');
  const passwords = { postgres: password(), bridge_owner: password(), bridge_app: password() };
  const made: ServerSecrets = { version: 1, passwords, port: null };
  const draft = writeDraft(layout, made);
  try {
    linkSync(draft, layout.secretsFile); // fails where the name exists: exactly one of two starters wins
    syncDirectory(layout.directory);
    return made;
  } catch (error) {
    const other = readSecrets(layout);
    if (other === null) throw error;
    return other;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Remembers the port for the next start. */
export function rememberPort(layout: Layout, secrets: ServerSecrets, port: number): void {
  if (secrets.port !== port) renameSync(writeDraft(layout, { ...secrets, port }), layout.secretsFile);
}

/** The connection URL of a role. It holds a password: it goes into no log, error or command line. */
export function urlOf(secrets: ServerSecrets, role: Role, port: number): string {
  const database = role === 'postgres' ? 'postgres' : 'bridge';
  return `postgres://${role}:${secrets.passwords[role]}@127.0.0.1:${port}/${database}`;
}

function writeDraft(layout: Layout, secrets: ServerSecrets): string {
  const prefix = 'server.json.new-';
  sweep(layout.directory, prefix);
  const draft = join(layout.directory, `${prefix}${processToken()}`);
  rmSync(draft, { force: true });
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(secrets, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  keepOwner(layout.directory, draft);
  return draft;
}

function unreadable(layout: Layout, cause?: unknown): BridgeError {
  return new BridgeError(
    'START_REFUSED',
    `${layout.secretsFile} cannot be read: without it the embedded data stay closed`,
    {
      fields: { part: 'embedded-database', path: layout.secretsFile },
      cause,
    },
  );
}
