import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { EntryLook, type SeenEntry } from '../support/browser-entries.js';
import { BrowserPerson, browserFor, type Seat } from '../support/browser-person.js';
import {
  expectSignedIn,
  signInFirst,
  signInFromApplication,
  signOutFromApplication,
} from '../support/browser-walk.js';
import { type System, startSystem } from '../support/system.js';
import { People } from '../support/system-people.js';

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

/** The `place`th board member, whole. */
function boardMember(place: number) {
  const actor = people.actor('board', place);
  return { ...actor, person: people.person((one) => one.kimlikNo === actor.kimlikNo) };
}

const SEATS: readonly Seat[] = [
  { name: 'mouse' },
  { name: 'keyboard', hand: 'keyboard', width: 360 },
  { name: 'no-scripts', javaScriptEnabled: false, width: 360 },
];

const AT_EDEVLET = [
  'authorize',
  '',
  'login',
  'second-step',
  'token',
  'resource:Kimlik-Dogrula',
  'resource:Ad-Soyad',
];

describe.each(SEATS.map((seat, place) => [seat.name, seat, place] as const))('by %s', (name, seat, place) => {
  test('a board member signs in with two steps, reads the notice once, and is shown as who they are', async () => {
    const { person } = boardMember(place);
    await look.since();
    const [edevletBefore] = (await system.control.seen('edevlet')).slice(-1);
    const sat = await BrowserPerson.sit(browser, person, { ...seat, name: `${name}-1-sign-in` });
    await signInFirst(sat, system.sandbox, person);
    await expectSignedIn(sat, person, 'two-step');
    const entries = await look.since(/^(two-step|session|notice)\./);
    expectSignIn(entries);
    const seen = await system.control.seen('edevlet', edevletBefore?.n ?? 0);
    expect(seen.map(({ action }) => action)).toEqual(AT_EDEVLET);
    expect(seen.filter(({ refused }) => refused !== undefined)).toEqual([]);
    await signOutFromApplication(sat);
    await signInFromApplication(sat, system.sandbox, person);
    await sat.met('koopbis-home');
    const kinds = (await look.since(/^(two-step|session|notice)\./)).map(({ kind }) => kind);
    expect(kinds).toEqual(['session.ended', 'two-step.judged', 'session.opened', 'session.joined']);
    expect(sat.watch.cookies).toBeGreaterThan(5);
    expect(await sat.leave()).toEqual([]);
  });

  test('the member form saves nobody on a mismatch, keeps what was typed, and saves on a match', async () => {
    const { person, cooperative } = boardMember(SEATS.length + place);
    const subject = people.subject(place);
    const sat = await BrowserPerson.sit(browser, person, { ...seat, name: `${name}-2-member` });
    sat.watch.also(subject);
    await look.since();
    const kpsBefore = (await system.control.seen('kps')).length;
    await signInFirst(sat, system.sandbox, person);
    await sat.press('link', /Ortak kaydı/);
    await sat.met('koopbis-member');
    const typed = { ...subject, soyad: 'YANLIŞ', dogumTarihi: written(subject.dogumTarihi), cooperative };
    await fill(sat, typed);
    expect(await sat.press('button', /Doğrula ve kaydet/)).toBe(422);
    await sat.met('koopbis-member');
    expect(await sat.page.getByRole('alert').getAttribute('data-outcome')).toBe('mismatch');
    for (const field of ['kimlikNo', 'ad', 'soyad', 'dogumTarihi'] as const)
      expect(await sat.page.locator(`#${field}`).inputValue()).toBe(typed[field]);
    expect(await sat.page.locator('table').count()).toBe(0);

    await sat.type(/^Soyad/, subject.soyad);
    expect(await sat.press('button', /Doğrula ve kaydet/)).toBe(200);
    await sat.met('koopbis-member');
    expect(await sat.page.getByRole('status').getAttribute('data-outcome')).toBe('match');
    expect(await sat.text('tbody tr:last-child')).toContain(`${subject.ad} ${subject.soyad}`);
    const seen = (await system.control.seen('kps')).slice(kpsBefore);
    expect(seen.map(({ kimlikNo }) => kimlikNo)).toEqual([subject.kimlikNo, subject.kimlikNo]);
    expectChecks(await look.since(/^(session\.opened|query\.)/), cooperative);
    expect(await sat.leave()).toEqual([]);
  });
});

