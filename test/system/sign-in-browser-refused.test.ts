import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { EntryLook } from '../support/browser-entries.js';
import { BrowserPerson, browserFor, type Seat } from '../support/browser-person.js';
import { expectSignedIn, signInFirst, signInFromApplication } from '../support/browser-walk.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { People } from '../support/system-people.js';

const SIGN_IN = /^(two-step|session|notice)\./;
const SECRET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SEATS: readonly Seat[] = [
  { name: 'refused' },
  { name: 'refused-no-scripts', javaScriptEnabled: false, width: 360 },
];

let system: System;
let browser: Browser;
let people: People;
let look: EntryLook;

beforeAll(async () => {
  system = await startSystem({ koopbis: true });
  browser = await browserFor(system.sandbox);
  people = new People(system.sandbox);
  look = new EntryLook(system);
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

describe.each(SEATS.map((seat, place) => [seat.name, seat, place] as const))('%s', (_name, seat, place) => {
  test('without two steps nobody is signed in, is told why and what to do, and goes on once they are on', async () => {
    const person = withoutTwoSteps(place);
    await look.since();
    const sat = await BrowserPerson.sit(browser, person, seat);
    const asked: string[] = [];
    sat.page.on('request', (request) => asked.push(new URL(request.url()).href));
    expect(await signInFromApplication(sat, system.sandbox, person)).toBe(403);
    await sat.met('refused', 'TWO_STEP_REQUIRED');
    await expectGuide(sat);
    const refused = await look.since(SIGN_IN);
    expect(refused.map(({ kind }) => kind)).toEqual(['two-step.judged', 'session.refused']);
    expect(refused[0]?.data).toMatchObject({ level: '1', judged: 'no-two-step-refused', twoStep: 'no' });
    expect(refused[1]?.data).toMatchObject({ client: 'koopbis-core', reason: 'two-step-required' });
    expect(await pageOfTab(sat, '/hesabim')).toBe('password');
    expect(await pageOfTab(sat, '/', system.sandbox.mocks.koopbis)).toBe('koopbis-start');

    await system.control.patchPerson(person.kimlikNo, { edevletTotp: SECRET });
    await sat.press('link', /Tekrar dene/);
    await sat.passEdevlet({ ...person, edevletTotp: SECRET });
    await sat.met('notice');
    await sat.press('button', /Okudum/);
    await sat.met('koopbis-home');
    await expectSignedIn(sat, person, 'two-step');
    const opened = await look.since(SIGN_IN);
    expect(opened.map(({ kind }) => kind)).toEqual([
      'two-step.judged',
      'session.opened',
      'notice.read',
      'session.joined',
    ]);
    expect(opened[0]?.data).toMatchObject({ level: '2', judged: 'two-step' });
    // The application was never asked a second time: what was begun went on.
    const starts = asked.filter((url) => url === new URL('/giris', system.sandbox.mocks.koopbis).href);
    expect(starts).toHaveLength(1);
    expect(await sat.leave()).toEqual([]);
  });
});

test('who goes back at e-Devlet is told so, and nothing is written about anybody', async () => {
  const { person } = boardMember(0);
  const sat = await BrowserPerson.sit(browser, person, { name: 'cancelled' });
  await look.since();
  await sat.open(system.sandbox.mocks.koopbis);
  await sat.press('link', /e-Devlet ile giriş yap/);
  await sat.met('password');
  await sat.press('button', /Vazgeç/);
  await sat.met('refused', 'UPSTREAM_CANCELLED');
  await sat.press('link', /Tekrar dene/);
  await sat.met('password');
  expect(await look.since(SIGN_IN)).toEqual([]);
  expect(await sat.leave()).toEqual([]);
});

describe('sessions of two browsers', () => {
  test('are both seen; one ends the other, in its application too, and the other is signed out', async () => {
    const { person } = boardMember(0);
    const here = await BrowserPerson.sit(browser, person, { name: 'sessions-here' });
    const there = await BrowserPerson.sit(browser, person, { name: 'sessions-there', width: 360 });
    await signInFirst(here, system.sandbox, person);
    await signInFromApplication(there, system.sandbox, person);
    await there.met('koopbis-home');
    await here.press('link', /Hesabım ve oturumlarım/);
    await here.met('account');
    const rows = here.page.locator('tbody tr');
    expect(await rows.count()).toBe(2);
    expect(await here.page.locator('tbody tr', { hasText: 'bu tarayıcı' }).count()).toBe(1);
    await look.since();
    await here.press('button', /^Kapat/);
    await here.met('account');
    expect(await rows.count()).toBe(1);
    const [ordered, ended, ...more] = await look.since(SIGN_IN);
    expect([ordered?.kind, ended?.kind, ...more]).toEqual(['session.end-ordered', 'session.ended']);
    expect(ended?.data).toEqual({ session: ordered?.data.session, reason: 'ended-by-person' });
    expect(ordered?.data.actor.session).not.toBe(ordered?.data.session);

    await there.open(`${system.sandbox.web}/hesabim`);
    await there.met('password');
    await until(async () => (await pageOfTab(there, '/', system.sandbox.mocks.koopbis)) === 'koopbis-start');
    expect(await pageOfTab(here, '/', system.sandbox.mocks.koopbis)).toBe('koopbis-home');
    expect([await here.leave(), await there.leave()]).toEqual([[], []]);
  });

  test('end by signing out on the account page, which leads to no new sign-in', async () => {
    const { person } = boardMember(1);
    const sat = await BrowserPerson.sit(browser, person, { name: 'account-sign-out' });
    await signInFirst(sat, system.sandbox, person);
    await sat.press('link', /Hesabım ve oturumlarım/);
    await look.since();
    expect(await sat.press('button', /^Çıkış yap/)).toBe(200);
    await sat.met('signed-out');
    expect((await look.since(SIGN_IN)).at(-1)?.data.reason).toBe('ended-by-person');
    await until(async () => (await pageOfTab(sat, '/', system.sandbox.mocks.koopbis)) === 'koopbis-start');
    expect(await pageOfTab(sat, '/hesabim')).toBe('password');
    expect(await sat.leave()).toEqual([]);
  });

  test('end everywhere by signing out of the application, unless the person says no', async () => {
    const { person } = boardMember(2);
    const sat = await BrowserPerson.sit(browser, person, { name: 'application-sign-out' });
    await signInFirst(sat, system.sandbox, person);
    await sat.press('button', /Çıkış yap/);
    await sat.met('sign-out');
    await sat.press('button', /Hayır/);
    await sat.met('koopbis-start');
    expect(await pageOfTab(sat, '/hesabim')).toBe('account');
    // The session goes on: the application gets it back without e-Devlet.
    await sat.press('link', /e-Devlet ile giriş yap/);
    await sat.met('koopbis-home');
    await look.since();
    await sat.press('button', /Çıkış yap/);
    await sat.press('button', /Evet, çıkış yap/);
    await sat.met('koopbis-start');
    expect((await look.since(SIGN_IN)).map(({ data }) => data.reason)).toEqual(['signed-out']);
    expect(await pageOfTab(sat, '/hesabim')).toBe('password');
    expect(await sat.leave()).toEqual([]);
  });
});

function boardMember(place: number) {
  const { kimlikNo } = people.actor('board', place);
  return { person: people.person((one) => one.kimlikNo === kimlikNo) };
}

function withoutTwoSteps(place: number) {
  const found = system.sandbox.people.filter(
    (one) => one.edevletTotp === null && one.durum === 'açık' && one.is.some((is) => is.startsWith('board:')),
  )[place];
  if (found === undefined) throw new Error('everybody has two steps');
  return found;
}

/** Which page a tab of its own gets at `path`. */
async function pageOfTab(
  sat: BrowserPerson,
  path: string,
  origin = system.sandbox.web,
): Promise<string | null> {
  const tab = await sat.page.context().newPage();
  try {
    await tab.goto(new URL(path, origin).href);
    return await tab.locator('main').getAttribute('data-page');
  } finally {
    await tab.close();
  }
}

/** Both languages, Turkish first; each step by step; the link; nothing lost. */
async function expectGuide(sat: BrowserPerson): Promise<void> {
  const text = await sat.text('main');
  const order = ['iki aşamalı giriş gerekiyor', 'two-step sign-in is required'].map((one) =>
    text.indexOf(one),
  );
  expect(order[0]).toBeGreaterThan(-1);
  expect(order[1]).toBeGreaterThan(order[0] as number);
  for (const language of ['tr', 'en'])
    expect(await sat.page.locator(`div[lang=${language}] ol > li`).count()).toBe(4);
  expect(text).toContain('Hiçbir şey kaybolmadı');
  expect(text).toContain('Nothing is lost');
  const link = sat.page.getByRole('link', { name: /e-Devlet Kapısı’nı aç/ });
  expect(await link.getAttribute('href')).toMatch(/^https:\/\/www\.turkiye\.gov\.tr\//);
}
