import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Locator } from 'playwright-core';
import { PROVINCES } from '../../src/authority/roles/provinces.js';
import { browserFor } from '../support/browser-person.js';
import { ConsoleOfficer } from '../support/console-officer.js';
import { ConsoleTour, pagesOf, type Stop } from '../support/console-tour.js';
import { type System, startSystem } from '../support/system.js';
import { type Actor, People, question } from '../support/system-people.js';

let system: System;
let browser: Browser;
let people: People;
let board: Actor;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 20, koopbis: true });
  browser = await browserFor(system.sandbox);
  people = new People(system.sandbox);
  board = people.actor('board');
  for (let n = 0; n < 3; n += 1) {
    const body = question(board.cooperative, people.subject(n));
    const token = await system.token(board.kimlikNo);
    expect((await system.call({ token, body })).status).toBe(200);
  }
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

/** Every role that somebody of the sandbox has, and what its pages lead to at the least. */
const ROLES: readonly (readonly [string, readonly string[]])[] = [
  ['security-officer', ['story', 'evidence']],
  ['log-inspector', ['story', 'evidence']],
  ['finance', ['quarter', 'quarter.lines', 'quarter.users']],
  ['administrator', []],
  ['ministry-manager', []],
  ['ministry-central', ['cooperative']],
  ['directorate', ['cooperative']],
  ['nobody', []],
];

/** A person of that role alone; of a directorate one that has cooperatives. */
function personOf(role: string) {
  if (role === 'nobody') return people.nobody();
  const { kimlikNo } = people.staff((one) => one.split(':')[0] === role);
  return people.person((one) => one.kimlikNo === kimlikNo);
}

/** Addresses that stand on pages of results alone. */
async function known(leads: readonly string[]): Promise<string[]> {
  if (!leads.includes('story')) return [];
  const [entry] = await system.sql(
    "SELECT min(leaf_index) AS leaf FROM bridge.entry WHERE kind = 'query.intent'",
  );
  const [query] = await system.sql('SELECT query_id FROM bridge.identity_query LIMIT 1');
  return [`/konsol/guvenlik/kayit/${entry.leaf}`, `/konsol/guvenlik/delil/${query.query_id}`];
}

/** The same session in another window; `language`: chosen there. */
async function windowOf(officer: ConsoleOfficer, javaScriptEnabled: boolean): Promise<BrowserContext> {
  const storageState = await officer.page.context().storageState();
  return browser.newContext({ storageState, javaScriptEnabled, viewport: { width: 1280, height: 800 } });
}

/** Turkish letters that no English word has; names keep theirs. */
const TURKISH = /[ğışİĞŞ]/;
const NAMES = new RegExp(
  [
    'MERSİS',
    'NVİ',
    'KOOPBİS',
    'TÜBİTAK',
    'kuruş',
    'Yönetmelik',
    'sistem yöneticisi',
    ...PROVINCES,
    'İl',
  ].join('|'),
  'g',
);

describe.each(ROLES)('%s', (role, leads) => {
  let officer: ConsoleOfficer;
  let stops: readonly Stop[];

  it('walks every page that the table opens: sound, accessible, no wider than the screen, under 100 kB', async () => {
    officer = await ConsoleOfficer.sit(browser, system.sandbox, personOf(role), { name: `pages-${role}` });
    const tour = new ConsoleTour(officer.page, system.sandbox.web, role);
    stops = await tour.walk(role, await known(leads));
    expect(tour.faults).toEqual([]);
    const walked = stops.map(({ id }) => id);
    const without = pagesOf(role).flatMap(([id, { path }]) => (path.includes(':') ? [] : [id]));
    expect(walked).toEqual(expect.arrayContaining([...without, ...leads]));
    expect(stops.filter(({ heading }) => heading === '')).toEqual([]);
  });

  it('sees the same pages without scripts', async () => {
    const context = await windowOf(officer, false);
    const tour = new ConsoleTour(await context.newPage(), system.sandbox.web, role);
    const headings: string[] = [];
    for (const stop of stops) headings.push(await tour.again(stop));
    expect(headings).toEqual(stops.map(({ heading }) => heading));
    expect(tour.faults).toEqual([]);
    await context.close();
  });

  it('sees them in English, with no Turkish sentence left over', async () => {
    const context = await windowOf(officer, false);
    const page = await context.newPage();
    await page.goto(`${system.sandbox.web}/konsol/dil?dil=en&don=/konsol`);
    const tour = new ConsoleTour(page, system.sandbox.web, role);
    for (const stop of stops) {
      const heading = await tour.again(stop);
      expect([stop.id, await page.locator('html').getAttribute('lang')]).toEqual([stop.id, 'en']);
      const isName = (await page.locator('h1 bdi').count()) === 1 || heading === 'MERSİS';
      if (!isName) expect([stop.id, heading]).not.toEqual([stop.id, stop.heading]);
      expect([stop.id, (await ours(page.locator('body'))).filter((text) => TURKISH.test(text))]).toEqual([
        stop.id,
        [],
      ]);
    }
    expect(tour.faults).toEqual([]);
    await context.close();
  });

  it('leaves nothing personal in addresses, and no complaint of the browser', async () => {
    expect(await officer.leave()).toEqual([]);
  });
});

/** Texts of the page that are our own words: values stand apart in `bdi` and `code`, and options may be names. */
async function ours(body: Locator): Promise<string[]> {
  const html = await body.innerHTML();
  return html
    .replaceAll(/<(bdi|code|option|script)\b[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[a-z]+ [^>]*\blang="tr"[^>]*>[^<]*<\/[a-z]+>/g, '')
    .split(/<[^>]*>/)
    .map((text) => text.replaceAll(NAMES, '').trim())
    .filter((text) => text !== '');
}

describe('by the keyboard alone', () => {
  it('an officer gets from the navigation over the form of a search to its results, and into a story', async () => {
    const person = personOf('security-officer');
    const officer = await ConsoleOfficer.sit(browser, system.sandbox, person, {
      name: 'search-keyboard',
      hand: 'keyboard',
    });
    const { page } = officer;
    const nav = page.getByRole('navigation', { name: 'Konsol' });
    await tabTo(nav.locator('summary', { hasText: 'Güvenlik' }));
    await page.keyboard.press('Enter');
    await enter(nav.getByRole('link', { name: 'Kayıtlarda arama' }));
    await officer.sat.met('search');
    await officer.fill(/Dayanak: isteyen makam/, 'Teftiş Kurulu');
    await officer.fill(/Belge numarası/, 'T-2026/7');
    await typeDay(page.getByLabel(/Belge tarihi/), '01052026');
    expect(await officer.press('Ara')).toBe(200);
    await officer.sat.met('search.page');
    await enter(page.locator('main a[href^="/konsol/guvenlik/kayit/"]').first());
    await officer.sat.met('story');
    expect(await officer.leave()).toEqual([]);
  });
});

async function tabTo(control: Locator): Promise<void> {
  for (let tabs = 0; tabs < 80; tabs += 1) {
    await control.page().keyboard.press('Tab');
    if (await control.evaluate((one) => one.ownerDocument.activeElement === one)) return;
  }
  throw new Error('the keyboard does not get there');
}

async function enter(control: Locator): Promise<void> {
  await tabTo(control);
  await Promise.all([control.page().waitForEvent('load'), control.page().keyboard.press('Enter')]);
}

/** A date field takes its digits in the order of the browser's own language: that of the tests is American. */
async function typeDay(control: Locator, digits: string): Promise<void> {
  await tabTo(control);
  await control.page().keyboard.type(digits);
  expect(await control.inputValue()).toBe('2026-01-05');
}
