import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCertificates, type TestCertificates } from './support/certificates.js';
import { FORM, type SeenPage } from './support/edevlet-client.js';
import {
  CLIENT,
  type EdevletHarness,
  OTHER_CLIENT,
  persons,
  STATE,
  startEdevletHarness,
} from './support/edevlet-harness.js';

let certificates: TestCertificates;
let stand: EdevletHarness;
/** The stand-in's clock stands still but where a test moves it. */
const START = Date.UTC(2026, 0, 5, 9);
let offsetMs = 0;

beforeAll(async () => {
  certificates = await makeCertificates();
  stand = await startEdevletHarness(certificates, { now: () => START + offsetMs });
});
// Each test leaves a quarter of an hour behind it, so that its wrong attempts do not count for the next.
afterEach(() => {
  offsetMs += 16 * 60_000;
});
afterAll(() => stand.stop());

const typed = (person: { kimlikNo: string; password: string }) => ({
  kimlikNo: person.kimlikNo,
  sifre: person.password,
});
async function atSecondStep() {
  const browser = stand.browser();
  const first = await browser.open(stand.authorizePath());
  return { browser, page: await browser.submit(first, '/gir', typed(persons.twoStep)) };
}
function returned({ status, location }: SeenPage): URL {
  expect(status).toBe(302);
  return new URL(location ?? '');
}
const lastRefused = async () => (await stand.lastSeen('edevlet'))?.refused;

describe('a whole login', () => {
  it('goes from authorize over password and second step to the data, and is witnessed call by call', async () => {
    const { next } = await stand.seen('edevlet');
    const browser = stand.browser();
    const start = await browser.get(stand.authorizePath());
    expect(start.status).toBe(302);
    const page = new URL(start.location ?? '', stand.origin);
    expect([
      page.pathname,
      page.searchParams.get('oauthClientId'),
      page.searchParams.get('continue'),
    ]).toEqual(['/Giris/gir', CLIENT.clientId, stand.authorizePath()]);
    const password = await browser.get(start.location ?? '');
    expect([password.status, password.page, password.code]).toEqual([200, 'password', undefined]);
    const second = await browser.submit(password, '/gir', typed(persons.twoStep));
    expect([second.status, second.page]).toEqual([200, 'second-step']);
    const back = returned(await browser.submit(second, '/ikinci-adim', { kod: stand.totp(persons.twoStep) }));
    expect(`${back.origin}${back.pathname}`).toBe(CLIENT.redirectUris[0]);
    expect([...back.searchParams.keys()]).toEqual(['code', 'state']);
    expect(back.searchParams.get('state')).toBe(STATE);
    const exchanged = await stand.exchange({ code: back.searchParams.get('code') });
    expect(Object.keys(exchanged.json)).toEqual(['access_token']);
    const accessToken = String(exchanged.json.access_token);
    expect((await stand.resource({ accessToken, kapsam: 'Kimlik-Dogrula' })).json).toEqual({
      sonucKodu: 'EDV09.000',
      sonucAciklamasi: expect.any(String),
      level: '2',
    });
    expect((await stand.resource({ accessToken })).json).toEqual({
      sonucKodu: 'EDV09.000',
      sonucAciklamasi: expect.any(String),
      kullaniciBilgileri: { kimlikNo: '10000000101', ad: 'AYŞE NUR', soyad: 'ÇALIŞKAN' },
    });
    const { requests } = await stand.seen('edevlet', next);
    expect(requests.map(({ action, kimlikNo, refused }) => [action, kimlikNo, refused])).toEqual([
      ['authorize', undefined, undefined],
      ['', undefined, undefined],
      ['login', '10000000101', undefined],
      ['second-step', '10000000101', undefined],
      ['token', '10000000101', undefined],
      ['resource:Kimlik-Dogrula', '10000000101', undefined],
      ['resource:Ad-Soyad', '10000000101', undefined],
    ]);
  });

  it('needs no second step of a person who has none, and says so by level', async () => {
    const accessToken = await stand.accessToken({ person: persons.oneStep });
    expect((await stand.resource({ accessToken, kapsam: 'Kimlik-Dogrula' })).json.level).toBe('1');
  });

  it('carries the level of the day of the login, whatever becomes of the account', async () => {
    const accessToken = await stand.accessToken({ person: persons.other });
    await stand.control('PATCH', `/people/${persons.other.kimlikNo}`, { level: '9' });
    expect((await stand.resource({ accessToken, kapsam: 'Kimlik-Dogrula' })).json.level).toBe('4');
    const later = await stand.accessToken({ person: persons.other });
    expect((await stand.resource({ accessToken: later, kapsam: 'Kimlik-Dogrula' })).json.level).toBe('9');
    await stand.control('PATCH', `/people/${persons.other.kimlikNo}`, { level: '4' });
  });

  it('may be made twice with the same code of the second step, as one person may sign in twice within a step', async () => {
    expect(returned(await stand.login()).searchParams.has('code')).toBe(true);
    expect(returned(await stand.login()).searchParams.has('code')).toBe(true);
  });

  it('asks anew at every authorize, and leaves no cookie behind', async () => {
    const browser = stand.browser();
    returned(await stand.login({ browser }));
    expect(browser.cookies.size).toBe(0);
    expect((await browser.open(stand.authorizePath())).page).toBe('password');
  });

  it('can go on in two tabs of one browser', async () => {
    const browser = stand.browser();
    const [one, two] = [STATE, `${STATE}2`];
    const first = await browser.open(stand.authorizePath({ state: one }));
    const second = await browser.open(stand.authorizePath({ state: two }));
    for (const [page, state] of [
      [first, one],
      [second, two],
    ] as const) {
      const back = returned(await browser.submit(page, '/gir', typed(persons.oneStep)));
      expect(back.searchParams.get('state')).toBe(state);
    }
    expect(browser.cookies.size).toBe(0);
  });

  it('keeps the query of a registered address', async () => {
    const back = returned(await stand.login({ changes: { redirect_uri: CLIENT.redirectUris[1] } }));
    expect([back.searchParams.get('a'), back.searchParams.get('state')]).toEqual(['b', STATE]);
  });

  it('serves an institution that parts scopes by a blank', async () => {
    const changes = {
      client_id: OTHER_CLIENT.clientId,
      redirect_uri: OTHER_CLIENT.redirectUris[0],
      scope: 'Kimlik-Dogrula Ad-Soyad',
    };
    expect(returned(await stand.login({ changes })).port).toBe('2');
  });

  it('tolerates what PKCE adds to the request', async () => {
    const changes = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
    expect(returned(await stand.login({ changes })).searchParams.has('code')).toBe(true);
  });

  it('shows the page of the step that is open when it is loaded again', async () => {
    const { browser } = await atSecondStep();
    const page = await browser.get(
      `/Giris/gir?${new URLSearchParams({ oauthClientId: CLIENT.clientId, continue: stand.authorizePath() })}`,
    );
    expect(page.page).toBe('second-step');
  });
});

