import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';

const SCRIPT = resolve('scripts/check-imports.mjs');
const trees: string[] = [];

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true, force: true });
});

/** Runs the script on a tree of these files; each folder of src/ gets its README unless `readmes` is false. */
function check(
  files: Record<string, string>,
  { readmes = true } = {},
): { status: number | null; lines: string[] } {
  const root = mkdtempSync(join(tmpdir(), 'koopbis-imports-'));
  trees.push(root);
  const all: Record<string, string> = { ...files };
  for (const file of Object.keys(files)) {
    const room = /^src\/[^/]+(?=\/)|^(?:mocks|certs-example|verifier)(?=\/)/.exec(file)?.[0];
    if (readmes && room !== undefined) all[`${room}/README.md`] = '# room\n';
  }
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, root], { encoding: 'utf8' });
  return { status, lines: stderr.split('\n').filter(Boolean) };
}

const ERRORS = { 'src/errors/bridge-error.ts': 'export class BridgeError extends Error {}\n' };
const DATABASE = { 'src/storage/database.ts': 'export interface Database { x: 1 }\n' };

describe('the import check', () => {
  it('passes a tree that keeps every rule', () => {
    const { status, lines } = check({
      ...ERRORS,
      ...DATABASE,
      'src/person/kimlik-no.ts': "import { inspect } from 'node:util';\nexport const x = inspect(1);\n",
      'src/audit/append.ts':
        "import type { Database } from '../storage/database.js';\nimport { BridgeError } from '../errors/bridge-error.js';\nexport const y = (d: Database) => new BridgeError(String(d));\n",
      'src/main.ts':
        "import './audit/append.js';\nimport { x } from './person/kimlik-no.js';\nexport { x };\n",
      'mocks/main.ts': "import '../src/person/kimlik-no.js';\n",
      'test/a.test.ts': "import '../src/main.js';\nimport '../mocks/main.js';\n",
    });
    expect(lines).toEqual([]);
    expect(status).toBe(0);
  });

  it('fails where it finds no file at all', () => {
    expect(check({ 'other/x.ts': '' }).status).toBe(1);
  });

  it.each([
    [
      'storage knowing another room',
      { 'src/storage/pool.ts': "import '../person/a.js';", 'src/person/a.ts': 'export {};' },
      'src/storage/pool.ts: must not import src/person/a.ts: storage may not know person',
    ],
    [
      'kps knowing the api',
      { 'src/kps/a.ts': "import '../api/b.js';", 'src/api/b.ts': 'export {};' },
      'src/kps/a.ts: must not import src/api/b.ts: kps may not know api',
    ],
    [
      'a type across a wall',
      {
        'src/telemetry/a.ts': "import type { B } from '../person/b.js';",
        'src/person/b.ts': 'export type B = 1;',
      },
      'src/telemetry/a.ts: must not import src/person/b.ts: telemetry may not know person',
    ],
    [
      'a type written in place',
      { 'src/kps/a.ts': "export type A = import('../api/b.js').B;", 'src/api/b.ts': 'export type B = 1;' },
      'src/kps/a.ts: must not import src/api/b.ts: kps may not know api',
    ],
    [
      'a re-export across a wall',
      { 'src/kps/a.ts': "export * from '../api/b.js';", 'src/api/b.ts': 'export {};' },
      'src/kps/a.ts: must not import src/api/b.ts: kps may not know api',
    ],
    [
      'a named re-export across a wall',
      { 'src/kps/a.ts': "export { b } from '../api/b.js';", 'src/api/b.ts': 'export const b = 1;' },
      'src/kps/a.ts: must not import src/api/b.ts: kps may not know api',
    ],
    [
      'a dynamic import across a wall',
      { 'src/kps/a.ts': "export const a = () => import('../api/b.js');", 'src/api/b.ts': 'export {};' },
      'src/kps/a.ts: must not import src/api/b.ts: kps may not know api',
    ],
    [
      'require across a wall',
      { 'src/kps/a.ts': "const b = require('../api/b.js');", 'src/api/b.ts': 'export {};' },
      'src/kps/a.ts: must not import src/api/b.ts: kps may not know api',
    ],
    [
      'a value where only types may pass',
      { 'src/audit/a.ts': "import { x } from '../storage/b.js';", 'src/storage/b.ts': 'export const x = 1;' },
      'src/audit/a.ts: may import src/storage/b.ts only as `import type`',
    ],
    [
      'a type in a value import',
      {
        'src/audit/a.ts': "import { type X } from '../storage/b.js';",
        'src/storage/b.ts': 'export type X = 1;',
      },
      'src/audit/a.ts: may import src/storage/b.ts only as `import type`',
    ],
    [
      'a file beside the one that may be known',
      {
        'src/verification/a.ts': "import type { X } from '../kps/other.js';",
        'src/kps/other.ts': 'export type X = 1;',
      },
      'src/verification/a.ts: must not import src/kps/other.ts: verification may not know kps',
    ],
    [
      'a room importing the start',
      { 'src/api/a.ts': "import '../main.js';", 'src/main.ts': 'export {};' },
      'src/api/a.ts: must not import src/main.ts: nobody imports a start',
    ],
    [
      'one start importing the other',
      { 'src/main.ts': "import './cli.js';", 'src/cli.ts': 'export {};' },
      'src/main.ts: must not import src/cli.ts: nobody imports a start',
    ],
    [
      'a stand-in sharing code with the client',
      { 'mocks/a.ts': "import '../src/kps/b.js';", 'src/kps/b.ts': 'export {};' },
      'mocks/a.ts: must not import src/kps/b.ts: mocks may import itself, src/person, certs-example only',
    ],
    [
      'a stand-in sharing a type with the client',
      { 'mocks/a.ts': "import type { B } from '../src/kps/b.js';", 'src/kps/b.ts': 'export type B = 1;' },
      'mocks/a.ts: must not import src/kps/b.ts: mocks may import itself, src/person, certs-example only',
    ],
    [
      'a folder whose name begins like an allowed one',
      { 'mocks/a.ts': "import '../src/personal/b.js';", 'src/personal/b.ts': 'export {};' },
      'mocks/a.ts: must not import src/personal/b.ts: mocks may import itself, src/person, certs-example only',
    ],
    [
      'the bridge using a stand-in',
      { 'src/main.ts': "import '../mocks/b.js';", 'mocks/b.ts': 'export {};' },
      'src/main.ts: must not import mocks/b.ts: src may import itself only',
    ],
    [
      'the verifier using the bridge',
      { 'verifier/a.ts': "import '../src/audit/b.js';", 'src/audit/b.ts': 'export {};' },
      'verifier/a.ts: must not import src/audit/b.ts: verifier may import itself only',
    ],
    [
      'a file that does not exist',
      { 'src/api/a.ts': "import './b.js';" },
      'src/api/a.ts: imports ./b.js, which does not exist',
    ],
    [
      'a name that is computed',
      { 'src/api/a.ts': "const n = './b.js'; await import(n);" },
      'src/api/a.ts: has an import whose name is not written out: it cannot be checked',
    ],
    ['a file that cannot be parsed', { 'src/api/a.ts': 'import {{' }, 'src/api/a.ts: cannot be parsed'],
    [
      'a room without a row',
      { 'src/attic/a.ts': 'export {};' },
      'src/attic: has no row in scripts/import-rules.mjs',
    ],
  ])('refuses %s', (_what, files, violation) => {
    const { status, lines } = check(files as unknown as Record<string, string>);
    expect(lines).toContain(violation);
    expect(status).toBe(1);
  });

  it.each([
    ['a package', "import pg from 'pg';", 'must not import pg: person may import node:util from outside'],
    [
      'a module of Node',
      "import { readFileSync } from 'node:fs';",
      'must not import node:fs: person may import node:util from outside',
    ],
    [
      'the same module without its prefix',
      "import { readFileSync } from 'fs';",
      'must not import fs: person may import node:util from outside',
    ],
  ])('refuses %s in person', (_what, code, violation) => {
    expect(check({ 'src/person/a.ts': code }).lines).toContain(`src/person/a.ts: ${violation}`);
  });

  it.each([
    [
      'the store as a value',
      "import { x } from './store.js';",
      'must not import src/audit/store.ts, which is not',
    ],
    ['a file system', "import { readFileSync } from 'node:fs';", 'must not import node:fs'],
    ['a package', "import axios from 'axios';", 'must not import axios'],
    [
      'randomness',
      "import { randomBytes } from 'node:crypto';",
      'must not import randomBytes of node:crypto',
    ],
    ['all of node:crypto', "import * as crypto from 'node:crypto';", 'must not import * of node:crypto'],
    [
      'node:crypto under another name',
      "import c from 'node:crypto';",
      'must not import default of node:crypto',
    ],
    ['the clock', 'export const t = () => Date.now();', 'must not use Date.now'],
    ['the clock by a date', 'export const t = () => new Date();', 'must not use new Date()'],
    ['chance', 'export const t = () => Math.random();', 'must not use Math.random'],
    ['the environment', "export const t = () => process.env['X'];", 'must not use process'],
    ['the network', "export const t = () => fetch('x');", 'must not use fetch'],
    ['a timer', 'export const t = () => setTimeout(() => 1, 1);', 'must not use setTimeout'],
  ])('refuses %s in a pure file', (_what, code, violation) => {
    const { lines } = check({ 'src/audit/tree.ts': code, 'src/audit/store.ts': 'export const x = 1;' });
    expect(lines).toEqual([`src/audit/tree.ts: is pure and ${violation}`]);
  });

  it('allows a pure file hashes, dates that it is given, other pure files and types', () => {
    const { lines } = check({
      ...ERRORS,
      'src/audit/tree.ts':
        "import { createHash } from 'node:crypto';\nimport type { S } from './store.js';\nimport { leaf } from './leaf-hash.js';\nimport { BridgeError } from '../errors/bridge-error.js';\nexport const t = (s: S, at: number) => [createHash, leaf, BridgeError, new Date(at), s];\n",
      'src/audit/leaf-hash.ts': 'export const leaf = 1;\n',
      'src/audit/store.ts': "import 'node:fs';\nexport type S = 1;\n",
    });
    expect(lines).toEqual([]);
  });

  it('refuses a circle once and names its way, types included', () => {
    const { lines, status } = check({
      'src/api/a.ts': "import './b.js';",
      'src/api/b.ts': "import type { C } from './c.js'; export const b: C = 1;",
      'src/api/c.ts': "export type C = 1; export * from './a.js';",
    });
    expect(lines).toEqual([
      'src/api/a.ts: is in a circle: src/api/a.ts → src/api/b.ts → src/api/c.ts → src/api/a.ts',
    ]);
    expect(status).toBe(1);
  });

  it('refuses a file that imports itself', () => {
    expect(check({ 'src/api/a.ts': "import './a.js';" }).lines).toEqual([
      'src/api/a.ts: is in a circle: src/api/a.ts → src/api/a.ts',
    ]);
  });

  it('is not led astray by imports in comments and texts', () => {
    const { lines } = check({
      'src/kps/a.ts': "// import '../api/b.js'\nexport const t = \"import '../api/b.js'\";\n",
      'src/api/b.ts': 'export {};',
    });
    expect(lines).toEqual([]);
  });

  it('refuses a room without its page', () => {
    const { lines } = check({ 'src/api/a.ts': 'export {};', 'mocks/a.ts': 'export {};' }, { readmes: false });
    expect(lines).toEqual(['mocks: has no README.md', 'src/api: has no README.md']);
  });

  it('lets the command line start the house, and nobody else know the command line', () => {
    const { lines } = check({
      'src/commands/serve.ts': "import '../main.js';",
      'src/main.ts': 'export {};',
      'src/cli.ts': "import './commands/serve.js';",
      'src/api/a.ts': "import '../commands/serve.js';",
    });
    expect(lines).toEqual(['src/api/a.ts: must not import src/commands/serve.ts: api may not know commands']);
  });

  it('tells all violations at once, sorted', () => {
    const { lines } = check({
      'src/kps/a.ts': "import '../api/b.js';\nimport './none.js';",
      'src/api/b.ts': "import '../kps/a.js';",
    });
    expect(lines).toEqual([
      'src/api/b.ts: is in a circle: src/api/b.ts → src/kps/a.ts → src/api/b.ts',
      'src/api/b.ts: must not import src/kps/a.ts: api may not know kps',
      'src/kps/a.ts: imports ./none.js, which does not exist',
      'src/kps/a.ts: must not import src/api/b.ts: kps may not know api',
    ]);
  });
});
