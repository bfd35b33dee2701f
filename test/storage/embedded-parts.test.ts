import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chooseRunAs } from '../../src/storage/embedded/account.js';
import { linkLibraries } from '../../src/storage/embedded/binaries.js';
import { logTail } from '../../src/storage/embedded/log-tail.js';
import { disownStalePid, findPostmaster } from '../../src/storage/embedded/postmaster.js';
import { processFacts, processToken, tokenIsAlive } from '../../src/storage/embedded/process-table.js';
import { withStartLock } from '../../src/storage/embedded/start-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-parts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a process', () => {
  it('that has ended but was not reaped counts as gone', async () => {
    // The shell becomes a sleep that never asks for its child: the child stays behind as a zombie.
    const parent = spawn('/bin/sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 20'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    });
    const inTable = () => readFileSync(`/proc/${pid}/stat`, 'utf8');
    for (let round = 0; round < 500 && !/\) Z /.test(inTable()); round += 1) await sleep(20);
    const last = inTable();
    const facts = processFacts(pid);
    parent.kill();
    expect(last).toMatch(/\) Z /);
    expect(facts).toBe(null);
  });

  it('has a token that no other call and no dead process shares', () => {
    const [first, second] = [processToken(), processToken()];
    expect(first).not.toBe(second);
    expect([first, second].map(tokenIsAlive)).toEqual([true, true]);
    const [pid] = first.split('-');
    for (const token of [`${pid}-1-1`, '999999999-5-1', 'text', '']) expect(tokenIsAlive(token)).toBe(false);
  });
});

describe('a pid file', () => {
  const write = (text: string) => writeFileSync(join(folder, 'postmaster.pid'), text);
  const read = () => readFileSync(join(folder, 'postmaster.pid'), 'utf8');
  const rest = `\n${'/data'}\n1700000000\n5432\n\n127.0.0.1\n  123 456\nready   \n`;

  it.each([
    ['none', null],
    ['an empty one', ''],
    ['a text', 'no number'],
    ['a dead process', `999999999${rest}`],
    ['a living process that is no postmaster', `${process.pid}${rest}`],
    ['the first process of the machine', `1${rest}`],
    ['a negative number, which kill would take for a group', `-1${rest}`],
  ])('that names %s means that no server runs', (_, text) => {
    if (text !== null) write(text);
    expect(findPostmaster(folder)).toBe(null);
  });

  it('is not followed where it is a link', () => {
    symlinkSync('/etc/passwd', join(folder, 'postmaster.pid'));
    expect(() => findPostmaster(folder)).toThrow('ELOOP');
  });

  it('with a living stranger’s pid keeps the lines by which PostgreSQL finds surviving sessions', () => {
    const stranger = spawn('/bin/sleep', ['20'], { stdio: 'ignore' });
    write(`${stranger.pid}${rest}`);
    disownStalePid(folder);
    stranger.kill();
    expect(read()).toBe(`${process.pid}${rest}`);
  });

  it('of a dead process is left as it is: PostgreSQL judges that itself', () => {
    write(`999999999${rest}`);
    disownStalePid(folder);
    expect(read()).toBe(`999999999${rest}`);
  });

  it('that is empty and new is left alone: a server may be writing it', () => {
    write('');
    disownStalePid(folder);
    expect(read()).toBe('');
  });
});

describe('the account', () => {
  const passwd = (lines: string[]) => ['root:x:0:0:root:/root:/bin/sh', ...lines, ''].join('\n');
  const [postgres, nobody] = ['postgres:x:101:104:::', 'nobody:x:65534:65533:::'];
  // For an ordinary user the answer is always itself.
  const asRoot = process.getuid?.() === 0;

  it('is postgres where it exists, else nobody; an ordinary user stays who it is', () => {
    const both = chooseRunAs(passwd([nobody, postgres]));
    const one = chooseRunAs(passwd([nobody]));
    expect(both).toEqual(asRoot ? { uid: 101, gid: 104, name: 'postgres' } : null);
    expect(one).toEqual(asRoot ? { uid: 65534, gid: 65533, name: 'nobody' } : null);
  });

  it('is never root, and never made up', () => {
    const attempt = () => chooseRunAs(passwd(['postgres:x:0:0:::', 'nobody']));
    if (asRoot) expect(attempt).toThrow('neither user postgres nor nobody');
    else expect(attempt()).toBe(null);
  });
});

describe('the libraries', () => {
  it('get the links that npm could not carry, and keep those they have', () => {
    mkdirSync(join(folder, 'lib'));
    const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
      source: 'native/lib/libpq.so.5.15',
      target: `native/lib/${name}`,
    }));
    writeFileSync(join(folder, 'pg-symlinks.json'), JSON.stringify(links));
    symlinkSync('another', join(folder, 'lib', 'libpq.so.5'));
    linkLibraries(folder);
    linkLibraries(folder);
    expect(readlinkSync(join(folder, 'lib', 'libpq.so'))).toBe('libpq.so.5.15');
    expect(readlinkSync(join(folder, 'lib', 'libpq.so.5'))).toBe('another');
  });
});

describe('the tail of the log', () => {
  it('has the last twenty lines behind the start of this run, and no more than it must read', () => {
    const file = join(folder, 'log');
    writeFileSync(file, 'old\n');
    expect(logTail(file, 4)).toBe('');
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    writeFileSync(file, `old\n${lines.join('\n')}\n`);
    expect(logTail(file, 4).split('\n')).toEqual(lines.slice(30));
    writeFileSync(file, 'x'.repeat(100_000));
    expect(logTail(file, 0)).toHaveLength(8_192);
    expect(logTail(join(folder, 'absent'), 0)).toBe('');
  });
});

describe('the start lock', () => {
  it('lets one work run after the other, also where the first fails', async () => {
    const events: string[] = [];
    const work = (name: string, fail: boolean) =>
      withStartLock(folder, async () => {
        events.push(`${name} in`);
        await sleep(50);
        events.push(`${name} out`);
        if (fail) throw new Error('mine');
      });
    const ends = await Promise.allSettled([work('a', true), work('b', false)]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out']);
  });
});
