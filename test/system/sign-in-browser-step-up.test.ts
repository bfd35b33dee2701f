import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateSync, verifySync } from 'otplib';
import type { Browser } from 'playwright-core';
import { EntryLook } from '../support/browser-entries.js';
import { BrowserPerson, browserFor, type Seat } from '../support/browser-person.js';
import { expectSignedIn, signInFirst, signInFromApplication } from '../support/browser-walk.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { People } from '../support/system-people.js';

const STEP_UP = /^step-up\./;
const FIELD = /Doğrulama kodu/;
const ENROL_FIELD = /6 haneli kod/;

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

test('a wrong code is told at its field, the right one steps up once, and the same one again nowhere', async () => {
  const { person, secret } = officer('security-officer');
  const thief = await atStepUp(person, { name: 'step-up-there' }, signInFirst);
  const sat = await atStepUp(person, { name: 'step-up', hand: 'keyboard', width: 360 });
  await look.since();
  await sat.met('step-up');
  expect(await enter(sat, wrongCode(secret))).toBe(403);
  await sat.met('step-up', 'STEP_UP_WRONG_CODE');
  await expectToldAtField(sat);
  const code = codeAt(secret, 0);
  expect(await enter(sat, code)).toBe(200);
  await sat.met('koopbis-home');
  await expectSignedIn(sat, person, 'step-up');
  expect(await sat.text('#amr')).toBe('mfa, otp');
  expect(await enter(thief, code)).toBe(403);
  await thief.met('step-up', 'STEP_UP_REPLAYED_CODE');
  await expectToldAtField(thief);
  // The code of the next half minute counts already.
  expect(await enter(thief, codeAt(secret, 1))).toBe(200);
  await thief.met('koopbis-home');
  expect((await look.since(STEP_UP)).map(({ kind, data }) => [kind, data.reason ?? data.means])).toEqual([
    ['step-up.refused', 'wrong-code'],
    ['step-up.succeeded', 'totp'],
    ['step-up.refused', 'replayed-code'],
    ['step-up.succeeded', 'totp'],
  ]);
  expect([await sat.leave(), await thief.leave()]).toEqual([[], []]);
});

test('five wrong codes lock, in every browser; the page says until when and takes no code before', async () => {
  const { person, secret } = officer('log-inspector');
  const sat = await atStepUp(person, { name: 'locked' }, signInFirst);
  await look.since();
  for (let guess = 1; guess <= 4; guess += 1) {
    expect(await enter(sat, wrongCode(secret))).toBe(403);
    expect(await codeOf(sat)).toBe('STEP_UP_WRONG_CODE');
  }
  expect(await enter(sat, wrongCode(secret))).toBe(429);
  await sat.met('step-up', 'STEP_UP_LOCKED');
  expect(await sat.page.title()).toMatch(/^Hata: /);
  const refused = await look.since(STEP_UP);
  expect(refused.map(({ data }) => [data.reason, data.failures])).toEqual(
    [1, 2, 3, 4, 5].map((failures) => ['wrong-code', failures]),
  );
  const { lockedUntil } = refused[4]?.data ?? {};
  expect(await sat.page.locator('time').getAttribute('datetime')).toBe(lockedUntil);
  expect(await sat.page.getByRole('textbox').count()).toBe(0);

  const elsewhere = await atStepUp(person, { name: 'locked-elsewhere' });
  await elsewhere.met('step-up', 'STEP_UP_LOCKED');
  expect(await elsewhere.page.getByRole('textbox').count()).toBe(0);
  expect(await look.since(STEP_UP)).toEqual([]);
  expect([await sat.leave(), await elsewhere.leave()]).toEqual([[], []]);
});

test('who has no second step sets one up after a fresh sign-in; a recovery code steps up once', async () => {
  const person = people.person(({ kimlikNo }) => kimlikNo === people.actor('board').kimlikNo);
  const sat = await atStepUp(person, { name: 'enrol' }, signInFirst);
  await sat.met('step-up-missing');
  await age();
  await look.since();
  await sat.press('link', /İkinci adımı kur/);
  await sat.passEdevlet(person);
  await sat.met('enrol');
  const recovery = await enrol(sat);
  await sat.press('link', /Kodları sakladım/);
  await sat.met('account');
  expect(await sat.text('main')).toContain('Kalan kurtarma kodu Recovery codes left: 10');
  // The session that was too old has ended with the fresh one; its application has been told.
  await until(async () => {
    await sat.open(system.sandbox.mocks.koopbis);
    return (await sat.page.locator('main').getAttribute('data-page')) === 'koopbis-start';
  });
  await sat.press('link', /e-Devlet ile giriş yap/);
  await sat.met('koopbis-home');
  await sat.press('link', /İkinci adımla doğrula/);
  const there = await atStepUp(person, { name: 'enrol-there', javaScriptEnabled: false });
  const [first = '', second = ''] = recovery;
  expect(await enter(sat, first)).toBe(200);
  await sat.met('koopbis-home');
  await expectSignedIn(sat, person, 'step-up');
  expect(await enter(there, first)).toBe(403);
  await there.met('step-up', 'STEP_UP_REPLAYED_CODE');
  // As somebody copies it from paper.
  expect(await enter(there, second.toLowerCase().replaceAll('-', ' '))).toBe(200);
  await there.met('koopbis-home');
  await there.press('link', /Hesabım ve oturumlarım/);
  expect(await there.text('main')).toContain('Kalan kurtarma kodu Recovery codes left: 8');
  expect((await look.since(STEP_UP)).map(({ kind, data }) => [kind, data.reason ?? data.means])).toEqual([
    ['step-up.refused', 'wrong-code'],
    ['step-up.enrolled', undefined],
    ['step-up.succeeded', 'recovery-code'],
    ['step-up.refused', 'replayed-code'],
    ['step-up.succeeded', 'recovery-code'],
  ]);
  expect([await sat.leave(), await there.leave()]).toEqual([[], []]);
});

