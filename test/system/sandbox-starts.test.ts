import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { layoutOf } from '../../mocks/sandbox/layout.js';
import { canEnter } from '../../src/storage/embedded/account.js';
import { processesIn, READY_MS, Run, SandboxPlace } from '../support/sandbox-run.js';
import { BUILT, clear } from '../support/system.js';

let place: SandboxPlace;

beforeAll(async () => {
  place = await SandboxPlace.take();
});
afterAll(() => place?.remove());

describe('a sandbox that cannot start', () => {
  const small = ['--people', '200', '--cooperatives', '10'];

  it.each([['--people', '7'], ['--people', 'many'], ['--ports', '80'], ['--nothing'], ['word']])(
    'wrong use %s %s is exit 2 with help',
    async (...args) => {
      const run = place.node(...args);
      expect([await run.ended, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toContain('--people N');
    },
  );

  it('tells its options on --help', async () => {
    const run = place.node('--help');
    expect(await run.ended).toBe(0);
    for (const option of ['--people', '--cooperatives', '--seed', '--ports', '--data', '--fresh'])
      expect(run.stdout).toContain(option);
  });

  it('because a port is taken says so, ends with 1 and leaves nothing', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(place.base, '127.0.0.1', done));
    const run = place.node(...place.options(small));
    expect(await run.ended).toBe(1);
    expect(run.stderr).not.toBe('');
    await new Promise((done) => taken.close(done));
    await place.expectNothingLeft();
  });

  it('because its database is gone and its last checkpoint is not says what to do, and touches nothing', async () => {
    const layout = layoutOf(place.directory, null);
    const { checkpointFile } = layout;
    await clear(layout);
    mkdirSync(join(checkpointFile, '..'), { recursive: true });
    writeFileSync(checkpointFile, 'a note');
    const run = place.node(...place.options(small));
    expect(await run.ended).toBe(1);
    expect(run.stderr).toMatch(/database .* is gone.*--fresh/);
    expect(readFileSync(checkpointFile, 'utf8')).toBe('a note');
    rmSync(place.directory, { recursive: true });
    await place.expectNothingLeft();
  });

  it('because of Ctrl-C while it starts leaves nothing either, whenever it comes', async () => {
    for (const afterMs of [0, 500, 1000]) {
      const run = place.node(...place.options(small));
      await run.printed('population', READY_MS);
      await sleep(afterMs);
      run.interrupt();
      expect(await run.ended).toBe(0);
      await place.expectNothingLeft();
    }
  });
});

describe('an ordinary user', () => {
  it('runs the sandbox too, in a folder that only this user may enter', async () => {
    const user = ordinaryUser();
    const home = mkdtempSync(join(tmpdir(), 'koopbis-ordinary-'));
    try {
      await layOutProject(home, user);
      const program = [
        'dist/mocks/sandbox/main.js',
        '--ports',
        String(place.base),
        '--people',
        '200',
        '--cooperatives',
        '10',
      ];
      const env = { ...process.env, HOME: home };
      const run = new Run(process.execPath, program, { cwd: home, env, ...user });
      await run.printed('\nsandbox ready\n', READY_MS);
      expect(run.stdout).toContain('HTTP 200, outcome match');
      const file = statSync(join(home, 'var/sandbox/sandbox.json'));
      expect([file.mode & 0o777, file.uid]).toEqual([0o600, user.uid ?? process.getuid?.()]);
      run.interrupt();
      expect(await run.ended).toBe(0);
      expect(processesIn(home)).toEqual([]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

/** `nobody` where we are root; else whoever runs the tests is ordinary enough. */
function ordinaryUser(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
}

/** The project as `npm ci` leaves it, in a folder of mode 0700; the packages by a link where the user can reach them. */
async function layOutProject(home: string, user: { uid?: number; gid?: number }): Promise<void> {
  const read = ['src/storage/migrations', 'src/pages/templates', 'src/console/templates'];
  for (const part of ['package.json', 'wsdl', ...read]) {
    mkdirSync(join(home, part, '..'), { recursive: true });
    cpSync(part, join(home, part), { recursive: true });
  }
  cpSync(BUILT, join(home, 'dist'), { recursive: true });
  const packages = resolve('node_modules');
  const runAs =
    user.uid === undefined ? null : { uid: user.uid, gid: user.gid ?? user.uid, name: 'ordinary' };
  if (await canEnter(runAs, join(packages, 'pg'))) symlinkSync(packages, join(home, 'node_modules'));
  else cpSync(packages, join(home, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  if (user.uid === undefined) return;
  const chown = new Run('chown', ['-R', '-h', `${user.uid}:${user.gid}`, home]);
  expect([await chown.ended, statSync(home).mode & 0o777]).toEqual([0, 0o700]);
}
