import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { evidenceFolder } from './support/evidence-folder.js';
import { exportFolder, type House, linesOf, newHouse } from './support/export-folder.js';
import { type Bytes, changed, writeFolder } from './support/folder.js';
import { newSigner } from './support/signer.js';
import { resultOf, verifyWritten } from './support/verify.js';

// What is checked is what people get: both files as the build makes them.
const built = mkdtempSync(join(tmpdir(), 'verifier-built-'));
let browser: Browser;
let house: House;
let exported: Bytes;

beforeAll(async () => {
  execFileSync(process.execPath, ['scripts/build-verifier.mjs', built]);
  [browser, house] = await Promise.all([startBrowser(), newHouse()]);
  exported = await exportFolder(house, { lines: linesOf(30), first: 4, count: 20, stamped: [10, 30] });
});
afterAll(async () => {
  await browser?.close();
  rmSync(built, { recursive: true, force: true });
});

interface Shown {
  readonly name: string;
  readonly ok: boolean;
  readonly tr: string;
  readonly en: string;
}

/** Opens the page from disk; whatever it asks for beside itself is kept from it and noted, as are its complaints. */
async function openPage(): Promise<{ page: Page; asked: string[] }> {
  const page = await browser.newPage();
  const url = pathToFileURL(join(built, 'verify.html')).href;
  const asked: string[] = [];
  await page.route('**/*', (route) => {
    if (route.request().url() === url) return route.continue();
    asked.push(route.request().url());
    return route.abort();
  });
  page.on('pageerror', (error) => asked.push(`error: ${error.message}`));
  page.on('console', (message) => asked.push(`console: ${message.text()}`));
  await page.goto(url);
  return { page, asked };
}

async function checksOf(page: Page): Promise<Shown[]> {
  await page.waitForSelector('#verdict.ok, #verdict.fail');
  return page.$$eval('#checks > li', (items) =>
    items.map((item) => ({
      name: item.getAttribute('data-check') ?? '',
      ok: item.className === 'ok',
      tr: item.querySelector('p.tr[lang=tr]')?.textContent ?? '',
      en: item.querySelector('p.en[lang=en]')?.textContent ?? '',
    })),
  );
}

/** What the page shows of a folder, and nothing but itself asked for. */
async function shown(files: Bytes, before: (page: Page) => Promise<void> = async () => undefined) {
  const { page, asked } = await openPage();
  await before(page);
  await page.setInputFiles('#folder', writeFolder(files));
  const checks = await checksOf(page);
  const verdict = (await page.textContent('#verdict')) ?? '';
  await page.close();
  expect(asked).toEqual([]);
  return { checks, verdict };
}

