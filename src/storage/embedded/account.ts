import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { BridgeError } from '../../errors/bridge-error.js';

/** The user that the server's processes run as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** PostgreSQL refuses to run as root; these are tried in this order and no account is ever made. */
const ACCOUNTS = ['postgres', 'nobody'] as const;

/**
 * Whom to run the server as: null (ourselves) for an ordinary user; for root the user `postgres`, else `nobody`.
 * Throws START_REFUSED where root finds neither.
 */
export function chooseRunAs(passwd: string = readFileSync('/etc/passwd', 'utf8')): RunAs | null {
  if (process.getuid?.() !== 0) return null;
  const lines = passwd.split('\n').map((line) => line.split(':'));
  for (const name of ACCOUNTS) {
    const [, , uid, gid] = lines.find((fields) => fields[0] === name) ?? [];
    if (uid !== undefined && gid !== undefined && Number(uid) > 0) {
      return { uid: Number(uid), gid: Number(gid), name };
    }
  }
  throw new BridgeError(
    'START_REFUSED',
    'PostgreSQL cannot run as root, and neither user postgres nor nobody exists',
    {
      fields: { part: 'embedded-database' },
    },
  );
}

/** The identity options of `spawn` for this account; libuv also drops the supplementary groups. */
export function identityOf(runAs: RunAs | null): { uid?: number; gid?: number } {
  return runAs === null ? {} : { uid: runAs.uid, gid: runAs.gid };
}

/**
 * The whole environment of the server's programs. Ours is not passed on: it holds secrets, and PG* variables (PGDATA,
 * PGOPTIONS) would change what the programs do.
 */
export const SERVER_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

/**
 * True where `runAs` can enter `directory`, parents included. Asked of the kernel by a process of that user, since mode
 * bits alone say nothing about ACLs, mounts and security modules.
 */
export function canEnter(runAs: RunAs | null, directory: string): Promise<boolean> {
  return exitsWell(runAs, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', directory]);
}

/** True where `program` starts as `runAs` and ends with 0 within ten seconds (it does next to nothing). */
export function exitsWell(runAs: RunAs | null, program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      ...identityOf(runAs),
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      stdio: 'ignore',
      timeout: 10_000,
    });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
