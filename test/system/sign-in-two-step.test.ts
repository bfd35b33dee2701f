import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sibling, type System, startSystem, type Yaml } from '../support/system.js';
import { type Answer, VERIFICATIONS } from '../support/system-call.js';
import { People, question } from '../support/system-people.js';
import { claimsOf, mark, retryOf, type Shown, SigningIn, type Tab } from '../support/system-sign-in.js';

const FAR = '2099-01-01';
const YESTERDAY = new Date(Date.now() - 86_400_000 * 2).toISOString().slice(0, 10);

let system: System;
let signing: SigningIn;
let people: People;
/** The rule is announced there; the day is far. */
let announced: Sibling;
/** Neither in force nor announced. */
let before: Sibling;
let secondStepOff: ReturnType<People['nobody']>;
let secondStepOn: ReturnType<People['nobody']>;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 30 });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  const rule = (twoStep: object) => (yaml: Yaml) => {
    yaml.edevlet.twoStep = twoStep;
  };
  announced = await system.sibling(rule({ inForceFrom: FAR, announcedFrom: YESTERDAY }));
  before = await system.sibling(rule({ inForceFrom: FAR }));
  secondStepOff = people.person(
    (one) =>
      one.edevletTotp === null && one.durum === 'açık' && one.is.some((role) => role.startsWith('board:')),
  );
  secondStepOn = people.nobody();
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

/** Refused with its page, written down about the person, and nothing opened. */
async function refused(tab: Tab, callback: URL, judged: object): Promise<Shown> {
  const from = await signing.size();
  const sessions = await system.sql('SELECT count(*)::int AS n FROM bridge.sign_in_session');
  const page = await tab.get(callback);
  expect(mark(page)).toEqual([403, 'refused', 'TWO_STEP_REQUIRED']);
  const entries = await signing.entries(from);
  expect(entries.map(({ kind }) => kind)).toEqual(['two-step.judged', 'session.refused']);
  expect(entries[0]?.data).toMatchObject({
    judged: 'no-two-step-refused',
    inForceFrom: '2025-07-31',
    ...judged,
  });
  expect(entries[1]?.data).toMatchObject({ client: 'koopbis-core', reason: 'two-step-required' });
  expect(await system.sql('SELECT count(*)::int AS n FROM bridge.sign_in_session')).toEqual(sessions);
  return page;
}

describe('two steps or no session', () => {
  it('a sign-in without two steps is refused with TWO_STEP_REQUIRED, the raw level kept, and nothing is lost', async () => {
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, secondStepOff);
    const page = await refused(tab, callback, { level: '1', method: 'password', twoStep: 'no' });
    expect(page.text.indexOf('iki aşamalı giriş')).toBeGreaterThan(0);
    expect(page.text).toContain('https://www.turkiye.gov.tr/');
    // The same sign-in goes on once the second step is on: by the button of the page.
    await system.control.patchPerson(secondStepOff.kimlikNo, { edevletTotp: secondStepOn.edevletTotp });
    const again = { ...secondStepOff, edevletTotp: secondStepOn.edevletTotp };
    const end = await signing.onward(tab, await signing.callbackOf(tab, again, retryOf(page)));
    expect(end.location?.searchParams.get('code')).toBeTruthy();
    await system.control.patchPerson(secondStepOff.kimlikNo, { edevletTotp: null });
  });

  it('an unknown level counts as none: refused, and kept as it came', async () => {
    await system.control.patchPerson(secondStepOn.kimlikNo, { level: '77' });
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, secondStepOn);
    await refused(tab, callback, { level: '77', method: 'unknown', twoStep: 'unknown' });
    await system.control.patchPerson(secondStepOn.kimlikNo, { level: '2' });
  });

  it('no level at all counts as none', async () => {
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, secondStepOn);
    await system.control.fault({ system: 'edevlet', kind: 'no-level', count: 1 });
    await refused(tab, callback, { level: null, method: 'unknown', twoStep: 'unknown' });
    await system.control.clear();
  });

  it.each([
    ['bank', '6', 'refused'],
    ['mobile-signature', '3', 'let in'],
    ['e-signature', '4', 'let in'],
    ['id-card', '5', 'let in'],
  ])('a sign-in by %s (level %s) is %s', async (method, level, what) => {
    await system.control.patchPerson(secondStepOn.kimlikNo, { level });
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, secondStepOn);
    if (what === 'refused') await refused(tab, callback, { level, method, twoStep: 'no' });
    else expect((await signing.onward(tab, callback)).location?.searchParams.get('code')).toBeTruthy();
    await system.control.patchPerson(secondStepOn.kimlikNo, { level: '2' });
  });

  it('nobody who was refused has a session in that browser: the next application asks e-Devlet again', async () => {
    const tab = signing.tab();
    await tab.get(await signing.callbackOf(tab, secondStepOff));
    expect(mark(await signing.toEdevlet(tab, signing.begin('koopbis-reports').url))[1]).toBe('password');
    expect((await tab.get('/hesabim')).location?.pathname).toBe('/oidc/auth');
  });
});