/** On the page that shows a new secret: a wrong code, then the right one. Gives the recovery codes, shown once. */
async function enrol(sat: BrowserPerson): Promise<string[]> {
  const isDrawn = await sat.page
    .locator('img.qr')
    .evaluate((one) => (one as { naturalWidth?: number }).naturalWidth ?? 0);
  expect(isDrawn).toBeGreaterThan(0);
  const secret = (await sat.text('code.secret')).replaceAll(' ', '');
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  await sat.type(ENROL_FIELD, wrongCode(secret));
  expect(await sat.press('button', /Kurulumu tamamla/)).toBe(403);
  await sat.met('enrol', 'STEP_UP_WRONG_CODE');
  await expectToldAtField(sat);
  expect(await sat.page.content()).not.toContain(secret);
  await sat.type(ENROL_FIELD, codeAt(secret, 0));
  expect(await sat.press('button', /Kurulumu tamamla/)).toBe(200);
  await sat.met('recovery-codes');
  const codes = await sat.page.locator('ol.codes code').allTextContents();
  expect(new Set(codes).size).toBe(10);
  const tab = await sat.page.context().newPage();
  for (const path of ['/hesabim', '/hesabim/ikinci-adim']) {
    await tab.goto(`${system.sandbox.web}${path}`);
    const shown = await tab.content();
    for (const text of [...codes, secret]) expect(shown).not.toContain(text);
  }
  await tab.close();
  return codes;
}

/** A member of staff with a second step set up. */
function officer(role: string) {
  const { kimlikNo } = people.staff((one) => one === role);
  const person = people.person((one) => one.kimlikNo === kimlikNo);
  if (person.stepUpTotp === null) throw new Error(`${role} has no second step`);
  return { person, secret: person.stepUpTotp };
}

/** Somebody who is signed in to the application and asks it for the second step. */
async function atStepUp(
  person: ReturnType<People['person']>,
  seat: Seat,
  signIn: typeof signInFirst | typeof signInFromApplication = signInFromApplication,
): Promise<BrowserPerson> {
  const sat = await BrowserPerson.sit(browser, person, seat);
  await signIn(sat, system.sandbox, person);
  await sat.press('link', /İkinci adımla doğrula/);
  return sat;
}

/** Makes the last session that was opened older than an enrolment allows. */
async function age(): Promise<void> {
  const opened = (await look.since(/^session\.opened$/)).at(-1);
  const text = `UPDATE bridge.sign_in_session SET auth_time = auth_time - interval '6 minutes' WHERE session_id = $1`;
  await system.sql(text, [opened?.data.session]);
}

async function enter(sat: BrowserPerson, code: string): Promise<number> {
  await sat.type(FIELD, code);
  return sat.press('button', /^Doğrula/);
}

function codeOf(sat: BrowserPerson): Promise<string | null> {
  return sat.page.locator('main').getAttribute('data-code');
}

/** The field says that it is wrong, and what is wrong, to a screen reader too; the title says so first of all. */
async function expectToldAtField(sat: BrowserPerson): Promise<void> {
  expect(await sat.page.title()).toMatch(/^Hata: /);
  const field = sat.page.getByRole('textbox');
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  expect(await field.inputValue()).toBe('');
  const about = await field.getAttribute('aria-describedby');
  expect(await sat.text(`[id="${about}"]`)).toMatch(/^Hata: .+ Error: /);
}

/** The code of the time step that is `steps` after this one. */
function codeAt(secret: string, steps: number): string {
  return generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 });
}

/** A code that is right in none of the time steps around this one. */
function wrongCode(secret: string): string {
  const epoch = Math.floor(Date.now() / 1000);
  for (const token of ['000000', '111111', '222222', '333333', '444444']) {
    const near = [-2, -1, 0, 1, 2].map((step) => epoch + step * 30);
    if (!near.some((at) => verifySync({ secret, token, epoch: at }).valid)) return token;
  }
  throw new Error('every code is right');
}
