import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { verifyFolder } from '../../verifier/node-api.js';
import { exportFolder, type House, instant, linesOf, newHouse, ORIGIN } from './support/export-folder.js';
import { type Bytes, changed, writeFolder } from './support/folder.js';
import { checkpointOf, newSigner } from './support/signer.js';
import { leafHash, rootOf } from './support/tree.js';
import { resultOf, verifyBytes, verifyWritten } from './support/verify.js';

let house: House;
let honest: Bytes;
const lines = linesOf(20);
beforeAll(async () => {
  house = await newHouse();
  honest = await exportFolder(house, { lines, first: 5, count: 10, stamped: [7, 20] });
});

/** The entries file with its lines changed. */
function entries(change: (lines: string[]) => readonly string[]): Buffer {
  const own = lines.slice(5, 15);
  return Buffer.from([...change(own)].map((line) => `${line}\n`).join(''));
}

async function resultWith(changes: Readonly<Record<string, string | Uint8Array | null>>): Promise<string> {
  const folder = changed(honest, changes);
  const onDisk = resultOf(await verifyWritten(folder));
  // The same verdict, in whatever pieces the file is read.
  for (const piece of [1, 7, 64, 100_000]) expect(resultOf(await verifyBytes(folder, piece))).toBe(onDisk);
  return onDisk;
}

const text = (name: string) => (honest.get(name) as Buffer).toString('utf8');
const swap = (own: string[], i: number, k: number) => {
  [own[i], own[k]] = [own[k] as string, own[i] as string];
  return own;
};

describe('an honest export holds', () => {
  test('in the middle of a log, in any pieces, with every check in its order', async () => {
    expect(await resultWith({})).toBe('ok');
    const report = await verifyWritten(honest);
    expect(report.kind).toBe('export');
    expect(report.checks.map((check) => check.name)).toEqual([
      'files',
      'description',
      'keys',
      'checkpoint-signature',
      'entries',
      'root',
      'timestamp-7',
      'timestamp-20',
      'covered',
    ]);
  });

  test.each([
    [1, 0, 1],
    [2, 0, 1],
    [2, 1, 1],
    [20, 0, 20],
    [20, 0, 13],
    [20, 19, 1],
    [16, 8, 8],
    [17, 16, 1],
    [3, 0, 0],
    [3, 3, 0],
    [0, 0, 0],
  ])('of a log of %d entries, from %d on, %d of them', async (size, first, count) => {
    const folder = await exportFolder(house, { lines: lines.slice(0, size), first, count });
    expect(resultOf(await verifyWritten(folder))).toBe('ok');
  });

  test('with an RSA authority, and names every key and certificate that it took from the folder', async () => {
    const rsa = await newHouse(true);
    const report = await verifyWritten(await exportFolder(rsa, { lines, first: 0, count: 20 }));
    expect(resultOf(report)).toBe('ok');
    const keys = report.checks.find((check) => check.name === 'keys');
    expect(keys?.tr).toContain('bu klasörden alındı');
    expect(keys?.en).toContain('taken from this folder');
    expect(keys?.detail).toContain(rsa.signer.vkey);
    expect(keys?.detail).toContain('Test TSA Root');
  });

  test('where a file lies in it that belongs to nothing, and names that file', async () => {
    const report = await verifyWritten(changed(honest, { 'read-me.txt': 'hello' }));
    expect(resultOf(report)).toBe('ok');
    expect(report.checks[0]?.detail).toContain('read-me.txt');
  });
});

