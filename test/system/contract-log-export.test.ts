import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashOfLine, readCheckpoint } from '../support/public-files.js';
import { BUILT, type System, startSystem } from '../support/system.js';
import { Asking } from '../support/system-asking.js';

// CONTRACT §6 and docs/audit-formats.md, read by somebody who has only those and `openssl`.

let system: System;
let first: number;
let folder: string;
beforeAll(async () => {
  system = await startSystem();
  const asking = new Asking(system);
  for (let i = 0; i < 6; i += 1) expect((await asking.ask()).status).toBe(200);
  const rows = await system.sql('SELECT leaf_index::int AS leaf, line FROM bridge.entry ORDER BY leaf_index');
  const from = atOf(rows[Math.floor(rows.length / 3)].line);
  const to = atOf(rows.at(-3).line);
  first = rows.findIndex(({ line }) => atOf(line) >= from);
  folder = join(system.layout.secrets, 'part');
  expect(await run('node', [join(BUILT, 'src/cli.js'), ...exported(from, to)])).toMatchObject({ code: 0 });
  count = rows.findIndex(({ line }) => atOf(line) >= to) - first;
});
afterAll(() => system?.stop());

let count: number;
const atOf = (line: string): string => JSON.parse(line).at;
const exported = (from: string, to: string) => [
  'audit',
  'export',
  '--from',
  from,
  '--to',
  to,
  '--out',
  folder,
];
const text = (name: string) => readFileSync(join(folder, name), 'utf8');

function run(program: string, args: string[]): Promise<{ code: number; err: string }> {
  const env = { ...process.env, BRIDGE_CONFIG: system.layout.configFile };
  return new Promise((resolve) =>
    execFile(program, args, { env }, (error, _out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), err }),
    ),
  );
}

describe('a period out of the middle of the log', () => {
  it('holds the leaves whose time lies in it, its beginning included, its end not', () => {
    expect(JSON.parse(text('export.json'))).toEqual({ first, count, origin: expect.any(String) });
    expect(text('entries.ndjson').split('\n')).toHaveLength(count + 1);
    expect(text('entries.ndjson').endsWith('\n')).toBe(true);
  });

  it('gives the signed root together with the hashes of what lies before and behind it', () => {
    const checkpoint = readCheckpoint(text('checkpoint'), text('log.pub').trim());
    const { left, right } = JSON.parse(text('proofs/range.json')) as { left: string[]; right: string[] };
    const known = new Map<string, Buffer>();
    let place = 0;
    for (const hash of left) {
      const width = 2 ** Math.floor(Math.log2(first - place));
      known.set(`${place}+${width}`, Buffer.from(hash, 'base64'));
      place += width;
    }
    expect(place).toBe(first);
    for (const line of text('entries.ndjson').trimEnd().split('\n'))
      known.set(`${place++}+1`, hashOfLine(line));
    for (const hash of right) {
      let width = 1;
      while (place % (width * 2) === 0 && place + width * 2 <= checkpoint.size) width *= 2;
      known.set(`${place}+${width}`, Buffer.from(hash, 'base64'));
      place += width;
    }
    expect(place).toBe(checkpoint.size);
    const root = (at: number, width: number): Buffer => {
      const there = known.get(`${at}+${width}`);
      if (there !== undefined) return there;
      if (width === 1) throw new Error(`leaf ${at} is not there`);
      const half = 2 ** Math.ceil(Math.log2(width) - 1);
      const parts = [Buffer.from([1]), root(at, half), root(at + half, width - half)];
      return createHash('sha256').update(Buffer.concat(parts)).digest();
    };
    expect(root(0, checkpoint.size)).toEqual(checkpoint.root);
  });

  it('is stamped as openssl wants it', async () => {
    const stamps = readdirSync(join(folder, 'timestamps')).filter((name) => name.endsWith('.tsr'));
    expect(stamps.length).toBeGreaterThan(0);
    expect(stamps.some((name) => Number.parseInt(name, 10) >= first + count)).toBe(true);
    for (const stamp of stamps) {
      const at = join(folder, 'timestamps', stamp);
      const data = at.replace(/tsr$/, 'checkpoint');
      expect(existsSync(data)).toBe(true);
      const args = ['ts', '-verify', '-in', at, '-data', data, '-CAfile', join(folder, 'tsa-ca.pem')];
      expect(await run('openssl', args)).toMatchObject({ code: 0 });
    }
  });
});
