import type { Browser, BrowserContext } from 'playwright-core';
import type { SandboxFile } from '../../mocks/sandbox/sandbox-file.js';
import { formWith } from '../../mocks/sandbox/walk/read-page.js';
import { ACCESS, type AccessId } from '../../src/console/access.js';
import { codeOf, mark, type Shown, type SigningIn, type Tab } from './system-sign-in.js';

type Person = SandboxFile['people'][number];

/** Somebody with a real session who sends what no page of ours would. */
export class ConsoleTab {
  readonly tab: Tab;
  readonly #signing: SigningIn;
  readonly #person: Person;
  #csrf = '';

  private constructor(tab: Tab, signing: SigningIn, person: Person) {
    this.tab = tab;
    this.#signing = signing;
    this.#person = person;
  }

  /** Signs in over `/konsol`. */
  static async open(signing: SigningIn, person: Person): Promise<ConsoleTab> {
    const tab = signing.tab();
    const start = new URL('/konsol', signing.system.sandbox.web);
    const end = await signing.onward(tab, await signing.callbackOf(tab, person, start));
    if (end.content.page !== 'home') throw new Error(`not in the console: ${mark(end)}`);
    const opened = new ConsoleTab(tab, signing, person);
    opened.#csrf = tokenOf(await tab.get('/konsol/oturumlarim'));
    return opened;
  }

  /** The token of this session's forms. */
  get csrf(): string {
    return this.#csrf;
  }

  get(path: string): Promise<Shown> {
    return this.tab.get(path);
  }

  /** A form as our own page would send it. */
  send(path: string, fields: Readonly<Record<string, string>>): Promise<Shown> {
    return this.tab.post(path, { csrf: this.#csrf, ...fields });
  }

  /** Gives the second step. */
  async stepUp(): Promise<void> {
    const page = await this.tab.get('/konsol/oturumlarim');
    const [, href = ''] = /href="([^"]*acr_values[^"]*)"/.exec(page.text) ?? [];
    const asked = await this.tab.follow(await this.tab.get(new URL(href.replaceAll('&amp;', '&'), page.url)));
    const form = formWith(asked.content, 'kod');
    if (form === undefined || this.#person.stepUpTotp === null)
      throw new Error(`no second step: ${mark(asked)}`);
    const end = await this.#signing.onward(
      this.tab,
      await this.tab.submit(asked, form, { kod: codeOf(this.#person.stepUpTotp) }),
    );
    if (end.status !== 200) throw new Error(`the second step stops: ${mark(end)}`);
  }

  /** A browser that holds this session. */
  async browserOf(browser: Browser): Promise<BrowserContext> {
    const web = new URL('/konsol', this.#signing.system.sandbox.web);
    const context = await browser.newContext();
    const pairs = (this.tab.jar.header(web) ?? '').split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1) };
    });
    await context.addCookies(
      pairs
        .filter(({ name }) => name.startsWith('__Host-'))
        .map((pair) => ({
          ...pair,
          url: web.origin,
          secure: true,
          httpOnly: true,
          sameSite: 'Lax' as const,
        })),
    );
    return context;
  }
}

/** The token that stands in the forms of a page. */
export function tokenOf({ text }: Pick<Shown, 'text'>): string {
  const [, token] = /name="csrf" value="([^"]+)"/.exec(text) ?? [];
  if (token === undefined) throw new Error('the page has no form');
  return token;
}

/** A path for a row of the table; parameters that nothing has. */
export function pathFor(id: AccessId): string {
  return ACCESS[id].path.replaceAll(/:[A-Za-z]+/g, 'yok-1');
}