describe('before the date', () => {
  /** Signs the person in through `instance` up to the first page behind e-Devlet. */
  async function firstPage(instance: Sibling) {
    const tab = signing.tab(instance.web);
    const begun = signing.begin();
    const callback = await signing.callbackOf(tab, secondStepOff, begun.url);
    let page = await tab.follow(await tab.get(callback), ({ origin }) => origin !== system.sandbox.web);
    const [notice] = page.content.forms;
    if (page.content.page === 'notice' && notice !== undefined)
      page = await tab.follow(await tab.submit(page, notice));
    return { tab, begun, page };
  }

  const ask = (token: string, api?: string): Promise<Answer> => {
    const cooperative =
      secondStepOff.is.find((one) => one.startsWith('board:'))?.slice('board:'.length) ?? '';
    const body = question(cooperative, people.subject());
    return system.call({ token, body, path: VERIFICATIONS, ...(api === undefined ? {} : { api }) });
  };

  it.each([
    ['announced', 'with a warning that names its day', 'no-two-step-announced', () => announced],
    ['neither announced nor in force', 'without a word', 'no-two-step-before-rule', () => before],
  ])(
    'a rule that is %s lets in, %s: the ID token says one step, the API works until that day',
    async (_name, _how, judged, instance) => {
      const from = await signing.size();
      const { tab, begun, page } = await firstPage(instance());
      const isWarned = judged === 'no-two-step-announced';
      if (isWarned) expect(mark(page).slice(0, 2)).toEqual([200, 'announced']);
      expect(page.text.includes('2099')).toBe(isWarned);
      const [opened] = (await signing.entries(from)).filter(({ kind }) => kind === 'session.opened');
      const [seen] = (await signing.entries(from)).filter(({ kind }) => kind === 'two-step.judged');
      expect(seen?.data).toMatchObject({ judged, level: '1', twoStep: 'no', inForceFrom: FAR });
      const { status, body } = await signing.token(
        signing.grant(begun, (page.location ?? (await signing.onward(tab, page)).location) as URL),
        'koopbis-core',
        instance().api,
      );
      expect(status).toBe(200);
      const { acr, amr } = claimsOf(body.id_token);
      expect(acr).toBe(opened?.data.acr);
      expect(acr).not.toMatch(/two-step|step-up/);
      expect(amr).not.toContain('mfa');
      expect(await ask(body.access_token, instance().api)).toMatchObject({ status: 200 });
      // The same session where the day has come.
      const late = await ask(body.access_token);
      expect([late.status, late.body.code]).toEqual([403, 'TWO_STEP_REQUIRED']);
      tab.at = system.sandbox.web;
      expect((await tab.get('/hesabim')).location?.pathname).toBe('/oidc/auth');
    },
  );

  it('whoever has two steps sees no warning', async () => {
    const tab = signing.tab(announced.web);
    const landed = await signing.signIn(
      tab,
      people.person((one) => one.is.includes('finance')),
    );
    expect(landed.searchParams.get('code')).toBeTruthy();
  });
});

it('operators see how sign-ins end, by code and nothing else', async () => {
  const text = await (await fetch(`${system.sandbox.ops}/metrics`)).text();
  const count = (result: string) =>
    Number(new RegExp(`^bridge_sign_ins_total\\{result="${result}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  expect(count('opened')).toBeGreaterThanOrEqual(3);
  expect(count('TWO_STEP_REQUIRED')).toBeGreaterThanOrEqual(3);
  expect(count('UPSTREAM_UNAVAILABLE')).toBe(0);
});

it('each refusal is audited about its person, none of them only counted', async () => {
  const counts = await signing.counted();
  expect(counts.get('TWO_STEP_REQUIRED')).toBeUndefined();
  const refusals = (await signing.entries()).filter(({ kind }) => kind === 'session.refused');
  expect(refusals).toHaveLength(5);
});