describe('entries that were tampered with are found', () => {
  const times = (own: string[], i: number, n: number) =>
    own.map((line, at) => (at === i ? line.replace(/"at":"[^"]*"/, `"at":"${instant(n)}"`) : line));
  test.each<[string, () => Buffer, string]>([
    ['a changed byte', () => entries((own) => own.map((line) => line.replace('"n":9', '"n":8'))), 'root'],
    ['a removed line', () => entries((own) => own.filter((_, i) => i !== 3)), 'entries'],
    [
      'a line removed and another doubled',
      () => entries((own) => own.map((line, i) => (i === 3 ? (own[2] as string) : line))),
      'root',
    ],
    ['an added line', () => entries((own) => [...own, own[9] as string]), 'entries'],
    ['two swapped lines', () => entries((own) => swap(own, 3, 4)), 'entries'],
    [
      'two swapped lines with their times put right',
      () => entries((own) => times(times(swap(own, 3, 4), 3, 8), 4, 9)),
      'root',
    ],
    ['a cut tail', () => entries((own) => own.slice(0, 7)), 'entries'],
    ['nothing at all', () => Buffer.alloc(0), 'entries'],
    ['a missing last line feed', () => entries((own) => own).subarray(0, -1), 'entries'],
    [
      'CRLF',
      () =>
        Buffer.from(
          entries((own) => own)
            .toString()
            .replaceAll('\n', '\r\n'),
        ),
      'entries',
    ],
    ['an empty line', () => entries((own) => own.map((line, i) => (i === 3 ? '' : line))), 'entries'],
    [
      'a byte order mark',
      () => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), entries((own) => own)]),
      'entries',
    ],
    [
      'bytes that are no UTF-8',
      () =>
        Buffer.from(
          entries((own) => own)
            .toString('latin1')
            .replace('\u00c3', '\u00ff'),
          'latin1',
        ),
      'entries',
    ],
    ['a NUL', () => entries((own) => own.map((line, i) => (i === 9 ? `${line}\0` : line))), 'entries'],
    ['a time that runs backwards', () => entries((own) => times(own, 6, 1)), 'entries'],
    [
      'a time on a day that does not exist',
      () => entries((own) => own.map((line) => line.replace('{"at":"2026-11-01', '{"at":"2026-11-31'))),
      'entries',
    ],
    [
      'a time in another form',
      () => entries((own) => own.map((line) => line.replace('.000Z"', '.0000"'))),
      'entries',
    ],
    [
      'another member first',
      () => entries((own) => own.map((line) => line.replace('{"at":', '{"AT":'))),
      'entries',
    ],
    [
      'a line of more than a mebibyte',
      () =>
        entries((own) =>
          own.map((line, i) => (i === 2 ? line.replace('"n":7', `"n":"${'x'.repeat(1 << 20)}"`) : line)),
        ),
      'entries',
    ],
  ])('%s', async (_, tampered, check) => {
    expect(await resultWith({ 'entries.ndjson': tampered() })).toBe(check);
  });

  test('a line without end is not read to its end', async () => {
    const endless = Buffer.concat([Buffer.from('{"at":"'), Buffer.alloc(3 << 20, 0x61)]);
    const report = await verifyWritten(changed(honest, { 'entries.ndjson': endless }));
    expect(resultOf(report)).toBe('entries');
    expect(report.checks.at(-1)?.detail).toContain('more than');
  });
});

