import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { generateSync } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import type { SandboxFile } from '../../mocks/sandbox/sandbox-file.js';
import { BrowserPerson, type Seat } from './browser-person.js';

type Person = SandboxFile['people'][number];

/** Time step of RFC 6238. */
const STEP_S = 30;
const PAGE_MS = 25_000;
/** The last time step of which a code was given, by secret: the bridge takes each only once, from whatever browser it comes. */
const lastSteps = new Map<string, number>();

/** A code of the bridge's second step that was not given yet; the next step's counts already, later ones are waited for. */
async function freshCode(secret: string): Promise<string> {
  const step = Math.max(Math.floor(Date.now() / 1000 / STEP_S), (lastSteps.get(secret) ?? 0) + 1);
  lastSteps.set(secret, step);
  const early = (step - 1) * STEP_S * 1000 - Date.now();
  if (early > 0) await sleep(early + 50);
  return generateSync({ secret, epoch: step * STEP_S });
}

/**
 * Somebody who works in the console, from `/konsol` on: signs in by e-Devlet, reads the notice where it is asked, and looks at every page
 * (axe-core, 360 px and 1280 px without sideways scrolling, a screenshot of each), as `BrowserPerson` does.
 */
export class ConsoleOfficer {
  readonly sat: BrowserPerson;
  readonly #web: string;
  readonly #person: Person;

  private constructor(sat: BrowserPerson, web: string, person: Person) {
    this.sat = sat;
    this.#web = web;
    this.#person = person;
  }

  /** Signs in and ends on the console's first page. The caller leaves. */
  static async sit(
    browser: Browser,
    { web }: Pick<SandboxFile, 'web'>,
    person: Person,
    seat: Seat,
  ): Promise<ConsoleOfficer> {
    const sat = await BrowserPerson.sit(browser, person, { shots: 'console', ...seat });
    const officer = new ConsoleOfficer(sat, web, person);
    await sat.open(`${web}/konsol`);
    await officer.signIn();
    await sat.met('home');
    return officer;
  }

  get page(): Page {
    return this.sat.page;
  }

  /** From e-Devlet's first page to the page of ours that was wanted. */
  async signIn(): Promise<void> {
    await this.sat.passEdevlet(this.#person);
    if ((await this.pageName()) === 'notice') await this.sat.press('button', /Okudum/);
    // What somebody without any seat or role is told once.
    if ((await this.pageName()) === 'told') await this.sat.press('button', /./);
  }

  /** The name of the page that is there, in the table of access; null where it is none of ours. */
  pageName(): Promise<string | null> {
    return this.page.locator('main').getAttribute('data-page');
  }

  /** Opens a page of the console by its path and looks at it. `code`: of the refusal that it must tell of. */
  async open(path: string, name: string, code: string | null = null): Promise<number | undefined> {
    const status = await this.sat.open(`${this.#web}${path}`);
    await this.sat.met(name, code);
    return status;
  }

  /** Fills in the field that is labelled so. */
  fill(label: string | RegExp, value: string): Promise<void> {
    return this.sat.type(label, value);
  }

  /** Chooses in a list, or ticks the box or button, that is labelled so. `option`: the text of a list's row. */
  async choose(label: string | RegExp, option?: string): Promise<void> {
    if (option === undefined) await this.sat.tick(label);
    else await this.sat.select(label, option);
  }

  /** Puts a file into the field that is labelled so. */
  upload(label: string | RegExp, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    return this.page.getByLabel(label).setInputFiles(file);
  }

  /** Presses a button and waits for the page behind it. Gives that page's status. */
  press(name: string | RegExp): Promise<number> {
    return this.sat.press('button', name);
  }

  /** Follows a link and waits for the page behind it. */
  follow(name: string | RegExp): Promise<number> {
    return this.sat.press('link', name);
  }

  /** Follows a link, or presses a button, behind which a file comes: its name and bytes. */
  async download(
    role: 'button' | 'link',
    name: string | RegExp,
  ): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const [given] = await Promise.all([
      this.page.waitForEvent('download', { timeout: PAGE_MS }),
      this.sat.activate(role, name),
    ]);
    return { name: given.suggestedFilename(), bytes: readFileSync(await given.path()) };
  }

  /** Gives the second step in this session, from the page of the own sessions, and ends there. */
  async stepUp(): Promise<void> {
    await this.open('/konsol/oturumlarim', 'sessions');
    await this.sat.press('link', /İkinci adımı şimdi doğrula|Give the second step now/);
    await this.giveCode(this.page);
    await this.sat.met('sessions');
  }

  /** On the page that asks for the code of the second step. */
  async giveCode(page: Page): Promise<void> {
    const { stepUpTotp } = this.#person;
    if (stepUpTotp === null) throw new Error('this person has no second step');
    expect(await page.locator('main').getAttribute('data-page')).toBe('step-up');
    const code = await freshCode(stepUpTotp);
    if (page === this.page) {
      await this.sat.type(/Doğrulama kodu/, code);
      await this.sat.press('button', /^Doğrula/);
      return;
    }
    await page.getByLabel(/Doğrulama kodu/).fill(code);
    await Promise.all([
      page.waitForEvent('load', { timeout: PAGE_MS }),
      page.getByRole('button', { name: /^Doğrula/ }).click(),
    ]);
  }

  /**
   * On the page that says that the second step is needed first: gives it in the new tab, as the page says, and sends what was typed once more.
   * Gives the status of what comes then.
   */
  async stepUpAndSendAgain(): Promise<number> {
    const [tab] = await Promise.all([
      this.page.context().waitForEvent('page', { timeout: PAGE_MS }),
      this.page.getByRole('link', { name: /İkinci adımı doğrula/ }).click(),
    ]);
    await tab.waitForLoadState('load');
    await this.giveCode(tab);
    expect(await tab.locator('main').getAttribute('data-page')).toBe('returned');
    await tab.close();
    return this.press('İşlemi yeniden gönder');
  }

  /** Leaves the browser. What was seen that must not be; nothing. */
  leave(): Promise<string[]> {
    return this.sat.leave();
  }
}
