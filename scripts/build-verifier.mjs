// Joins the offline verifier into one file for Node and one page that is opened from disk: `build-verifier.mjs [folder]`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Licences of the packages that went in: they ask to stand beside every copy. */
function licences(inputs) {
  const packages = new Set(
    Object.keys(inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const texts = [...packages].sort().map((name) => {
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt']
      .map((one) => join(root, 'node_modules', name, one))
      .find(existsSync);
    return `${name}\n\n${file === undefined ? '' : readFileSync(file, 'utf8').trim()}`;
  });
  return `/*\nThird-party parts of this file and their licences\n\n${texts.join('\n\n----\n\n').replaceAll('*/', '* /')}\n*/`;
}

async function bundle(entry, options) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    charset: 'utf8',
    legalComments: 'none',
    tsconfigRaw: '{}',
    logLevel: 'warning',
    ...options,
  });
  return { text: result.outputFiles[0].text, licences: licences(result.metafile.inputs) };
}

/** A Content-Security-Policy source for exactly this text. */
function sourceOf(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** A page with its script and style inside; nothing else may run in it, and nothing may be fetched. */
function pageOf(script, style) {
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(script)}`,
    `style-src ${sourceOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts = {
    POLICY: policy,
    '<!--STYLE-->': `<style>${style}</style>`,
    '<!--SCRIPT-->': `<script>${script}</script>`,
  };
  const template = readFileSync(join(root, 'verifier/page/page.html'), 'utf8');
  return template.replace(/POLICY|<!--(STYLE|SCRIPT)-->/g, (place) => parts[place]);
}

/** Writes `verify.mjs` and `verify.html` into `folder`. */
export async function buildVerifier(folder) {
  const node = await bundle('verifier/node.ts', { platform: 'node', format: 'esm', target: 'node18' });
  const page = await bundle('verifier/page/page.ts', {
    platform: 'browser',
    format: 'iife',
    target: 'es2020',
    minify: true,
  });
  // An end tag inside a text would end the script, and a browser reads every line end as LF before it hashes.
  const script = `${page.licences}\n${page.text}`
    .replace(/<(?=\/script|!--)/gi, '\\x3c')
    .replace(/\r\n?/g, '\n');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'verify.mjs'), `#!/usr/bin/env node\n${node.licences}\n${node.text}`);
  chmodSync(join(folder, 'verify.mjs'), 0o755);
  writeFileSync(
    join(folder, 'verify.html'),
    pageOf(script, readFileSync(join(root, 'verifier/page/page.css'), 'utf8')),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The page has types of its own (a browser's), which the main configuration leaves out.
  const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'verifier/page')];
  const run = spawnSync(process.execPath, tsc, { stdio: 'inherit' });
  if (run.status !== 0) process.exit(run.status ?? 1);
  await buildVerifier(process.argv[2] ?? join(root, 'dist/verifier'));
}