/** `GG.AA.YYYY`, as a person writes it. */
function written(isoDate: string): string {
  return isoDate.split('-').reverse().join('.');
}

async function fill(
  sat: BrowserPerson,
  typed: { cooperative: string; kimlikNo: string; ad: string; soyad: string; dogumTarihi: string },
): Promise<void> {
  await sat.type(/^MERSİS no/, typed.cooperative);
  await sat.type(/^Kimlik no/, typed.kimlikNo);
  await sat.type(/^Ad /, typed.ad);
  await sat.type(/^Soyad/, typed.soyad);
  await sat.type(/^Doğum tarihi/, typed.dogumTarihi);
}

/** The entries of a first sign-in, all about one session, with e-Devlet's word as it came. */
function expectSignIn(entries: readonly SeenEntry[]): void {
  expect(entries.map(({ kind }) => kind)).toEqual([
    'two-step.judged',
    'session.opened',
    'notice.read',
    'session.joined',
  ]);
  const [judged, opened, ...about] = entries;
  expect(judged?.data).toMatchObject({ level: '2', judged: 'two-step', twoStep: 'yes', profile: 'e-devlet' });
  expect(opened?.data).toMatchObject({ acr: 'urn:koopbis:acr:two-step', client: 'koopbis-core' });
  for (const { data } of about) expect(data.session).toBe(opened?.data.session);
}

/** Two questions, each an intent before its outcome, asked in the session that was opened. */
function expectChecks(entries: readonly SeenEntry[], cooperative: string): void {
  expect(entries.map(({ kind }) => kind)).toEqual([
    'session.opened',
    'query.intent',
    'query.outcome',
    'query.intent',
    'query.outcome',
  ]);
  const [opened, first, mismatch, second, match] = entries.map(({ data }) => data);
  for (const intent of [first, second]) {
    expect(intent.actor.session).toBe(opened.session);
    expect(intent).toMatchObject({ cooperative, client: 'koopbis-core', screen: 'ORTAK-KAYIT' });
  }
  expect([mismatch.query, mismatch.outcome]).toEqual([first.query, 'mismatch']);
  expect([match.query, match.outcome]).toEqual([second.query, 'match']);
}

test('somebody without any authority is told so plainly, goes on, and finds it on the account page', async () => {
  const nobody = people.nobody();
  const sat = await BrowserPerson.sit(browser, nobody, { name: 'nobody' });
  await signInFromApplication(sat, system.sandbox, nobody);
  await sat.met('notice');
  await sat.press('button', /Okudum/);
  await sat.met('told');
  const told = await sat.text('main');
  expect(told).toContain('kayıtlı bir yönetim kurulu üyeliği');
  expect(told).toContain('tescil');
  expect(told).toMatch(/il müdürlüğü/i);
  await sat.press('button', /Devam et/);
  await sat.met('koopbis-home');
  await expectSignedIn(sat, nobody, 'two-step');
  await sat.press('link', /Hesabım ve oturumlarım/);
  await sat.met('account');
  expect(await sat.text('main')).toContain(
    'Adınıza kayıtlı bir kooperatif görevi, KOOPBİS yetkisi veya kamu görevi yok.',
  );
  await sat.press('link', /Aydınlatma metnini oku/);
  await sat.met('notice');
  expect(await sat.page.getByRole('button').count()).toBe(0);
  expect(await sat.leave()).toEqual([]);
});
