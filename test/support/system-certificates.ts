import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCertificates } from '../../certs-example/generate.js';

const FOLDER = resolve('var/test-certificates');
const LOCK = `${FOLDER}.lock`;
/** RSA keys take seconds on a busy core. */
const LIMIT_MS = 60_000;

/** The folder of certificates that all test files share: made once, by whoever comes first. */
export async function sharedCertificates(): Promise<string> {
  mkdirSync(resolve('var'), { recursive: true });
  const until = Date.now() + LIMIT_MS;
  while (!takeLock()) {
    if (!holderLives()) rmSync(LOCK, { force: true });
    if (Date.now() > until) throw new Error(`${LOCK} stays taken`);
    await sleep(50);
  }
  try {
    await ensureCertificates(FOLDER, { now: new Date() });
  } finally {
    rmSync(LOCK, { force: true });
  }
  return FOLDER;
}

function takeLock(): boolean {
  try {
    const file = openSync(LOCK, 'wx', 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch {
    return false;
  }
}

function holderLives(): boolean {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    // Between making the file and writing into it, it is empty: whoever does that lives.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
