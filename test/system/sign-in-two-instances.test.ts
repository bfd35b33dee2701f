import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Form, formWith } from '../../mocks/sandbox/walk/read-page.js';
import { type Sibling, type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { type Actor, People, question } from '../support/system-people.js';
import { claimsOf, codeOf, mark, SigningIn } from '../support/system-sign-in.js';

type Person = ReturnType<People['nobody']>;

let system: System;
let signing: SigningIn;
let people: People;
let board: Actor;
let person: Person;
let other: Sibling;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 30 });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  board = people.actor('board');
  person = people.person(({ kimlikNo }) => kimlikNo === board.kimlikNo);
  other = await system.sibling(() => undefined);
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

const ask = (token: string, api?: string) =>
  system.call({
    token,
    body: question(board.cooperative, people.subject()),
    ...(api === undefined ? {} : { api }),
  });

describe('two instances behind one name', () => {
  it('a sign-in that was begun at one is finished at the other, step by step', async () => {
    const tab = signing.tab();
    const begun = signing.begin();
    const addresses = [system.sandbox.web, other.web];
    let turn = 0;
    const get = tab.ask.bind(tab);
    tab.ask = (...args) => {
      turn += 1;
      tab.at = addresses[turn % 2] as string;
      return get(...args);
    };
    const landed = await signing.signIn(tab, people.nobody(), begun);
    expect(turn).toBeGreaterThan(8);
    const { status } = await signing.token(signing.grant(begun, landed), 'koopbis-core', other.api);
    expect(status).toBe(200);
  });

  it('a code is good once, whichever of them is asked, and asked at both at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const begun = signing.begin();
      const grant = signing.grant(begun, await signing.signIn(signing.tab(), person, begun));
      const both = await Promise.all([signing.token(grant), signing.token(grant, 'koopbis-core', other.api)]);
      expect(both.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
      expect(both.filter(({ status }) => status >= 500)).toEqual([]);
    }
  });

  it('a token of one is good at the other, and is refreshed there', async () => {
    const { accessToken, refreshToken } = await signing.tokens(person);
    expect((await ask(accessToken, other.api)).body.outcome).toBe('match');
    const fields = { grant_type: 'refresh_token', client_id: 'koopbis-core', refresh_token: refreshToken };
    const renewed = await signing.token(fields, 'koopbis-core', other.api);
    expect(renewed.status).toBe(200);
    expect((await ask(renewed.body.access_token)).body.outcome).toBe('match');
  });

  it('a state is used once, at whichever of them', async () => {
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, person);
    const there = signing.tab(other.web);
    Object.assign(there, { jar: tab.jar });
    const answers = await Promise.all([tab.get(callback), there.get(callback)]);
    const codes = answers.map(({ content }) => content.code);
    expect(codes.filter((code) => code === 'SIGN_IN_STATE_INVALID')).toHaveLength(1);
    expect(codes.filter((code) => code === null)).toHaveLength(1);
  });

  it('a session that is ended at one is dead at the other at once', async () => {
    const { tab, accessToken } = await signing.tokens(person);
    expect((await ask(accessToken)).status).toBe(200);
    tab.at = other.web;
    const asked = await tab.get('/oidc/session/end');
    const [form] = asked.content.forms;
    await tab.submit(asked, form as NonNullable<typeof form>);
    expect((await ask(accessToken)).body.code).toBe('TOKEN_INVALID');
    expect((await ask(accessToken, other.api)).body.code).toBe('TOKEN_INVALID');
    tab.at = system.sandbox.web;
    expect((await tab.get('/hesabim')).location?.pathname).toBe('/oidc/auth');
  });

  it('a code of the second step is good once, shown at both of them at once', async () => {
    const officer = people.person(({ is }) => is.includes('administrator'));
    const asked = { acr_values: 'urn:koopbis:acr:step-up' };
    const pages = [];
    for (const tab of [signing.tab(), signing.tab(other.web)]) {
      await signing.signIn(tab, officer);
      const page = await signing.onward(tab, signing.begin('koopbis-core', asked).url);
      expect(mark(page)).toEqual([200, 'step-up', null]);
      pages.push({ tab, page, form: formWith(page.content, 'kod') as Form });
    }
    const kod = codeOf(officer.stepUpTotp as string);
    const from = await signing.size();
    const shown = await Promise.all(pages.map(({ tab, page, form }) => tab.submit(page, form, { kod })));
    expect(shown.map(({ content }) => content.code).sort()).toEqual(['STEP_UP_REPLAYED_CODE', null].sort());
    const kinds = (await signing.entries(from)).map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['step-up.refused', 'step-up.succeeded']);
  });

  it('both publish the same keys, and each signs with one of them', async () => {
    const tab = signing.tab();
    const [here, there] = [await tab.get('/oidc/jwks'), await signing.tab(other.web).get('/oidc/jwks')];
    const keys = (text: string) =>
      JSON.parse(text)
        .keys.map(({ kid }: { kid: string }) => kid)
        .sort();
    expect(keys(here.text)).toEqual(keys(there.text));
    expect(JSON.parse(here.text).keys.every((key: object) => !('d' in key))).toBe(true);
    for (const api of [system.sandbox.api, other.api]) {
      const begun = signing.begin();
      const landed = await signing.signIn(signing.tab(), person, begun);
      const { body } = await signing.token(signing.grant(begun, landed), 'koopbis-core', api);
      const { kid } = JSON.parse(Buffer.from(body.id_token.split('.')[0], 'base64url').toString('utf8'));
      expect(keys(here.text)).toContain(kid);
      expect(claimsOf(body.id_token)).toMatchObject({ iss: system.sandbox.web, nonce: begun.nonce });
    }
    const made = (await signing.entries()).filter(({ kind }) => kind === 'sign-in.key-changed');
    expect(made).toHaveLength(1);
  });
});

