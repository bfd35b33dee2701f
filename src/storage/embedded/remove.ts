import { existsSync, lstatSync, readdirSync, realpathSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isBridgeError } from '../../errors/bridge-error.js';
import { exitsWell } from './account.js';
import { settled, stopPostmaster } from './attach.js';
import { existingLayout, type Layout, sharedHome } from './home.js';
import { takeOwnership } from './ownership.js';
import { findPostmaster } from './postmaster.js';
import { readSecrets, type ServerSecrets, urlOf } from './secrets.js';

/** The names that this part of the room makes in a directory. */
const OURS =
  /^(data|data\.new-.*|initdb\.password-.*|server\.json|server\.json\.new-.*|postgres\.log|postgres\.log\.1)$/;

/**
 * Stops the server of `directory` and removes all that it ever made, under /var/tmp too; other files in the directory
 * stay. Throws DATABASE_IN_USE, and removes nothing, where a bridge owns the server (not to be seen where the passwords
 * are gone or damaged: such data can never be opened again, and go). Does nothing where there is none.
 */
export async function removeEmbedded(options: { directory: string }): Promise<void> {
  const layout = existingLayout(options.directory);
  if (layout !== null) await stopUnowned(layout);
  const own = existsSync(options.directory) ? realpathSync(options.directory) : resolve(options.directory);
  await removeOurs(own);
  const shared = sharedHome(own);
  const found = lstatSync(shared, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true || found.uid !== process.getuid?.()) return;
  await removeOurs(shared);
  rmSync(shared, { recursive: true, force: true });
}

async function stopUnowned(layout: Layout): Promise<void> {
  const secrets = readableSecrets(layout);
  if (secrets === null) {
    // The pid file and the command line of its process tell whose server it is.
    const running = findPostmaster(layout.data);
    if (running !== null) await stopPostmaster(running);
    return;
  }
  const running = await settled(layout.data, 10_000);
  if (running === null) return;
  const ownership = await takeOwnership(urlOf(secrets, 'postgres', running.port), () => undefined);
  ownership.retire();
  await stopPostmaster(running);
  await ownership.release();
}

function readableSecrets(layout: Layout): ServerSecrets | null {
  try {
    return readSecrets(layout);
  } catch (error) {
    if (isBridgeError(error, 'START_REFUSED')) return null;
    throw error;
  }
}

async function removeOurs(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((found) => OURS.test(found))) {
    const path = join(folder, name);
    const { uid, gid } = lstatSync(path);
    // As root inside a folder of another user: that user's own rights, so that no link planted meanwhile leads us away.
    if (process.getuid?.() === 0 && uid !== 0 && statSync(path).isDirectory()) {
      await exitsWell({ uid, gid, name: `user ${uid}` }, '/bin/rm', ['-rf', '--', path]);
    }
    rmSync(path, { recursive: true, force: true });
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
