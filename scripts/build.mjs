// Compiles src, mocks, bench, certs-example and the verifier to dist/ and makes `npx bridge` work from a checkout.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
const run = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (run.status !== 0) process.exit(run.status ?? 1);

const verifier = spawnSync(process.execPath, ['scripts/build-verifier.mjs'], { stdio: 'inherit' });
if (verifier.status !== 0) process.exit(verifier.status ?? 1);

if (existsSync('dist/src/cli.js')) {
  chmodSync('dist/src/cli.js', 0o755);
  mkdirSync('node_modules/.bin', { recursive: true });
  rmSync('node_modules/.bin/bridge', { force: true });
  symlinkSync('../../dist/src/cli.js', 'node_modules/.bin/bridge');
}
