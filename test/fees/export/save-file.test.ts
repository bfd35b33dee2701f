import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { saveFile } from '../../../src/fees/export/save-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'save-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stream = (...pieces: string[]) => Readable.from(pieces.map((piece) => Buffer.from(piece)));
const failing = () =>
  Readable.from(
    (async function* () {
      yield Buffer.from('half');
      throw new Error('the rows ended early');
    })(),
  );
/** The id of a process that has ended. */
const goneProcess = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('a file that is saved', () => {
  it('is whole, for its owner alone, and told with size and hash', async () => {
    const path = join(folder, 'cetvel.csv');
    const saved = await saveFile(path, stream('a', 'b'));
    expect(readFileSync(path, 'utf8')).toBe('ab');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(saved).toEqual({
      bytes: 2,
      sha256: 'fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603',
    });
    expect(readdirSync(folder)).toEqual(['cetvel.csv']);
  });

  it('takes the place of the one from before only once it is whole', async () => {
    const path = join(folder, 'cetvel.csv');
    writeFileSync(path, 'before');
    await expect(saveFile(path, failing())).rejects.toThrow('the rows ended early');
    expect(readFileSync(path, 'utf8')).toBe('before');
    await saveFile(path, stream('after'));
    expect(readFileSync(path, 'utf8')).toBe('after');
  });

  it('is not there where its rows failed, nor is anything else', async () => {
    await expect(saveFile(join(folder, 'cetvel.csv'), failing())).rejects.toThrow('the rows ended early');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('removes what a killed run left, and nothing of anybody else', async () => {
    const left = `.cetvel.csv.${goneProcess()}.0123abcd.partial`;
    const others = [
      `.cetvel.csv.${process.pid}.0123abcd.partial`,
      `.other.csv.${goneProcess()}.0123abcd.partial`,
      '.cetvel.csv.mine.partial',
    ];
    for (const name of [left, ...others]) writeFileSync(join(folder, name), '');
    await saveFile(join(folder, 'cetvel.csv'), stream('a'));
    expect(readdirSync(folder).sort()).toEqual([...others, 'cetvel.csv'].sort());
  });

  it('is refused where there is no folder, and the stream is given back', async () => {
    const rows = stream('a');
    await expect(saveFile(join(folder, 'none', 'cetvel.csv'), rows)).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(rows.destroyed).toBe(true);
  });
});
