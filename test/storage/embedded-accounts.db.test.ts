import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chooseRunAs } from '../../src/storage/embedded/account.js';
import { sharedHome } from '../../src/storage/embedded/home.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { startEmbedded } from '../../src/storage/embedded/start.js';
import { ChildBridge } from './child-bridge.js';
import { copyProject, keepFor, removeFolder } from './project-copy.js';

/** Root can try both ways to run; an ordinary user only its own. */
const asRoot = process.getuid?.() === 0;
const NOBODY = 65534;
const user = asRoot ? { uid: NOBODY, gid: NOBODY } : {};

let base: string;
let directory: string;
beforeEach(() => {
  base = mkdtempSync('/var/tmp/bridge-test-'); // mode 0700
  directory = join(base, 'var', 'database');
});
afterEach(async () => {
  ChildBridge.endAll();
  await removeEmbedded({ directory });
  removeFolder(base);
});

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an ordinary user', () => {
  it('runs the server as itself in a project that only it may enter, installed without postinstall scripts', async () => {
    const project = copyProject(base);
    if (user.uid !== undefined) keepFor(base, user.uid, user.gid);
    const child = await ChildBridge.start({ directory, project, ...user });
    expect(child.started).toMatchObject({ attached: false, uid: user.uid ?? process.getuid?.() });
    expect(statSync(join(directory, 'data')).uid).toBe(user.uid ?? process.getuid?.());
    expect(statSync(`/proc/${child.started.pid}`).uid).toBe(user.uid ?? process.getuid?.());
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    await child.tell('stop');
  });
});

describe('root', () => {
  const [outcome, runAs] = asRoot ? ['is run as', chooseRunAs()] : ['is not here:', null];

  it(`${outcome} another user, with data and programs moved to where that user can enter`, async () => {
    const project = copyProject(base);
    const child = await ChildBridge.start({ directory, project });
    const uid = runAs?.uid ?? process.getuid?.();
    expect(child.started).toMatchObject({ attached: false });
    expect(statSync(`/proc/${child.started.pid}`).uid).toBe(uid);
    const home = runAs === null ? directory : sharedHome(directory);
    expect(statSync(join(home, 'data'))).toMatchObject({ uid });
    expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700);
    expect(readdirSync(directory)).toContain('server.json');
    await child.tell('detach');

    // The next one finds it again where it was put.
    const next = await startEmbedded({ directory });
    expect([next.attached, next.pid]).toEqual([true, child.started.pid]);
    await next.stop();
    await removeEmbedded({ directory });
    expect(existsSync(home)).toBe(false);
  });

  it('goes on as the owner of data that an ordinary user made', async () => {
    if (user.uid !== undefined) {
      mkdirSync(directory, { recursive: true });
      for (const folder of [base, join(base, 'var'), directory]) chownSync(folder, user.uid, user.gid);
    }
    const project = copyProject(mkdtempSync(join(base, 'project-')));
    if (user.uid !== undefined) keepFor(project.folder, user.uid, user.gid);
    const child = await ChildBridge.start({ directory, project, ...user });
    await child.tell('stop');
    const server = await startEmbedded({ directory });
    expect(statSync(`/proc/${server.pid}`).uid).toBe(user.uid ?? process.getuid?.());
    expect(statSync(join(directory, 'server.json')).uid).toBe(statSync(directory).uid);
    await server.stop();
    // and the ordinary user can take it back
    const again = await ChildBridge.start({ directory, project, ...user });
    expect(again.started).toMatchObject({ attached: false });
    await again.tell('stop');
  });
});

describe('the folder under /var/tmp', () => {
  const plant = (make: (path: string) => void): string => {
    mkdirSync(directory, { recursive: true });
    chmodSync(base, 0o700);
    const path = sharedHome(directory);
    make(path);
    return path;
  };
  // A server user that cannot enter `directory`, so that the folder is needed. An ordinary user never needs it.
  const start = () => startEmbedded({ directory });

  it.each([
    ['a link that leads elsewhere', (path: string) => symlinkSync(base, path)],
    [
      'a folder that others may write to',
      (path: string) => {
        mkdirSync(path);
        chmodSync(path, 0o777);
      },
    ],
    [
      'a folder of another user',
      (path: string) => {
        mkdirSync(path, { mode: 0o700 });
        if (asRoot) chownSync(path, NOBODY, NOBODY);
      },
    ],
  ])('is refused, and named, where somebody planted %s', async (_, make) => {
    const path = plant(make);
    if (asRoot) {
      const failure = await failureOf(start());
      expect(failure).toMatchObject({ code: 'START_REFUSED', fields: { path } });
    } else {
      const server = await start();
      expect(existsSync(join(directory, 'data'))).toBe(true);
      await server.stop();
    }
    removeFolder(path);
  });
});
