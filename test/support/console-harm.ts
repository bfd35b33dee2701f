import type { Browser, Page } from 'playwright-core';
import type { ConsoleTab } from './console-tab.js';

/** Opens a page with this session and gives everything that must not be. */
async function looked(page: Page, web: string, path: string): Promise<string[]> {
  const response = await page.goto(`${web}${path}`, { waitUntil: 'load' });
  const raw = (await response?.text()) ?? '';
  const faults = (await page.evaluate(`(() => {
    const faults = [];
    if (window.hostile !== undefined) faults.push('a script ran');
    if (document.querySelector('script:not([src]), [onerror], img[src="x"]')) faults.push('an element came from a value');
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let at = texts.nextNode(); at !== null; at = texts.nextNode())
      if (/alert\\(1\\)|\\u202e/.test(at.data) && at.parentElement.closest('bdi, code, option, textarea, pre') === null)
        faults.push('not kept apart: ' + at.data.slice(0, 60));
    return faults;
  })()`)) as string[];
  if (raw.includes('<script>window') || raw.includes('<img src=x')) faults.push('raw in the page');
  for (const width of [360, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    if ((await page.evaluate('document.documentElement.scrollWidth')) !== width)
      faults.push(`wider than ${width}`);
  }
  return faults.map((fault) => `${path}: ${fault}`);
}

/** All these pages in a browser of that session. `seen`: on how many of them a hostile text stands. */
export async function lookAtAll(
  browser: Browser,
  web: string,
  who: ConsoleTab,
  paths: readonly string[],
): Promise<{ faults: string[]; seen: string[] }> {
  const context = await who.browserOf(browser);
  const page = await context.newPage();
  const faults: string[] = [];
  const seen: string[] = [];
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => faults.push(`${new URL(page.url()).pathname}: ${message.text()}`));
  for (const path of paths) {
    faults.push(...(await looked(page, web, path)));
    if (((await page.locator('body').textContent()) ?? '').includes('alert(1)')) seen.push(path);
  }
  await context.close();
  return { faults, seen };
}
