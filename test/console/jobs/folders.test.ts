import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makeJobFolder, sweepJobFolders } from '../../../src/console/jobs/folders.js';

const made: string[] = [];
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** The number of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid ?? 0;
}

describe('folders of long work', () => {
  it('are private, and go with everything in them', async () => {
    const folder = await makeJobFolder('bridge-1');
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    mkdirSync(join(folder.path, 'a'));
    writeFileSync(join(folder.path, 'a', 'b'), 'x');
    await folder.remove();
    expect(existsSync(folder.path)).toBe(false);
    await expect(folder.remove()).resolves.toBeUndefined();
  });

  it('that a killed process has left are removed; those of living processes and of other instances are not', async () => {
    const instance = randomUUID();
    const { path } = await makeJobFolder(instance);
    const base = path.slice(0, path.lastIndexOf(`${process.pid}-`));
    const [left, alive, odd] = [
      `${base}${await endedPid()}-abc123`,
      `${base}${process.ppid}-abc123`,
      `${base}x-abc123`,
    ];
    const other = await makeJobFolder(randomUUID());
    made.push(path, left, alive, odd, other.path);
    for (const one of [left, alive, odd]) mkdirSync(one);
    writeFileSync(join(left, 'satirlar.csv'), 'x');
    await sweepJobFolders(instance);
    expect([left, alive, odd, other.path].map((one) => existsSync(one))).toEqual([false, true, true, true]);
    // This process has begun nothing yet: what bears its number is an earlier one's.
    expect(existsSync(path)).toBe(false);
    expect(path.startsWith(tmpdir())).toBe(true);
  });
});
