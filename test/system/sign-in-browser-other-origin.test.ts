import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { EntryLook } from '../support/browser-entries.js';
import { BrowserPerson, browserFor } from '../support/browser-person.js';
import { signInFirst, signInFromApplication } from '../support/browser-walk.js';
import { type OtherOrigin, startOtherOrigin } from '../support/other-origin.js';
import { type System, startSystem } from '../support/system.js';
import { People } from '../support/system-people.js';

const SIGN_IN = /^(two-step|session|notice|step-up)\./;
/** What Chromium says of a frame that it does not fill. */
const FRAME_REFUSED = /^console: .*(frame-ancestors|X-Frame-Options)/;

let system: System;
let browser: Browser;
let people: People;
let look: EntryLook;
let other: OtherOrigin;

beforeAll(async () => {
  system = await startSystem({ koopbis: true });
  browser = await browserFor(system.sandbox);
  people = new People(system.sandbox);
  look = new EntryLook(system);
  other = await startOtherOrigin(JSON.parse(readFileSync(system.layout.koopbisFile, 'utf8')));
});
afterAll(async () => {
  await other?.stop();
  await browser?.close();
  await system?.stop();
});

test('no page of a sign-in is shown in a frame of another origin, whoever is signed in', async () => {
  const person = personOf(0);
  const sat = await BrowserPerson.sit(browser, person, { name: 'framed' });
  const { web, mocks } = system.sandbox;
  await signInFromApplication(sat, system.sandbox, person);
  const notice = sat.page.url();
  expect(new URL(notice).pathname).toMatch(/^\/giris\/adim\//);
  expect(await framed(sat, other.origin)).toBe('other');
  expect(await framed(sat, notice)).toBeNull();
  await sat.press('button', /Okudum/);
  await sat.met('koopbis-home');
  await sat.press('link', /İkinci adımla doğrula/);
  const stepUp = sat.page.url();
  expect(new URL(stepUp).pathname).toMatch(/^\/giris\/adim\//);
  const end = `${web}/oidc/session/end?client_id=koopbis-core`;
  for (const url of [
    stepUp,
    `${web}/giris`,
    `${web}/hesabim`,
    `${web}/hesabim/ikinci-adim`,
    `${web}/aydinlatma`,
    `${web}/giris/donus?code=stolen&state=${'s'.repeat(43)}`,
    `${web}/giris/donus?error=access_denied`,
    `${web}/oidc/auth?client_id=nobody`,
    end,
    mocks.koopbis,
    new URL('/ortak', mocks.koopbis).href,
    new URL('/giris', mocks.koopbis).href,
  ])
    expect([url, await framed(sat, url)]).toEqual([url, null]);
  await sat.open(end);
  await sat.met('sign-out');
  await sat.open(mocks.edevlet);
  expect((await sat.leave()).filter((fault) => !FRAME_REFUSED.test(fault))).toEqual([]);
});

test('a form that another origin sends ends no session, also with the right token and cookies', async () => {
  const person = personOf(1);
  const sat = await BrowserPerson.sit(browser, person, { name: 'foreign-form' });
  await signInFirst(sat, system.sandbox, person);
  await sat.press('link', /Hesabım ve oturumlarım/);
  const value = (name: string) => sat.page.locator(`input[name=${name}]`).first().inputValue();
  const [csrf, oturum] = [await value('csrf'), await value('oturum')];
  const action = `${system.sandbox.web}/hesabim/oturumlar/kapat`;
  await look.since();
  for (const fields of [{ oturum }, { csrf: 'guessed', oturum }, { csrf, oturum }]) {
    await sat.open(other.posting(action, fields));
    const sent = sat.page.waitForRequest((request) => request.url() === action);
    expect(await sat.press('button', 'Send')).toBe(403);
    expect((await (await sent).allHeaders()).cookie).toContain('__Host-koopbis=');
    expect(await sat.page.locator('main').getAttribute('data-code')).toBe('FORM_INVALID');
  }
  await sat.met('refused', 'FORM_INVALID');
  await sat.open(`${system.sandbox.web}/hesabim`);
  await sat.met('account');
  expect(await look.since(SIGN_IN)).toEqual([]);
  expect(await sat.leave()).toEqual([]);
});

test('a form that another origin sends takes no step of a sign-in', async () => {
  const person = personOf(2);
  const sat = await BrowserPerson.sit(browser, person, { name: 'foreign-step' });
  await signInFromApplication(sat, system.sandbox, person);
  const notice = sat.page.url();
  await look.since();
  await sat.open(other.posting(`${notice}/bildirim`, {}));
  expect(await sat.press('button', 'Send')).toBe(403);
  await sat.met('refused', 'FORM_INVALID');
  expect(await look.since(SIGN_IN)).toEqual([]);
  await sat.open(notice);
  await sat.press('button', /Okudum/);
  await sat.met('koopbis-home');
  expect(await sat.leave()).toEqual([]);
});

test('whoever watches these browsers sees what a careless page does', async () => {
  const person = personOf(3);
  const sat = await BrowserPerson.sit(browser, person, { name: 'careless' });
  await sat.open(other.careless(person.kimlikNo));
  sat.watch.look('title', await sat.page.title());
  expect((await sat.leave()).sort()).toEqual(
    [
      expect.stringMatching(/^console: .*ERR_/),
      'console: ran',
      'cookie held: __Host-other',
      'cookie set: __Host-other Path=/; Secure',
      'personal data: address https://localhost:PORT/careless',
      'personal data: cookie __Host-other',
      'personal data: title',
      'request to 127.0.0.1:9',
    ].map((one) => (typeof one === 'string' ? one.replace('https://localhost:PORT', other.origin) : one)),
  );
});

function personOf(place: number) {
  const { kimlikNo } = people.actor('board', place);
  return people.person((one) => one.kimlikNo === kimlikNo);
}

/** The page that a frame of another origin shows at `url`; null where it shows none. */
async function framed(sat: BrowserPerson, url: string): Promise<string | null> {
  const tab = await sat.page.context().newPage();
  try {
    await tab.goto(other.framing(url));
    const main = tab.frameLocator('iframe').locator('main');
    return (await main.count()) === 0 ? null : await main.getAttribute('data-page');
  } finally {
    await tab.close();
  }
}
