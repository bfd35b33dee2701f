import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { SandboxFile } from '../../mocks/sandbox/sandbox-file.js';
import { codeNow } from '../../mocks/sandbox/walk/one-time-codes.js';
import { axeViolations } from './axe.js';
import { startBrowser } from './browser.js';
import { BrowserWatch, type Named } from './browser-watch.js';
import { serverKey } from './server-key.js';

type Person = SandboxFile['people'][number];

/** How somebody sits before the browser. */
export interface Seat {
  /** Whom the screenshots are of. */
  readonly name: string;
  /** `keyboard`: Tab, Enter, space, arrows and typing alone; whatever a pointer does is a fault. */
  readonly hand?: 'mouse' | 'keyboard';
  readonly javaScriptEnabled?: boolean;
  /** Of the window they work in. */
  readonly width?: number;
  /** Folder of the screenshots, below `var/screenshots`. */
  readonly shots?: string;
}

const SCREENSHOTS = join(process.cwd(), 'var/screenshots');
const HEIGHT = 800;
/** A page that does not come within this will not come; an identity check may take 15 seconds. */
const PAGE_MS = 25_000;
/** More than any page has controls: whoever tabs on goes round in a circle. */
const MAX_TABS = 150;
/** More than any list has rows. */
const MAX_ARROWS = 100;
const WIDTHS = [360, 1280] as const;

/** A browser that believes the servers of `sandbox`, each by its own key, and nobody else. The caller closes it. */
export async function browserFor({ ca, web, mocks }: Pick<SandboxFile, 'ca' | 'web' | 'mocks'>) {
  const authority = await readFile(ca);
  const origins = [web, mocks.edevlet, mocks.koopbis].map((url) => new URL(url).origin);
  const trustedKeys = await Promise.all(origins.map((origin) => serverKey(origin, authority)));
  return startBrowser({ trustedKeys: [...new Set(trustedKeys)] });
}

/**
 * A person before a browser of their own, who looks at every page they meet: which one it is, what axe-core has against it, whether
 * it is wider than a telephone, whether its title names somebody. Each is kept as a picture in both widths.
 */
export class BrowserPerson {
  readonly page: Page;
  readonly watch: BrowserWatch;
  readonly #context: BrowserContext;
  readonly #seat: Required<Seat>;
  #met = 0;

  private constructor(context: BrowserContext, page: Page, named: readonly Named[], seat: Required<Seat>) {
    this.#context = context;
    this.page = page;
    this.#seat = seat;
    this.watch = new BrowserWatch(context, named);
  }

  static async sit(browser: Browser, named: Named, seat: Seat): Promise<BrowserPerson> {
    const whole = { hand: 'mouse', javaScriptEnabled: true, width: 1280, shots: 'sign-in', ...seat } as const;
    mkdirSync(join(SCREENSHOTS, whole.shots), { recursive: true });
    const { width, javaScriptEnabled } = whole;
    const context = await browser.newContext({ viewport: { width, height: HEIGHT }, javaScriptEnabled });
    const person = new BrowserPerson(context, await context.newPage(), [named], whole);
    if (whole.hand === 'keyboard') {
      await context.exposeBinding('pointerSeen', () => person.watch.note('a pointer was used'));
      await context.addInitScript("addEventListener('pointerdown', () => pointerSeen(), true)");
    }
    return person;
  }

  /** Types an address; what comes is the status of the page that it ends on. */
  async open(url: string): Promise<number | undefined> {
    const response = await this.page.goto(url, { waitUntil: 'load', timeout: PAGE_MS });
    return response?.status();
  }