describe('the page, opened from disk', () => {
  test('shows each check of an honest export in Turkish and English, as the library makes them', async () => {
    const report = await verifyWritten(exported);
    const { checks, verdict } = await shown(exported);
    expect(checks).toEqual(report.checks.map(({ name, ok, tr, en }) => ({ name, ok, tr, en })));
    expect(checks.every((check) => check.ok)).toBe(true);
    expect(verdict).toContain('Bütün denetimler olumlu');
    expect(verdict).toContain('Every check holds');
  });

  test('shows each check of an honest evidence folder, revealed values included', async () => {
    const { checks } = await shown(await evidenceFolder(house));
    expect(checks.every((check) => check.ok)).toBe(true);
    expect(checks.at(-1)?.name).toBe('revealed-6-subject.number');
  });

  test.each<[string, string, (files: Bytes) => Bytes]>([
    ['entries.ndjson', 'root', (files) => edited(files, 'entries.ndjson', '"n":7', '"n":8')],
    ['a checkpoint', 'checkpoint-signature', (files) => edited(files, 'checkpoint', '\n30\n', '\n31\n')],
    [
      'a time stamp',
      'timestamp-10',
      (files) => changed(files, { 'timestamps/10.tsr': files.get('timestamps/30.tsr') as Buffer }),
    ],
    ['a missing file', 'files', (files) => changed(files, { 'log.pub': null })],
  ])('names the check that %s fails, with the reason, and stops there', async (_, name, tamper) => {
    const tampered = tamper(exported);
    const report = await verifyWritten(tampered);
    const { checks, verdict } = await shown(tampered);
    expect(checks.at(-1)).toEqual({
      name,
      ok: false,
      tr: report.checks.at(-1)?.tr,
      en: report.checks.at(-1)?.en,
    });
    expect(checks.filter((check) => !check.ok)).toHaveLength(1);
    expect(verdict).toContain('denetimi olumsuz');
    expect(verdict).toContain('fails');
  });

  test('finds a revealed text that does not belong to the entry', async () => {
    const { checks } = await shown(
      edited(await evidenceFolder(house), 'revealed.json', '"text":"1', '"text":"2'),
    );
    expect(checks.at(-1)).toMatchObject({ name: 'revealed-6-subject.number', ok: false });
  });

  test('shows names of a folder as text, never as markup', async () => {
    const { checks } = await shown(changed(exported, { '<img src=x onerror=alert(1)>': 'x' }));
    expect(checks.every((check) => check.ok)).toBe(true);
  });

  test('trusts keys that were pasted instead of the folder’s', async () => {
    const paste = (key: string) => async (page: Page) => {
      await page.click('summary');
      await page.fill('#log-key', key);
    };
    expect((await shown(exported, paste(house.signer.vkey))).checks.every((check) => check.ok)).toBe(true);
    const other = await shown(exported, paste(newSigner(house.signer.origin).vkey));
    expect(other.checks.at(-1)).toMatchObject({ name: 'checkpoint-signature', ok: false });
  });

  test('takes a folder that is dropped on it', async () => {
    const { page, asked } = await openPage();
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [writeFolder(exported)], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 50, y: 50, data });
    }
    const checks = await checksOf(page);
    await page.close();
    expect(asked).toEqual([]);
    expect(checks.length).toBeGreaterThan(5);
    expect(checks.every((check) => check.ok)).toBe(true);
  });

  test('can be worked with the keyboard, and says its result aloud', async () => {
    const { page } = await openPage();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('folder');
    expect(await page.getAttribute('#verdict', 'aria-live')).toBe('polite');
    expect(await page.textContent('label[for=folder]')).toContain('Klasörü buraya sürükleyin');
    await page.close();
  });

  test('allows nothing but its own script: no host, no other script, no form', () => {
    const html = readFileSync(join(built, 'verify.html'), 'utf8');
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^' ]+'; style-src 'sha256-[^' ]+'; base-uri 'none'; form-action 'none'$/,
    );
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/type="?module/);
  });
});

function edited(files: Bytes, name: string, from: string, to: string): Bytes {
  const text = (files.get(name) as Buffer).toString();
  expect(text).toContain(from);
  return changed(files, { [name]: text.replace(from, to) });
}

describe('the file for Node', () => {
  const run = (...args: string[]) => {
    try {
      const out = execFileSync(process.execPath, [join(built, 'verify.mjs'), ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
        cwd: built,
      });
      return { code: 0, out, err: '' };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, out: stdout, err: stderr };
    }
  };

  test('stands alone, prints one line for each check and ends with 0', () => {
    const { code, out } = run(writeFolder(exported));
    expect(code).toBe(0);
    const names = out.split('\n').flatMap((line) => /^ok {3}([a-z0-9-]+): .+ \/ .+$/.exec(line)?.[1] ?? []);
    expect(names).toEqual([
      'files',
      'description',
      'keys',
      'checkpoint-signature',
      'entries',
      'root',
      'timestamp-10',
      'timestamp-30',
      'covered',
    ]);
  });

  test('ends with 1 and the first check that fails', async () => {
    const tampered = edited(exported, 'entries.ndjson', '"n":7', '"n":8');
    const { code, out } = run(writeFolder(tampered), '--lang', 'tr');
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL root: Kayıtlar, imzalanan özeti vermiyor/m);
    const report = JSON.parse(run(writeFolder(tampered), '--json').out);
    expect(resultOf(report)).toBe('root');
  });

  test('takes keys from outside as text or file', () => {
    const folder = writeFolder(exported);
    const file = join(built, 'log.pub');
    writeFileSync(file, `${house.signer.vkey}\n`);
    expect(run(folder, '--log-key', house.signer.vkey).code).toBe(0);
    expect(run(folder, '--log-key', file).code).toBe(0);
    expect(run(folder, '--log-key', newSigner(house.signer.origin).vkey).code).toBe(1);
  });

  test.each([
    [[]],
    [['/nowhere']],
    [['.', '.']],
    [['.', '--lang', 'de']],
    [['.', '--unknown']],
    [['.', '--tsa-ca', '/nowhere']],
  ])('ends with 2 where it is used wrongly: %j', (args) => {
    expect(run(...args)).toMatchObject({ code: 2, out: '' });
  });

  test('lets no folder write on the terminal', async () => {
    const odd = changed(exported, { 'x\u001b[2Jok   root: y\u202e.txt': 'x' });
    const { code, out } = run(writeFolder(odd));
    expect(code).toBe(0);
    expect(out).not.toMatch(/[^\P{C}\n]/u);
  });
});
