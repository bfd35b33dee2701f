import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { saveFile } from '../../../src/fees/export/save-file.js';

const LOADER = fileURLToPath(new URL('../../support/typescript-loader.mjs', import.meta.url));
const SAVE = new URL('../../../src/fees/export/save-file.ts', import.meta.url).href;

/** Writes for ever, and says so with each piece. */
const WRITER = `
  const { saveFile } = await import(${JSON.stringify(SAVE)});
  const { Readable } = await import('node:stream');
  const pieces = async function* () {
    for (;;) {
      yield Buffer.alloc(65536);
      process.stdout.write('.');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await saveFile(process.argv[1], Readable.from(pieces()));
`;

it('a run that was killed leaves nothing under the name, and the next one finishes and clears up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'save-file-'));
  const path = join(folder, 'cetvel.csv');
  const writer = spawn(process.execPath, ['--import', LOADER, '--input-type=module', '-e', WRITER, path]);
  try {
    const ended = new Promise((resolve) => writer.once('close', resolve));
    let complaints = '';
    writer.stderr.on('data', (text) => {
      complaints += String(text);
    });
    await Promise.race([new Promise((resolve) => writer.stdout.once('data', resolve)), ended]);
    expect([writer.exitCode, complaints]).toEqual([null, '']);
    writer.kill('SIGKILL');
    await ended;
    const left = readdirSync(folder);
    expect(left).toEqual([expect.stringMatching(/^\.cetvel\.csv\.\d+\.[0-9a-f]{8}\.partial$/)]);
    await saveFile(path, Readable.from([Buffer.from('whole')]));
    expect(readdirSync(folder)).toEqual(['cetvel.csv']);
    expect(readFileSync(path, 'utf8')).toBe('whole');
  } finally {
    writer.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
