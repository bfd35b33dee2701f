import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import { bringInDevices } from '../../../src/sign-in/step-up/bring-in-devices.js';
import { newSecret } from '../../../src/sign-in/step-up/totp.js';
import { asOwner } from '../../audit/support/log.js';
import { codeOf, wrongCode } from '../step-up/support/desk.js';
import { type Page, saysOf, type TestBrowser } from './support/browser.js';
import { CORE, openProviderHouse, type ProviderHouse } from './support/house.js';
import { named, UPSTREAM_ORIGIN } from './support/upstream.js';
import { begin, pressOn, returnOf } from './support/walk.js';

const MERSIS = '0000000000000017';
const OWN_PAGES = ['/hesabim', '/hesabim/ikinci-adim'];
const STEP_UP = { acr_values: 'urn:koopbis:acr:step-up' };

let house: ProviderHouse;
beforeAll(async () => {
  house = await openProviderHouse();
});
afterAll(() => house?.close());

/** A new browser of this person at its first step after e-Devlet. */
async function atFirstStep(nine: string, more: Readonly<Record<string, string>> = {}) {
  const browser = house.browser();
  const sent = await browser.go((await begin(await house.client(CORE), more)).url);
  return { browser, page: await browser.go(returnOf(house, sent, named(nine))) };
}

const tell = (page: Page) => [page.status, saysOf(page).page, saysOf(page).code];

describe('before the notice was read', () => {
  it.each(OWN_PAGES)('%s leads through it first, and shows itself after', async (path) => {
    const { browser, page } = await atFirstStep(`20000002${OWN_PAGES.indexOf(path)}`);
    expect(saysOf(page).page).toBe('notice');
    for (let times = 0; times < 2; times += 1) {
      const notice = await browser.go(path);
      expect(tell(notice)).toEqual([200, 'notice', null]);
      expect(new URL(notice.url).pathname).toMatch(/^\/giris\/adim\//);
      expect(notice.body).not.toContain('KÖSEÜŞÜMEZ');
    }
    const end = await pressOn(browser, await browser.go(path));
    expect([new URL(end.url).pathname, end.status, saysOf(end).page]).toEqual([
      path,
      200,
      path === '/hesabim' ? 'account' : 'enrol',
    ]);
  });

  it('no device is begun', async () => {
    const { browser } = await atFirstStep('200000023');
    await browser.go('/hesabim/ikinci-adim');
    const { rows } = await house.test.db.query({
      text: 'SELECT 1 FROM bridge.step_up_device WHERE person_tag = $1',
      values: [house.log.tagger.tag('authority', named('200000023').person)],
    });
    expect(rows).toEqual([]);
  });

  it('a browser without a session goes to e-Devlet, as ever', async () => {
    for (const path of OWN_PAGES)
      expect(new URL((await house.browser().go(path)).url).origin).toBe(UPSTREAM_ORIGIN);
  });
});

describe('somebody without authority', () => {
  it('who is elected and not registered reads for which cooperative registration is pending', async () => {
    const tag = house.log.tagger.tag('authority', named('200000024').person);
    await house.test.db.query({
      text: `INSERT INTO bridge.authority_cooperative (mersis_no, unvan, tur, kanun, seviye, il, ilgili_bakanlik, durum, read_at)
        VALUES ($1, 'Deneme Kooperatifi', 't', 'k', 's', 'Ankara', 'ticaret', 'faal', now())`,
      values: [MERSIS],
    });
    await house.test.db.query({
      text: `INSERT INTO bridge.authority_seat (seat_id, person_tag, mersis_no, role, starts_on, ends_on, registered_on)
        VALUES ($1, $2, $3, 'board', '2024-01-01', NULL, NULL)`,
      values: [randomUUID(), tag, MERSIS],
    });
    const { browser, page } = await atFirstStep('200000024');
    const told = await browser.submit(page);
    expect(saysOf(told).page).toBe('told');
    expect(told.body).toContain('Yönetim kurulu üyesi: Deneme Kooperatifi (tescil bekleniyor)');
    expect(told.body).toContain('Board member: Deneme Kooperatifi (registration pending)');
    await browser.submit(told);
    expect((await browser.go('/hesabim')).body).toContain('Deneme Kooperatifi (tescil bekleniyor)');
  });

  it('and without any seat is told that there is none', async () => {
    const { browser, page } = await atFirstStep('200000025');
    expect((await browser.submit(page)).body).toContain('kayıtlı bir yönetim kurulu üyeliği');
  });
});

describe('a page of what is not there just now', () => {
  it('says when to ask again', async () => {
    const browser = house.browser();
    const sent = await browser.go((await begin(await house.client(CORE))).url);
    const code = house.upstream.codeFor(new BridgeError('UPSTREAM_UNAVAILABLE', 'down'));
    const state = new URL(sent.url).searchParams.get('state') ?? '';
    const page = await browser.go(`/giris/donus?${new URLSearchParams({ state, code })}`);
    expect(tell(page)).toEqual([503, 'refused', 'UPSTREAM_UNAVAILABLE']);
    expect(page.headers['retry-after']).toBe('30');
  });

  it('says so for what the OpenID provider cannot read, too', async () => {
    const { browser, page } = await atFirstStep('200000027');
    await pressOn(browser, page);
    await asOwner(house.test, 'ALTER TABLE bridge.oidc_record RENAME TO away');
    try {
      const away = await browser.ask('/oidc/session/end');
      expect(tell(away)).toEqual([503, 'refused', 'SIGN_IN_UNAVAILABLE']);
      expect(away.headers['retry-after']).toBe('30');
    } finally {
      await asOwner(house.test, 'ALTER TABLE bridge.away RENAME TO oidc_record');
    }
    expect(saysOf(await browser.ask('/oidc/session/end')).page).toBe('sign-out');
  });
});

describe('the second step', () => {
  /** Until it is this person's turn to show a code. */
  async function atCode(browser: TestBrowser, page: Page): Promise<Page> {
    const at = await pressOn(browser, page);
    if (saysOf(at).page !== 'step-up') throw new Error(`at ${saysOf(at).page}`);
    return at;
  }

  it('is locked with the fifth wrong code: that answer and every one after it says so, and for how long', async () => {
    const secret = newSecret();
    const { person } = named('200000026');
    await bringInDevices(house.log.appender, house.log, [{ person, secret }], new Date());
    const { browser, page } = await atFirstStep('200000026', STEP_UP);
    const form = await atCode(browser, page);
    expect(tell(form)).toEqual([200, 'step-up', null]);
    for (let guess = 1; guess <= 4; guess += 1) {
      const wrong = await browser.submit(form, { kod: wrongCode(secret, new Date()) });
      expect(tell(wrong)).toEqual([403, 'step-up', 'STEP_UP_WRONG_CODE']);
      expect(wrong.headers['retry-after']).toBeUndefined();
    }
    const last = await browser.submit(form, { kod: wrongCode(secret, new Date()) });
    const right = await browser.submit(form, { kod: codeOf(secret, new Date()) });
    const again = await browser.go(form.url);
    for (const locked of [last, right, again]) {
      expect(tell(locked)).toEqual([429, 'step-up', 'STEP_UP_LOCKED']);
      const until = Date.parse(/datetime="([^"]+)"/.exec(locked.body)?.[1] ?? '');
      const waitS = Number(locked.headers['retry-after']);
      expect(waitS).toBeGreaterThan(60);
      expect(waitS).toBeLessThanOrEqual((house.config.signIn?.stepUp.lockMinutes ?? 0) * 60);
      expect(Date.now() + waitS * 1000).toBeGreaterThanOrEqual(until);
    }
  });
});
