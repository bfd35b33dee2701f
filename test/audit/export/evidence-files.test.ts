import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newFolder } from '../../../src/audit/export/evidence-files.js';

let root = '';
let out = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bridge-files-'));
  out = join(root, 'export');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const inUse = { code: 'WRONG_USE' };

describe('a folder of evidence', () => {
  it('has its name only once it is whole, for its owner alone', async () => {
    const folder = await newFolder(out);
    await folder.write('a/b', 'text');
    const stream = await folder.stream('lines');
    await stream.append('1\n');
    await stream.append('ş\n');
    await stream.end();
    expect(existsSync(out)).toBe(false);
    await folder.finish();
    expect(readdirSync(root)).toEqual(['export']);
    expect(readFileSync(join(out, 'a/b'), 'utf8')).toBe('text');
    expect(readFileSync(join(out, 'lines'), 'utf8')).toBe('1\nş\n');
    expect(
      [out, join(out, 'a'), join(out, 'a/b'), join(out, 'lines')].map((path) => statSync(path).mode & 0o777),
    ).toEqual([0o700, 0o700, 0o600, 0o600]);
  });

  it('leaves nothing behind where it is abandoned', async () => {
    const folder = await newFolder(join(root, 'deep/er'));
    await folder.write('a', 'text');
    await folder.abandon();
    expect(readdirSync(join(root, 'deep'))).toEqual([]);
  });

  it('takes the place of an empty folder', async () => {
    mkdirSync(out);
    const folder = await newFolder(out);
    await folder.write('a', 'text');
    await folder.finish();
    expect(readdirSync(out)).toEqual(['a']);
  });

  it('is never written over what is there: files, or a file of that name', async () => {
    mkdirSync(out);
    writeFileSync(join(out, 'x'), '');
    await expect(newFolder(out)).rejects.toMatchObject(inUse);
    await expect(newFolder(join(out, 'x'))).rejects.toMatchObject(inUse);
    expect(readdirSync(root)).toEqual(['export']);
  });

  it('does not replace what somebody put there meanwhile', async () => {
    const folder = await newFolder(out);
    await folder.write('a', 'text');
    mkdirSync(out);
    writeFileSync(join(out, 'x'), '');
    await expect(folder.finish()).rejects.toMatchObject(inUse);
    await folder.abandon();
    expect(readdirSync(out)).toEqual(['x']);
    rmSync(out, { recursive: true });
    const another = await newFolder(out);
    writeFileSync(out, 'a file');
    await expect(another.finish()).rejects.toMatchObject(inUse);
    await another.abandon();
    expect(readFileSync(out, 'utf8')).toBe('a file');
  });

  it('is written by one at a time', async () => {
    const folder = await newFolder(out);
    await expect(newFolder(out)).rejects.toMatchObject(inUse);
    await folder.write('a', 'text');
    await folder.finish();
    expect(readdirSync(root)).toEqual(['export']);
  });

  it('gets no name where something was taken out of it before it was whole', async () => {
    const folder = await newFolder(out);
    await folder.write('a', 'text');
    await folder.write('b', 'text');
    const [partial] = readdirSync(root);
    writeFileSync(join(root, partial as string, 'a'), '');
    await expect(folder.finish()).rejects.toMatchObject(inUse);
    rmSync(join(root, partial as string, 'a'));
    await expect(folder.finish()).rejects.toThrow();
    await folder.abandon();
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('what earlier tries left behind', () => {
  const dead = () => spawnSync(process.execPath, ['-e', '']).pid;

  it('is taken away where its process has ended, and where it had our number', async () => {
    for (const pid of [dead(), process.pid]) {
      mkdirSync(join(root, `.export.${pid}.partial`));
      writeFileSync(join(root, `.export.${pid}.partial`, 'revealed.json'), 'x');
    }
    const folder = await newFolder(out);
    await folder.write('a', 'text');
    await folder.finish();
    expect(readdirSync(root)).toEqual(['export']);
    expect(readdirSync(out)).toEqual(['a']);
  });

  it('stays where its process runs, and where it belongs to another folder', async () => {
    const others = [
      `.export.${process.ppid}.partial`,
      `.other.${dead()}.partial`,
      '.export.x.partial',
      '.export.partial',
    ];
    for (const name of others) mkdirSync(join(root, name));
    const folder = await newFolder(out);
    await folder.abandon();
    expect(readdirSync(root).sort()).toEqual([...others].sort());
  });
});
