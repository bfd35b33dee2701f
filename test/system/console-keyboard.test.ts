import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { istanbulQuarter, previousQuarter } from '../../src/calendar/istanbul-day.js';
import { readCsv } from '../fees/export/support/read-back.js';
import { EntryLook } from '../support/browser-entries.js';
import { browserFor } from '../support/browser-person.js';
import { ConsoleOfficer } from '../support/console-officer.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { expectSound } from '../support/system-authority.js';
import { People, question } from '../support/system-people.js';

/** The bridge looks for signals every half minute. */
const LOOKED_MS = 75_000;
/** One that can be closed, whatever today is. */
const QUARTER = previousQuarter(istanbulQuarter(new Date(Date.now() - 3 * 86_400_000)));

let system: System;
let browser: Browser;
let people: People;
let look: EntryLook;

beforeAll(async () => {
  system = await startSystem({
    ...{ people: 300, cooperatives: 20, koopbis: true },
    settings: (yaml) => {
      yaml.audit.signals = [
        { code: 'many-people', measure: 'people-asked-about', threshold: 3, windowMinutes: 60 },
      ];
    },
  });
  browser = await browserFor(system.sandbox);
  people = new People(system.sandbox);
  look = new EntryLook(system);
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

/** Whoever holds this role, before a browser without a mouse. Leaves no fault where no pointer was used. */
async function sit(role: string): Promise<ConsoleOfficer> {
  const { kimlikNo } = people.staff((one) => one === role);
  const person = people.person((one) => one.kimlikNo === kimlikNo);
  const seat = { name: `keyboard-${role}`, hand: 'keyboard' } as const;
  return ConsoleOfficer.sit(browser, system.sandbox, person, seat);
}

const pieces = async function* (bytes: Buffer) {
  yield bytes;
};

describe('with the keyboard alone', () => {
  it('an administrator gives the second step, grants a role, and takes the list of roles away', async () => {
    const hand = await sit('administrator');
    const person = people.subject(40);
    await hand.stepUp();
    await hand.follow(/^Roller$/);
    await hand.sat.met('roles');
    const option = hand.page.locator('select[name=ver] option[value="finance"]');
    await hand.choose('Verilecek rol', (await option.textContent()) ?? '');
    expect(await hand.press('Devam')).toBe(200);
    await hand.fill(/Kimlik numarası/, person.kimlikNo);
    await hand.fill(/^Neden/, 'Atama yazısı 2026/31');
    await look.since();
    expect(await hand.press('Rolü ver')).toBe(200);
    await hand.sat.met('roles');
    expect((await look.since(/^role\./)).map(({ kind }) => kind)).toEqual(['role.granted', 'role.decided']);
    const { bytes } = await hand.download('link', 'Verilmiş roller: CSV');
    const [{ count }] = await system.sql('SELECT count(*)::int AS count FROM bridge.authority_role');
    expect(await readCsv(pieces(bytes))).toHaveLength(count);
    expect(await hand.leave()).toEqual([]);
  });

  it('a finance officer takes a quarter away as a file and proposes to close it', async () => {
    const hand = await sit('finance');
    await hand.stepUp();
    await hand.open(`/konsol/mali/ceyrek/${QUARTER}`, 'quarter');
    const { name } = await hand.download('link', 'Toplamlar: XLSX');
    expect(name).toBe(`kps-${QUARTER}.xlsx`);
    await hand.fill('Not (isteğe bağlı)', 'cetvel hazır');
    await look.since();
    expect(await hand.press('Cetveli dondur ve onaya sun')).toBe(200);
    await hand.sat.met('quarter');
    expect((await look.since(/^fees\.quarter/)).map(({ kind }) => kind)).toEqual(['fees.quarter-frozen']);
    expect(await hand.follow('Öneriyi gör ya da geri çek')).toBe(200);
    await hand.sat.met('decision');
    expect(await hand.leave()).toEqual([]);
  });

  it('a security officer opens a signal and decides on it with a note', async () => {
    const { cooperative, kimlikNo } = people.actor('board');
    const token = await system.token(kimlikNo);
    for (let n = 0; n < 5; n += 1) {
      const body = question(cooperative, people.subject(n));
      expect((await system.call({ client: 'koopbis-core', token, body })).status).toBe(200);
    }
    const hand = await sit('security-officer');
    await hand.stepUp();
    await until(async () => (await system.sql('SELECT 1 FROM bridge.signal')).length === 1, LOOKED_MS);
    await hand.open('/konsol/guvenlik/uyarilar', 'signals');
    expect(await hand.follow(/^\d{2}\.\d{2}\.\d{4}/)).toBe(200);
    await hand.sat.met('signal');
    // Not the first of the group: arrows go on to it.
    const last = hand.page.locator('input[name=decision]').last();
    const [id, value] = [await last.getAttribute('id'), await last.getAttribute('value')];
    await hand.choose((await hand.page.locator(`label[for="${id}"]`).textContent()) ?? '');
    await hand.fill(/^Not$/, 'Toplu üye kaydı, kararı görüldü');
    await look.since();
    expect(await hand.press('Kararı kaydet')).toBe(200);
    const [decided] = await look.since(/^signal\./);
    expect(decided?.data).toMatchObject({ decision: value });
    expect(await system.sql('SELECT decision FROM bridge.signal')).toEqual([{ decision: value }]);
    expect(await hand.leave()).toEqual([]);
  });

  it('and the log and its tables agree afterwards', async () => {
    await expectSound(system);
  });
});