describe('a login that is given up', () => {
  it.each(['password', 'second-step'])(
    'at the page %s goes back with access_denied and the state',
    async (at) => {
      const browser = stand.browser();
      let page = await browser.open(stand.authorizePath());
      if (at === 'second-step') page = await browser.submit(page, '/gir', typed(persons.twoStep));
      expect(page.page).toBe(at);
      const back = returned(await browser.submit(page, '/vazgec'));
      expect(`${back.origin}${back.pathname}`).toBe(CLIENT.redirectUris[0]);
      expect(Object.fromEntries(back.searchParams)).toEqual({
        error: 'access_denied',
        error_description: expect.stringMatching(/^[ -~]+$/),
        state: STATE,
      });
      expect(await stand.lastSeen('edevlet')).toMatchObject({
        action: at === 'password' ? 'login' : 'second-step',
        refused: 'cancelled',
      });
      expect(browser.cookies.size).toBe(0);
      expect((await browser.submit(page, '/vazgec')).code).toBe('login-unknown');
    },
  );
});

describe('the password page', () => {
  it('tells an unknown number and a wrong password alike', async () => {
    const pages: string[] = [];
    for (const [kimlikNo, sifre] of [
      [persons.twoStep.kimlikNo, 'wrong'],
      ['10000000999', 'wrong'],
      [persons.withoutPassword.kimlikNo, ''],
    ] as const) {
      const browser = stand.browser();
      const page = await browser.open(stand.authorizePath());
      const after = await browser.submit(page, '/gir', { kimlikNo, sifre });
      expect([after.status, after.page, after.code]).toEqual([200, 'password', 'password-refused']);
      pages.push(after.text.replaceAll(kimlikNo, 'N').replace(/name="giris" value="[^"]*"/g, ''));
      expect(await stand.lastSeen('edevlet')).toMatchObject({
        action: 'login',
        kimlikNo,
        refused: 'password-refused',
      });
    }
    expect(new Set(pages).size).toBe(1);
  });

  it('tells that a record is not open to whoever knows the password, and to nobody else', async () => {
    const browser = stand.browser();
    const page = await browser.open(stand.authorizePath());
    const wrong = await browser.submit(page, '/gir', { kimlikNo: persons.dead.kimlikNo, sifre: 'x' });
    expect(wrong.code).toBe('password-refused');
    const right = await browser.submit(page, '/gir', typed(persons.dead));
    expect([right.status, right.page, right.code]).toEqual([200, 'password', 'record-not-open']);
    expect(await lastRefused()).toBe('record-not-open');
  });

  it('neither shows nor witnesses what is no number: it may be a password in the wrong field', async () => {
    const browser = stand.browser();
    const page = await browser.open(stand.authorizePath());
    const slip = '"><script>alert(1)</script>';
    const after = await browser.submit(page, '/gir', { kimlikNo: slip, sifre: slip });
    expect(after.code).toBe('password-refused');
    expect(after.text).not.toContain('script');
    expect(JSON.stringify(await stand.lastSeen('edevlet'))).not.toContain('script');
    expect(await stand.lastSeen('edevlet')).not.toHaveProperty('kimlikNo');
  });

  it('ends the login at the fifth wrong password', async () => {
    const browser = stand.browser();
    const page = await browser.open(stand.authorizePath());
    const wrong = () => browser.submit(page, '/gir', { kimlikNo: persons.twoStep.kimlikNo, sifre: 'x' });
    for (let i = 0; i < 4; i += 1) expect((await wrong()).page).toBe('password');
    expect(await wrong()).toMatchObject({ status: 403, page: 'error', code: 'too-many-passwords' });
    expect((await browser.submit(page, '/gir', typed(persons.twoStep))).code).toBe('login-unknown');
  });

  it('locks a number after twenty wrong attempts over all browsers, known or not, for fifteen minutes', async () => {
    for (const kimlikNo of [persons.twoStep.kimlikNo, '10000000999']) {
      for (let tries = 0; tries < 20; ) {
        const browser = stand.browser();
        const page = await browser.open(stand.authorizePath());
        for (let i = 0; i < 4; i += 1, tries += 1)
          await browser.submit(page, '/gir', { kimlikNo, sifre: 'x' });
      }
      const browser = stand.browser();
      const page = await browser.open(stand.authorizePath());
      const sifre = persons.twoStep.password;
      expect((await browser.submit(page, '/gir', { kimlikNo, sifre })).code).toBe('number-locked');
    }
    offsetMs += 15 * 60_000;
    returned(await stand.login());
  });
});

describe('the second step', () => {
  it('takes the codes of the step before and after, and of no other', async () => {
    for (const [steps, holds] of [
      [-2, false],
      [-1, true],
      [1, true],
      [2, false],
    ] as const) {
      const { browser, page } = await atSecondStep();
      const after = await browser.submit(page, '/ikinci-adim', { kod: stand.totp(persons.twoStep, steps) });
      if (holds) returned(after);
      else expect([after.status, after.page, after.code]).toEqual([200, 'second-step', 'code-refused']);
    }
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６'])('refuses the code "%s"', async (kod) => {
    const { browser, page } = await atSecondStep();
    const after = await browser.submit(page, '/ikinci-adim', { kod });
    expect([after.page, after.code]).toEqual(['second-step', 'code-refused']);
    expect(await stand.lastSeen('edevlet')).toMatchObject({
      action: 'second-step',
      kimlikNo: persons.twoStep.kimlikNo,
      refused: 'code-refused',
    });
  });

  it('refuses the code of another person', async () => {
    const { browser, page } = await atSecondStep();
    const after = await browser.submit(page, '/ikinci-adim', { kod: stand.totp(persons.other) });
    expect(after.code).toBe('code-refused');
  });

  it('ends the login at the fifth wrong code, even with the right one after it', async () => {
    const { browser, page } = await atSecondStep();
    const wrong = () => browser.submit(page, '/ikinci-adim', { kod: '12' });
    for (let i = 0; i < 4; i += 1) expect((await wrong()).code).toBe('code-refused');
    expect(await wrong()).toMatchObject({ status: 403, page: 'error', code: 'too-many-codes' });
    const late = await browser.submit(page, '/ikinci-adim', { kod: stand.totp(persons.twoStep) });
    expect(late).toMatchObject({ status: 400, page: 'error', code: 'login-unknown' });
  });

  it('is locked after twenty wrong codes over all logins, though the password is known', async () => {
    const { browser, page } = await atSecondStep();
    for (let logins = 0; logins < 5; logins += 1) {
      const more = await atSecondStep();
      for (let i = 0; i < 4; i += 1) await more.browser.submit(more.page, '/ikinci-adim', { kod: '12' });
    }
    const after = await browser.submit(page, '/ikinci-adim', { kod: stand.totp(persons.twoStep) });
    expect(after).toMatchObject({ status: 403, page: 'error', code: 'number-locked' });
    expect((await atSecondStep()).page).toMatchObject({ page: 'password', code: 'number-locked' });
  });

  it('cannot be had without a password before', async () => {
    const browser = stand.browser();
    const page = await browser.open(stand.authorizePath());
    const [, giris = ''] = /name="giris" value="([^"]*)"/.exec(page.text) ?? [];
    const body = new URLSearchParams({ giris, kod: stand.totp(persons.twoStep) }).toString();
    const after = await browser.send('/Giris/ikinci-adim', { method: 'POST', headers: FORM, body });
    expect([after.status, after.page]).toEqual([200, 'password']);
    expect(await lastRefused()).toBe('no-password-before');
  });

  it('is closed to a person whose record was closed meanwhile', async () => {
    const { browser, page } = await atSecondStep();
    await stand.control('PATCH', `/people/${persons.twoStep.kimlikNo}`, { durum: 'ölüm' });
    const after = await browser.submit(page, '/ikinci-adim', { kod: stand.totp(persons.twoStep) });
    await stand.control('PATCH', `/people/${persons.twoStep.kimlikNo}`, { durum: 'açık' });
    expect([after.status, after.page]).toEqual([200, 'password']);
  });
});