describe('a bridge that is killed in the middle of a sign-in', () => {
  const used = async (): Promise<number> =>
    (await system.sql('SELECT count(used_at)::int AS n FROM bridge.upstream_state'))[0].n;

  it('kill -9 between e-Devlet and the return: the person finishes after the restart', async () => {
    const tab = signing.tab();
    const begun = signing.begin();
    const callback = await signing.callbackOf(tab, person, begun.url);
    await system.bridge.kill9();
    await system.bridge.start();
    const end = await signing.onward(tab, callback);
    const { status, body } = await signing.token(signing.grant(begun, end.location as URL));
    expect(status).toBe(200);
    expect((await ask(body.access_token)).status).toBe(200);
  });

  it('kill -9 while e-Devlet is asked: the state is used up, and the sign-in begins again from its own step', async () => {
    const tab = signing.tab();
    const begun = signing.begin();
    const callback = await signing.callbackOf(tab, person, begun.url);
    await system.control.fault({ system: 'edevlet', kind: 'hang', count: 1 });
    const before = await used();
    const lost = tab.get(callback).then(
      () => 'answered',
      () => 'cut off',
    );
    await until(async () => (await used()) > before);
    await system.bridge.kill9();
    await system.control.clear();
    await system.bridge.start();
    expect(await lost).toBe('cut off');
    const again = await tab.get(callback);
    expect(mark(again)).toEqual([403, 'refused', 'SIGN_IN_STATE_INVALID']);
    const landed = await signing.signIn(tab, person, begun);
    expect((await signing.token(signing.grant(begun, landed))).status).toBe(200);
  });

  it('kill -9 with sessions open: they go on after the restart, and so do their tokens', async () => {
    const { tab, accessToken } = await signing.tokens(person);
    await system.bridge.kill9();
    await system.bridge.start();
    expect((await ask(accessToken)).body.outcome).toBe('match');
    expect((await tab.get('/hesabim')).status).toBe(200);
  });

  it('no instance: nobody is signed in by anything that stood by', async () => {
    const tab = signing.tab(other.web);
    await other.kill9();
    await expect(tab.get('/hesabim')).rejects.toThrow();
    await other.start();
    expect((await tab.get('/hesabim')).location?.pathname).toBe('/oidc/auth');
  });
});
