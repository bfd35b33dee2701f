import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ACCESS, type AccessId } from '../../src/console/access.js';
import type { AccessRow } from '../../src/console/access-row.js';
import { axeViolations } from './axe.js';

const SCREENSHOTS = join(process.cwd(), 'var/screenshots/console');
const WIDTHS = [360, 1920] as const;
const HEIGHT = 800;
/** All that one page loads, styles and scripts with it. */
export const MOST_BYTES = 100_000;
/** What comes as a file, leads elsewhere, or lists what is long and is shown by the page before it. */
const NO_PAGES: readonly AccessId[] = [
  ...(['language', 'job.file', 'quarter.file', 'cooperatives.file', 'roles.file', 'operation.file'] as const),
];

/** One page that was walked to: its name in the table of access, where it lies, and its heading. */
export interface Stop {
  readonly id: AccessId;
  readonly path: string;
  readonly heading: string;
}

/** Pages of the table that a role opens; `null`: nobody of the staff. */
export function pagesOf(role: string | null): readonly (readonly [AccessId, AccessRow])[] {
  return (Object.keys(ACCESS) as AccessId[])
    .map((id): readonly [AccessId, AccessRow] => [id, ACCESS[id]])
    .filter(([id, { audience, method }]) => {
      const isOpen = typeof audience === 'string' || (audience as readonly string[]).includes(role ?? '');
      return method === 'GET' && isOpen && !NO_PAGES.includes(id);
    });
}

/** Name of the page that an address leads to; undefined: none of those. */
function pageAt(path: string, pages: ReturnType<typeof pagesOf>): AccessId | undefined {
  const parts = path.split('/');
  const isSame = (row: AccessRow) => {
    const wanted = row.path.split('/');
    return (
      wanted.length === parts.length && wanted.every((one, n) => one.startsWith(':') || one === parts[n])
    );
  };
  // In the table's order, as the router asks.
  return pages.find(([, row]) => isSame(row))?.[0];
}

/** Walks over the pages of a role in a browser that is signed in: first those without a parameter, then one of each that these lead to. */
export class ConsoleTour {
  readonly #page: Page;
  readonly #web: string;
  readonly #name: string;
  /** Everything that must not be, page by page. */
  readonly faults: string[] = [];
  readonly #loaded = new Map<string, number>();
  readonly #pending: Promise<void>[] = [];

  constructor(page: Page, web: string, name: string) {
    this.#page = page;
    this.#web = web;
    this.#name = name;
    mkdirSync(SCREENSHOTS, { recursive: true });
    page.on('response', (response) => {
      if (!response.url().startsWith('http') || response.status() >= 300) return;
      const path = new URL(response.url()).pathname;
      this.#pending.push(
        response
          .body()
          .then((body) => void this.#loaded.set(path, body.length))
          .catch(() => undefined),
      );
    });
  }

  /** Every page of the role, each looked at whole. `more`: addresses beside those that pages lead to. */
  async walk(role: string | null, more: readonly string[] = []): Promise<Stop[]> {
    const pages = pagesOf(role);
    const waiting = new Map(pages.flatMap(([id, { path }]) => (path.includes(':') ? [] : [[id, path]])));
    for (const path of more) {
      const found = pageAt(path, pages);
      if (found !== undefined) waiting.set(found, path);
    }
    const stops: Stop[] = [];
    for (const [id, path] of waiting) {
      stops.push({ id, path, heading: await this.#look(id, path) });
      for (const href of await this.#links()) {
        const found = pageAt(href, pages);
        // A map that grows is walked to its end.
        if (found !== undefined && !waiting.has(found)) waiting.set(found, href);
      }
    }
    return stops;
  }

  /** The same page once more, without looking at everything: its status and heading. */
  async again({ id, path }: Pick<Stop, 'id' | 'path'>): Promise<string> {
    const response = await this.#page.goto(`${this.#web}${path}`, { waitUntil: 'load' });
    const main = this.#page.locator('main');
    const [name, code] = [await main.getAttribute('data-page'), await main.getAttribute('data-code')];
    if (response?.status() !== 200 || name !== id || code !== null)
      this.faults.push(`${id}: ${response?.status()} ${name} ${code}`);
    return this.heading();
  }

  async heading(): Promise<string> {
    return ((await this.#page.locator('h1').textContent()) ?? '').trim();
  }

  async #look(id: AccessId, path: string): Promise<string> {
    const heading = await this.again({ id, path });
    for (const violation of await axeViolations(this.#page)) this.faults.push(`${id}: ${violation}`);
    for (const width of WIDTHS) {
      await this.#page.setViewportSize({ width, height: HEIGHT });
      const wide = await this.#page.evaluate('document.documentElement.scrollWidth');
      if (wide !== width) this.faults.push(`${id}: ${wide} px wide on ${width} px`);
      const shot = `page-${this.#name}-${id}-${width}.png`;
      await this.#page.screenshot({ path: join(SCREENSHOTS, shot), fullPage: true });
    }
    await Promise.all(this.#pending);
    const assets = [...this.#loaded].filter(([name]) => /\.(css|js)$/.test(name));
    const bytes = assets.reduce((sum, [, size]) => sum + size, this.#loaded.get(path) ?? MOST_BYTES);
    if (assets.length < 3 || bytes >= MOST_BYTES)
      this.faults.push(`${id}: ${bytes} bytes, ${assets.length} files`);
    return heading;
  }

  /** Where the page leads to inside the console, without what stands behind the path. */
  async #links(): Promise<string[]> {
    const hrefs = await this.#page
      .locator('main a[href^="/konsol/"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
    return hrefs.map((href) => href.split(/[?#]/)[0] ?? '');
  }
}
