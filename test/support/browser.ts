import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

/** Where the package keeps the browser; its main file lies in build/. */
function packageFolder(): string {
  const main = createRequire(join(process.cwd(), 'package.json')).resolve('@sparticuz/chromium');
  return main.slice(0, main.lastIndexOf(join('@sparticuz', 'chromium')) + '@sparticuz/chromium'.length);
}

/**
 * The browser inside the package, unpacked below var/ once for each version: no root and no system packages, since the
 * libraries that a plain Debian lacks are inside too. Put in its place in one step: a run that was killed leaves no half of it.
 */
async function unpacked(): Promise<string> {
  const source = packageFolder();
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const place = join(process.cwd(), 'var', `chromium-${version}`);
  if (existsSync(place)) return place;
  mkdirSync(dirname(place), { recursive: true });
  const building = mkdtempSync(`${place}-`);
  const open = (name: string) => createReadStream(join(source, 'bin', name)).pipe(createBrotliDecompress());
  await pipeline(open('chromium.br'), createWriteStream(join(building, 'chromium'), { mode: 0o755 }));
  for (const name of ['al2023', 'fonts', 'swiftshader']) {
    const file = join(building, `${name}.tar`);
    await pipeline(open(`${name}.tar.br`), createWriteStream(file));
    const run = spawnSync('tar', ['-xf', file, '-C', building], { stdio: 'inherit' });
    if (run.status !== 0) throw new Error(`tar: ${run.status}`);
    rmSync(file);
  }
  try {
    renameSync(building, place);
  } catch (error) {
    // Another run was faster.
    rmSync(building, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  return place;
}

/** What a browser of the tests may be told. */
export interface BrowserOptions {
  /**
   * Keys of servers that it accepts beside what its own root store vouches for, as `serverKey` makes them (base64 SHA-256 of the
   * SubjectPublicKeyInfo). Everything else stays as it is: a server with any other key is refused.
   */
  readonly trustedKeys?: readonly string[];
}

/** A browser without a window. The caller closes it. */
export async function startBrowser({ trustedKeys = [] }: BrowserOptions = {}): Promise<Browser> {
  const place = await unpacked();
  const pins =
    trustedKeys.length === 0 ? [] : [`--ignore-certificate-errors-spki-list=${trustedKeys.join(',')}`];
  return chromium.launch({
    executablePath: join(place, 'chromium'),
    // Its own sandbox needs rights that neither root in a container nor every ordinary user has; it opens our pages alone.
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--disable-dev-shm-usage', ...pins],
    env: {
      ...process.env,
      HOME: place,
      FONTCONFIG_PATH: join(place, 'fonts'),
      LD_LIBRARY_PATH: join(place, 'lib'),
    },
  });
}