describe('what ties the entries to the log is held against them', () => {
  test.each<[string, () => Record<string, string | Uint8Array | null>, string]>([
    ['no checkpoint', () => ({ checkpoint: null }), 'files'],
    ['no entries', () => ({ 'entries.ndjson': null }), 'files'],
    ['no key', () => ({ 'log.pub': null }), 'files'],
    ['no time stamp', () => without(/^timestamps/), 'files'],
    ['half a time stamp', () => ({ 'timestamps/7.tsr': null }), 'files'],
    ['a stranger among the time stamps', () => ({ 'timestamps/07.tsr': 'x' }), 'files'],
    ['a stranger among the proofs', () => ({ 'proofs/other.json': '{}' }), 'files'],
    ['evidence.json beside export.json', () => ({ 'evidence.json': '{}' }), 'files'],
    ['neither of the two', () => ({ 'export.json': null }), 'files'],
    [
      'a member too many',
      () => ({ 'export.json': JSON.stringify({ ...described(), note: '' }) }),
      'description',
    ],
    [
      'a member twice',
      () => ({ 'export.json': text('export.json').replace('{', '{"count":10,') }),
      'description',
    ],
    [
      'a count that is no integer',
      () => ({ 'export.json': text('export.json').replace('10', '10.0') }),
      'description',
    ],
    [
      'a count beyond all integers',
      () => ({ 'export.json': JSON.stringify({ ...described(), count: 2 ** 60 }) }),
      'description',
    ],
    [
      'a negative first',
      () => ({ 'export.json': JSON.stringify({ ...described(), first: -1 }) }),
      'description',
    ],
    ['no JSON', () => ({ 'export.json': '{' }), 'description'],
    ['JSON nested without end', () => ({ 'export.json': '['.repeat(60_000) }), 'description'],
    ['a wrong count', () => ({ 'export.json': JSON.stringify({ ...described(), count: 9 }) }), 'entries'],
    ['another first', () => ({ 'export.json': JSON.stringify({ ...described(), first: 6 }) }), 'root'],
    [
      'another origin',
      () => ({ 'export.json': JSON.stringify({ ...described(), origin: 'other.example' }) }),
      'keys',
    ],
    [
      'a key whose id is not its own',
      () => ({ 'log.pub': text('log.pub').replace(/\+[0-9a-f]{8}\+/, '+00000000+') }),
      'keys',
    ],
    ['a key file with CRLF', () => ({ 'log.pub': text('log.pub').replace('\n', '\r\n') }), 'keys'],
    ['a key file with words in it', () => ({ 'log.pub': `${text('log.pub')}hello\n` }), 'keys'],
    [
      'another key of that name',
      () => ({ 'log.pub': `${newSigner(ORIGIN).vkey}\n` }),
      'checkpoint-signature',
    ],
    ['certificates that are none', () => ({ 'tsa-ca.pem': 'hello' }), 'keys'],
    ['a certificate cut in half', () => ({ 'tsa-ca.pem': text('tsa-ca.pem').slice(0, 300) }), 'keys'],
    ['a changed signature', () => ({ checkpoint: flipSignature() }), 'checkpoint-signature'],
    [
      'a changed size',
      () => ({ checkpoint: text('checkpoint').replace('\n20\n', '\n21\n') }),
      'checkpoint-signature',
    ],
    [
      'no signature',
      () => ({ checkpoint: `${text('checkpoint').split('\n\n')[0]}\n` }),
      'checkpoint-signature',
    ],
    [
      'a note without its last line feed',
      () => ({ checkpoint: text('checkpoint').trimEnd() }),
      'checkpoint-signature',
    ],
    ['a checkpoint of another log under our key', () => ({ checkpoint: foreign() }), 'checkpoint-signature'],
    [
      'a rightly signed checkpoint of another root',
      () => ({ checkpoint: headOf([...lines.slice(0, 19), lines[0] as string]) }),
      'root',
    ],
    [
      'a rightly signed checkpoint that is too small',
      () => ({ checkpoint: headOf(lines.slice(0, 14)) }),
      'root',
    ],
    [
      'a changed proof',
      () => ({ 'proofs/range.json': text('proofs/range.json').replace(/"left":\["./, '"left":["_') }),
      'root',
    ],
    ['a proof with two hashes swapped', () => ({ 'proofs/range.json': swappedProof() }), 'root'],
    ['a proof with a hash too many', () => ({ 'proofs/range.json': longerProof() }), 'root'],
    ['no proof', () => ({ 'proofs/range.json': null }), 'root'],
  ])('%s', async (_, changes, check) => {
    expect(await resultWith(changes())).toBe(check);
  });

  test('a symbolic link in the folder, whatever it leads to', async () => {
    const path = writeFolder(honest);
    const outside = join(writeFolder(honest), 'entries.ndjson');
    rmSync(join(path, 'entries.ndjson'));
    symlinkSync(outside, join(path, 'entries.ndjson'));
    expect(resultOf(await verifyFolder(path))).toBe('files');
  });

  test('a folder that is not there is a failed check, not an exception', async () => {
    expect(resultOf(await verifyFolder('/nowhere/at/all'))).toBe('files');
  });
});

function without(pattern: RegExp): Record<string, null> {
  return Object.fromEntries(
    [...honest.keys()].filter((name) => pattern.test(name)).map((name) => [name, null]),
  );
}
function described() {
  return JSON.parse(text('export.json')) as { first: number; count: number; origin: string };
}
function headOf(of: readonly string[]): string {
  return checkpointOf(house.signer, of.length, rootOf(of.map((line) => leafHash(Buffer.from(line)))));
}
function foreign(): string {
  // Signed under our name and key, but its text names another origin.
  const other = { ...house.signer, origin: 'other.example' };
  return checkpointOf(other, 20, rootOf([])).replace('— other.example', `— ${ORIGIN}`);
}
function flipSignature(): string {
  return text('checkpoint').replace(
    /(.)(.{20}\n)$/,
    (_, char: string, rest: string) => (char === 'A' ? 'B' : 'A') + rest,
  );
}
function swappedProof(): string {
  const { left, right } = JSON.parse(text('proofs/range.json')) as { left: string[]; right: string[] };
  return JSON.stringify({ left: left.reverse(), right });
}
function longerProof(): string {
  const { left, right } = JSON.parse(text('proofs/range.json')) as { left: string[]; right: string[] };
  return JSON.stringify({ left, right: [...right, right[0]] });
}