describe('a login belongs to one browser', () => {
  it('a form of another browser, or of none, is refused', async () => {
    const browser = stand.browser();
    const page = await browser.open(stand.authorizePath());
    const stranger = stand.browser();
    expect((await stranger.submit(page, '/gir', typed(persons.oneStep))).code).toBe('login-unknown');
    await stranger.open(stand.authorizePath());
    expect((await stranger.submit(page, '/gir', typed(persons.oneStep))).code).toBe('login-unknown');
    expect(await stand.lastSeen('edevlet')).toMatchObject({ action: 'login', refused: 'login-unknown' });
    returned(await browser.submit(page, '/gir', typed(persons.oneStep)));
  });

  it('a cookie that somebody else made up begins no login', async () => {
    const browser = stand.browser();
    browser.cookies.set('__Host-edevlet', 'A'.repeat(43));
    await browser.open(stand.authorizePath());
    expect(browser.cookies.get('__Host-edevlet')).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(browser.cookies.get('__Host-edevlet')).not.toBe('A'.repeat(43));
  });

  it('is over after ten minutes', async () => {
    const browser = stand.browser();
    const page = await browser.open(stand.authorizePath());
    offsetMs += 10 * 60_000;
    expect((await browser.submit(page, '/gir', typed(persons.oneStep))).code).toBe('login-unknown');
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/OAuth2AuthorizationServer/AuthorizationController?client_id=x',
  ])('the login page goes nowhere else: continue=%s', async (continueTo) => {
    const browser = stand.browser();
    await browser.open(stand.authorizePath());
    const query = new URLSearchParams({ oauthClientId: CLIENT.clientId, continue: continueTo });
    const page = await browser.get(`/Giris/gir?${query}`);
    expect(page).toMatchObject({ status: 400, page: 'error', code: 'login-unknown', location: undefined });
    expect(page.text).not.toContain('evil');
  });
});
