import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BridgeError } from '../../errors/bridge-error.js';
import { identityOf, type RunAs, SERVER_ENVIRONMENT } from './account.js';
import type { Binaries } from './binaries.js';
import { giveTo, type Layout, sweep, syncDirectory } from './home.js';
import { processToken } from './process-table.js';

/** initdb takes seconds; on a machine that needs longer than this something else is wrong. */
const INITDB_LIMIT_MS = 120_000;
/** What is kept of initdb's output for the error. */
const OUTPUT_LIMIT_CHARACTERS = 4_000;

/** Only this machine, only with a password. */
const ACCESS_RULES = 'host all all 127.0.0.1/32 scram-sha-256\n';

/**
 * Makes the data directory: UTF-8, locale C (byte order: the same on every machine), page checksums, scram. It is built
 * under another name and renamed when complete, so that a killed start leaves nothing that looks like a database; where
 * another start was faster, its directory stands and ours is dropped. Throws START_REFUSED with initdb's words.
 */
export async function makeCluster(
  layout: Layout,
  binaries: Binaries,
  runAs: RunAs | null,
  password: string,
): Promise<void> {
  const [dataPrefix, passwordPrefix] = ['data.new-', 'initdb.password-'];
  sweep(layout.home, dataPrefix);
  sweep(layout.home, passwordPrefix);
  const half = join(layout.home, `${dataPrefix}${processToken()}`);
  const passwordFile = join(layout.home, `${passwordPrefix}${processToken()}`);
  rmSync(half, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(half, { mode: 0o700 });
  chmodSync(half, 0o700);
  giveTo(runAs, half);
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
    giveTo(runAs, passwordFile);
    await initdb(binaries.initdb, runAs, [
      ...['-D', half, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
      ...['--encoding=UTF8', '--locale=C', '--data-checksums', '--no-instructions'],
    ]);
    writeFileSync(join(half, 'pg_hba.conf'), ACCESS_RULES);
    adopt(half, layout.data);
    syncDirectory(layout.home);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
}

function adopt(half: string, data: string): void {
  try {
    renameSync(half, data);
  } catch (error) {
    if (!existsSync(data)) throw error;
  }
}

function initdb(program: string, runAs: RunAs | null, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_LIMIT_CHARACTERS);
    };
    const refuse = (cause?: unknown): void =>
      reject(
        new BridgeError('START_REFUSED', `initdb failed:\n${output.trim()}`, {
          fields: { part: 'embedded-database' },
          cause,
        }),
      );
    const child = spawn(program, args, {
      ...identityOf(runAs),
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INITDB_LIMIT_MS,
    });
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', refuse);
    child.once('close', (code) => (code === 0 ? resolve() : refuse()));
  });
}
