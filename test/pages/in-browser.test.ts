import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeViolations } from '../support/axe.js';
import { startBrowser } from '../support/browser.js';
import { type PageServer, startPageServer } from './support/page-server.js';
import { EXAMPLES, titleOf } from './support/views.js';

const SCREENSHOTS = join(process.cwd(), 'var/screenshots/pages');
// The refusals differ in their words alone, but for that of two steps: one stands for the others.
const LIKE_ANOTHER = /^refused-(?!two-step|upstream-unavailable|without)/;
const TITLES = EXAMPLES.map(titleOf).filter((title) => !LIKE_ANOTHER.test(title));
const WIDTHS = [360, 768, 1280, 1920];
const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
const INLINE = '<title>kept</title><script>document.title = "ran"</script><p style="color: red" id="p">x</p>';
const FAULTY = '<title>x</title><img src="data:,"><input><p>y</p>';

let browser: Browser;
let server: PageServer;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  [browser, server] = await Promise.all([
    startBrowser(),
    startPageServer({ '/inline': INLINE, '/faulty': FAULTY }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** A page of its own context, and what it complains of or asks other hosts for. */
async function opened(
  title: string,
  { width = 1280, javaScriptEnabled = true } = {},
): Promise<{ context: BrowserContext; page: Page; trouble: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, javaScriptEnabled });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('requestfailed', (request) => trouble.push(`failed: ${request.url()}`));
  page.on('request', (request) => {
    const isOurs = request.url().startsWith(server.origin) || request.url().startsWith('data:');
    if (!isOurs) trouble.push(`asked for ${request.url()}`);
  });
  await page.goto(`${server.origin}/${title}`);
  return { context, page, trouble };
}

describe.each(TITLES)('%s in a browser', (title) => {
  test('axe-core finds nothing, and neither does the Content-Security-Policy', async () => {
    const { context, page, trouble } = await opened(title);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(238, 242, 245)');
    expect(await page.evaluate('[...document.images].every((one) => one.naturalWidth > 0)')).toBe(true);
    expect(trouble).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    await context.close();
  });

  test('every control is reached by the keyboard, in the order of the page, with a visible focus', async () => {
    const { context, page } = await opened(title, { width: 360 });
    const count = await page.locator(CONTROLS).count();
    expect(count).toBeGreaterThan(0);
    const seen: unknown[] = [];
    for (let step = 0; step < count; step += 1) {
      await page.keyboard.press('Tab');
      seen.push(
        await page.evaluate(
          `({ index: [...document.querySelectorAll(${JSON.stringify(CONTROLS)})].indexOf(document.activeElement),
              outline: getComputedStyle(document.activeElement).outlineStyle,
              width: getComputedStyle(document.activeElement).outlineWidth })`,
        ),
      );
    }
    expect(seen).toEqual(
      Array.from({ length: count }, (_, index) => ({ index, outline: 'solid', width: '3px' })),
    );
    await context.close();
  });

  test('nothing is wider than the screen, from 360 px to 1920 px, or smaller than a finger', async () => {
    const { context, page } = await opened(title);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const small = await page.$$eval('button, .button, input:not([type=hidden])', (all) =>
        all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML),
      );
      expect(small).toEqual([]);
      if (width === 360 || width === 1280) {
        await page.screenshot({ path: join(SCREENSHOTS, `${title}-${width}.png`), fullPage: true });
      }
    }
    await context.close();
  });
});

describe('without scripts', () => {
  /** Fills in what can be filled in, presses the button of that place, and gives what the server got. */
  async function pressed(title: string, index: number) {
    const { context, page } = await opened(title, { javaScriptEnabled: false });
    for (const input of await page.locator('input:not([type=hidden])').all()) await input.fill('123456');
    await page.locator('button').nth(index).click();
    await page.waitForURL((url) => url.pathname !== `/${title}`);
    await context.close();
    return server.posted();
  }

  test.each([
    ['announced', 0, '/giris/adim/uid', {}],
    ['notice', 0, '/giris/adim/uid', {}],
    ['told', 0, '/giris/adim/uid', {}],
    ['step-up', 0, '/giris/adim/uid', { kod: '123456' }],
    ['step-up-wrong', 0, '/giris/adim/uid', { kod: '123456' }],
    ['enrol', 0, '/hesabim/ikinci-adim', { csrf: 'form-token', kod: '123456' }],
    ['account', 0, '/hesabim/oturumlar/kapat', { csrf: 'form-token', oturum: 'session-1' }],
    ['account', 1, '/hesabim/oturumlar/kapat', { csrf: 'form-token', oturum: 'session-2' }],
    ['sign-out', 0, '/oidc/session/end/confirm', { xsrf: 'xsrf-token', logout: 'yes' }],
    ['sign-out', 1, '/oidc/session/end/confirm', { xsrf: 'xsrf-token' }],
  ])('the form of %s, button %i, posts to %s', async (title, index, path, fields) => {
    expect(await pressed(title, index)).toEqual([{ path, fields }]);
  });

  test('there is no button beside these', async () => {
    const { context, page } = await opened('signed-out', { javaScriptEnabled: false });
    const counts: Record<string, number> = {};
    for (const title of TITLES) {
      await page.goto(`${server.origin}/${title}`);
      const count = await page.locator('button').count();
      if (count > 0) counts[title] = count;
    }
    await context.close();
    const one = [
      'announced',
      'notice',
      'told',
      'told-with-seats',
      'step-up',
      'step-up-wrong',
      'enrol',
      'enrol-wrong',
    ];
    expect(counts).toEqual({
      ...Object.fromEntries(one.map((title) => [title, 1])),
      account: 2,
      'account-new': 2,
      'sign-out': 2,
    });
  });
});

describe('if something slipped through after all', () => {
  test('a script in a page does not run, and a style attribute has no effect', async () => {
    const { context, page, trouble } = await opened('inline');
    expect(await page.title()).toBe('kept');
    expect(await page.evaluate('getComputedStyle(document.getElementById("p")).color')).toBe('rgb(0, 0, 0)');
    expect(trouble.filter((one) => one.includes('Content Security Policy'))).toHaveLength(2);
    await context.close();
  });

  test('axe-core says so, and where', async () => {
    const { context, page } = await opened('faulty');
    const violations = (await axeViolations(page)).join('\n');
    for (const rule of ['html-has-lang', 'image-alt', 'label']) expect(violations).toContain(`${rule}: `);
    await context.close();
  });

  test('a page of ours is not shown in a stranger’s frame', async () => {
    const { context, page } = await opened('stranger');
    expect(await page.title()).toBe('stranger');
    expect(await page.frames()[1]?.locator('main').count()).toBe(0);
    await context.close();
  });
});
