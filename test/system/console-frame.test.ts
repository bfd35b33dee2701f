import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { EntryLook } from '../support/browser-entries.js';
import { browserFor } from '../support/browser-person.js';
import { ConsoleOfficer } from '../support/console-officer.js';
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

function staff(role: string) {
  const { kimlikNo } = people.staff((one) => one === role);
  return people.person((one) => one.kimlikNo === kimlikNo);
}

test('who asks for a page of the console signs in and comes back to it; the language is changed and stays', async () => {
  const officer = await ConsoleOfficer.sit(browser, system.sandbox, staff('finance'), { name: 'frame' });
  expect(await officer.sat.text('main')).toContain('Mali görevli');
  expect(await officer.page.getByRole('navigation', { name: 'Konsol' }).textContent()).toContain('Mutabakat');
  expect(await officer.open('/konsol/parcalar', 'parts')).toBe(200);
  expect(await officer.follow('English')).toBe(200);
  expect(officer.page.url()).toBe(`${system.sandbox.web}/konsol/parcalar`);
  expect(await officer.page.locator('h1').textContent()).toBe('Parts of pages');
  await officer.sat.met('parts');
  await officer.open('/konsol/yardim', 'help');
  expect(await officer.page.locator('html').getAttribute('lang')).toBe('en');
  await officer.follow('Türkçe');
  expect(await officer.page.locator('h1').textContent()).toBe('Yardım');
  expect(await officer.leave()).toEqual([]);

  const straight = await ConsoleOfficer.sit(browser, system.sandbox, staff('finance'), {
    name: 'frame-there',
  });
  await straight.page.context().clearCookies();
  await straight.sat.open(`${system.sandbox.web}/konsol/oturumlarim?bir=1`);
  await straight.signIn();
  await straight.sat.met('sessions');
  expect(straight.page.url()).toBe(`${system.sandbox.web}/konsol/oturumlarim?bir=1`);
  expect(await straight.leave()).toEqual([]);
});

test('another role’s page is refused with an entry; the number on the page stands in it and in the process’s log', async () => {
  const officer = await ConsoleOfficer.sit(browser, system.sandbox, staff('finance'), { name: 'forced' });
  await look.since();
  expect(await officer.open('/konsol/guvenlik', 'security', 'ROLE_REQUIRED')).toBe(403);
  const number = await officer.page.locator('dd code').nth(1).textContent();
  const entries = await look.since(/^console\./);
  expect(entries.map(({ kind, data }) => [kind, data.action, data.code, data.requestId])).toEqual([
    ['console.refused', 'security', 'ROLE_REQUIRED', number],
  ]);
  expect(system.bridge.log()).toContain(number);
  expect(await officer.leave()).toEqual([]);
});

test('the second step is given from the own sessions; a session ended there is a session ended', async () => {
  const person = staff('security-officer');
  const officer = await ConsoleOfficer.sit(browser, system.sandbox, person, { name: 'own-sessions' });
  await officer.stepUp();
  expect(await officer.sat.text('main')).toContain('doğrulandı');
  const other = await ConsoleOfficer.sit(browser, system.sandbox, person, { name: 'other-session' });
  await officer.open('/konsol/oturumlarim', 'sessions');
  expect(await officer.page.getByRole('row').count()).toBe(3);
  await look.since();
  expect(await officer.press(/^Kapat/)).toBe(200);
  expect(await officer.sat.text('[role=status]')).toContain('Oturum kapatıldı');
  expect(await officer.page.getByRole('row').count()).toBe(2);
  await other.sat.open(`${system.sandbox.web}/konsol`);
  await other.sat.met('password');
  expect(await officer.press(/^Çıkış yap/)).toBe(200);
  await officer.sat.met('returned');
  expect(await officer.page.locator('h1').textContent()).toBe('Oturumunuz kapalı');
  expect((await look.since(/^session\./)).map(({ kind }) => kind)).toEqual([
    'session.end-ordered',
    'session.ended',
    'session.end-ordered',
    'session.ended',
  ]);
  await officer.sat.open(`${system.sandbox.web}/konsol/oturumlarim`);
  await officer.sat.met('password');
  expect([await officer.leave(), await other.leave()]).toEqual([[], []]);
});

test('nobody of the staff sees the own pages alone; nobody at all is sent to sign in and counted', async () => {
  const person = people.nobody();
  const officer = await ConsoleOfficer.sit(browser, system.sandbox, person, { name: 'nobody' });
  const nav = await officer.page.getByRole('navigation', { name: 'Konsol' }).textContent();
  expect(nav).toContain('Oturumlarım');
  expect(nav).not.toMatch(/Güvenlik|Mali|Müdürlük|Yönetim/);
  await officer.open('/konsol/sorgularim', 'own-queries');
  expect(await officer.open('/konsol/yonetim', 'operation', 'ROLE_REQUIRED')).toBe(403);
  expect(await officer.leave()).toEqual([]);
});