  /** Looks at the page that is there: it must be `name`, with `code` where it tells of a refusal. */
  async met(name: string, code: string | null = null): Promise<void> {
    const main = this.page.locator('main');
    expect([await main.getAttribute('data-page'), await main.getAttribute('data-code')]).toEqual([
      name,
      code,
    ]);
    // The order of the Tab key is that of the page.
    const tabs = this.page.locator('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])');
    expect([name, await tabs.count()]).toEqual([name, 0]);
    this.#met += 1;
    this.watch.look(`title of ${name}`, await this.page.title());
    if (this.#seat.javaScriptEnabled) expect([name, await axeViolations(this.page)]).toEqual([name, []]);
    const shot = `${this.#seat.name}-${String(this.#met).padStart(2, '0')}-${name}`;
    for (const width of WIDTHS) {
      await this.page.setViewportSize({ width, height: HEIGHT });
      const wide = await this.page.evaluate('document.documentElement.scrollWidth');
      expect([name, wide]).toEqual([name, width]);
      await this.page.screenshot({
        path: join(SCREENSHOTS, this.#seat.shots, `${shot}-${width}.png`),
        fullPage: true,
      });
    }
    await this.page.setViewportSize({ width: this.#seat.width, height: HEIGHT });
  }

  /** Fills in the field that is labelled so. */
  async type(label: string | RegExp, text: string): Promise<void> {
    const field = this.page.getByLabel(label);
    if (this.#seat.hand === 'mouse') return field.fill(text);
    await this.#tabTo(field);
    await this.page.keyboard.type(text);
    expect(await field.inputValue()).toBe(text);
  }

  /** Ticks the box, or chooses the button of its group, that is labelled so. */
  async tick(label: string | RegExp): Promise<void> {
    const box = this.page.getByLabel(label);
    if (this.#seat.hand === 'mouse') return box.check();
    await this.#tabTo(box);
    const isThere = await box.evaluate((one) => one.ownerDocument.activeElement === one);
    if (isThere) await this.page.keyboard.press('Space');
    else await this.#arrowUntil(() => box.isChecked());
    expect(await box.isChecked()).toBe(true);
  }

  /** Chooses a row of the list that is labelled so. */
  async select(label: string | RegExp, option: string): Promise<void> {
    const list = this.page.getByLabel(label);
    if (this.#seat.hand === 'mouse') {
      await list.selectOption({ label: option });
      return;
    }
    await this.#tabTo(list);
    const chosen = list.locator('option:checked');
    await this.#arrowUntil(async () => (await chosen.textContent())?.trim() === option.trim());
  }

  /** Presses a button, or follows a link, and waits for the page behind it. Gives that page's status. */
  async press(role: 'button' | 'link', name: string | RegExp): Promise<number> {
    let status = 0;
    const noted = (response: { status(): number; request(): { isNavigationRequest(): boolean } }) => {
      if (response.request().isNavigationRequest()) status = response.status();
    };
    this.page.on('response', noted);
    await Promise.all([this.page.waitForEvent('load', { timeout: PAGE_MS }), this.activate(role, name)]);
    this.page.off('response', noted);
    return status;
  }

  /** The same without waiting for a page: what comes may be a file. */
  async activate(role: 'button' | 'link', name: string | RegExp): Promise<void> {
    const control = this.page.getByRole(role, { name });
    if (this.#seat.hand === 'mouse') return control.click();
    await this.#tabTo(control);
    await this.page.keyboard.press('Enter');
  }

  /** Number and password, and the code where e-Devlet asks for one; every page of it is looked at. */
  async passEdevlet(person: Pick<Person, 'kimlikNo' | 'password' | 'edevletTotp'>): Promise<number> {
    await this.met('password');
    await this.type('T.C. kimlik no', person.kimlikNo);
    await this.type('e-Devlet şifresi', person.password);
    const status = await this.press('button', 'Giriş yap');
    if (person.edevletTotp === null) return status;
    await this.met('second-step');
    await this.type(
      'Doğrulama kodu',
      codeNow(person.edevletTotp, { now: Date.now, sleep: async () => null }),
    );
    return this.press('button', 'Doğrula');
  }

  /** The text of an element of the page, on one line. */
  async text(selector: string): Promise<string> {
    const text = await this.page.locator(selector).textContent();
    return (text ?? '').replace(/\s+/g, ' ').trim();
  }

  /** Leaves the browser. What the watch has seen that must not be; nothing. */
  async leave(): Promise<string[]> {
    const faults = await this.watch.faults(await this.#context.cookies());
    await this.#context.close();
    return faults;
  }

  async #arrowUntil(isChosen: () => Promise<boolean>): Promise<void> {
    for (let arrows = 0; !(await isChosen()); arrows += 1) {
      if (arrows === MAX_ARROWS) throw new Error('the arrows do not get there');
      await this.page.keyboard.press('ArrowDown');
    }
  }

  /**
   * Goes on with the Tab key until `control` has the focus, which must be seen; of a group of which one is chosen, any: arrows go on from
   * there.
   */
  async #tabTo(control: Locator): Promise<void> {
    for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
      await this.page.keyboard.press('Tab');
      const found = await control.evaluate((one) => {
        const { activeElement, defaultView } = one.ownerDocument;
        const nameOf = (element: typeof activeElement) =>
          element?.getAttribute('type') === 'radio' ? element.getAttribute('name') : null;
        const isGroup = nameOf(one) !== null && nameOf(one) === nameOf(activeElement);
        if (activeElement === null || (activeElement !== one && !isGroup)) return null;
        const { outlineStyle, outlineWidth } = defaultView?.getComputedStyle(activeElement) ?? {};
        return [outlineStyle, outlineWidth];
      });
      if (found === null) continue;
      expect(found).toEqual(['solid', '3px']);
      return;
    }
    throw new Error('the keyboard does not get there');
  }
}
