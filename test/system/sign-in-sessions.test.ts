import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signIn } from '../../mocks/sandbox/sign-in.js';
import { type System, startSystem } from '../support/system.js';
import { until } from '../support/system-asking.js';
import { bridgeCommand } from '../support/system-command.js';
import { type Actor, People, question } from '../support/system-people.js';
import { claimsOf, mark, SigningIn, secret, type Tab } from '../support/system-sign-in.js';

type Person = ReturnType<People['nobody']>;

let system: System;
let signing: SigningIn;
let people: People;
let board: Actor;
let person: Person;
let admin: Person;

beforeAll(async () => {
  system = await startSystem({ people: 400, cooperatives: 40 });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  board = people.actor('board');
  person = people.person(({ kimlikNo }) => kimlikNo === board.kimlikNo);
  admin = people.person(({ is }) => is.includes('administrator'));
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

const ask = (token: string, cooperative = board.cooperative, about: object = {}) =>
  system.call({ token, body: question(cooperative, people.subject(), about) });

/** Living a moment ago; worth nothing now, wherever it is shown, and neither is what could renew it. */
async function isOver(session: { tab: Tab; accessToken: string; refreshToken: string }, reason: string) {
  const from = await signing.size();
  const answer = await ask(session.accessToken);
  expect([answer.status, answer.body.code, answer.body.reason]).toEqual([401, 'TOKEN_INVALID', undefined]);
  const refused = (await signing.entries(from)).filter(({ kind }) => kind === 'query.refused');
  expect(refused.map(({ data }) => data.reason)).toEqual(['session-ended']);
  const fields = { grant_type: 'refresh_token', client_id: 'koopbis-core' };
  const renewed = await signing.token({ ...fields, refresh_token: session.refreshToken });
  expect([renewed.status, renewed.body.error]).toEqual([400, 'invalid_grant']);
  // The browser is nobody's: the next application asks e-Devlet.
  expect((await session.tab.get('/hesabim')).location?.pathname).toBe('/oidc/auth');
  const kinds = (await signing.entries()).filter(({ kind }) => kind === 'session.ended');
  expect(kinds.at(-1)?.data.reason).toBe(reason);
}

async function living() {
  const tokens = await signing.tokens(person);
  expect((await ask(tokens.accessToken)).status).toBe(200);
  const [row] = await system.sql(
    'SELECT session_id FROM bridge.sign_in_session ORDER BY opened_at DESC LIMIT 1',
  );
  return { ...tokens, sessionId: row.session_id as string };
}

describe('a token is dead', () => {
  it('after its person has signed out (RP-initiated), at once and for every application', async () => {
    const session = await living();
    const out = await session.tab.get(
      `/oidc/session/end?${new URLSearchParams({ id_token_hint: session.idToken, client_id: 'koopbis-core' })}`,
    );
    expect(mark(out).slice(0, 2)).toEqual([200, 'sign-out']);
    // Being asked is not yet signing out: an image on another page must not end sessions.
    expect((await ask(session.accessToken)).status).toBe(200);
    const [form] = out.content.forms;
    const done = await session.tab.follow(
      await session.tab.submit(out, form as NonNullable<typeof form>),
      ({ origin }) => origin !== system.sandbox.web,
    );
    expect([done.status, done.content.page]).toEqual([200, 'signed-out']);
    await isOver(session, 'signed-out');
  });

  it('after its person has ended the session from another browser', async () => {
    const session = await living();
    const other = await living();
    const account = await other.tab.get('/hesabim');
    const form = account.content.forms.find(({ fields }) =>
      fields.some(([name, value]) => name === 'oturum' && value === session.sessionId),
    );
    const from = await signing.size();
    await other.tab.submit(account, form as NonNullable<typeof form>);
    expect((await signing.entries(from)).map(({ kind }) => kind).slice(0, 2)).toEqual([
      'session.end-ordered',
      'session.ended',
    ]);
    await isOver(session, 'ended-by-person');
    expect((await ask(other.accessToken)).status).toBe(200);
  });

  it('after an administrator has ended the session: bridge sessions end', async () => {
    const session = await living();
    const token = await signIn(system.sandbox, admin.kimlikNo, { client: 'koopbis-core', stepUp: true });
    const from = await signing.size();
    const ran = await bridgeCommand(
      system,
      ['sessions', 'end', session.sessionId],
      `${token}\n${JSON.stringify({ reason: 'Ekran açık bırakıldı' })}`,
    );
    expect(ran).toMatchObject({ code: 0, err: '' });
    const entries = await signing.entries(from);
    expect(entries.map(({ kind }) => kind)).toEqual([
      'command.run',
      'command.acted',
      'session.end-ordered',
      'session.ended',
    ]);
    expect(entries[2]?.data).toMatchObject({ session: session.sessionId, reason: 'Ekran açık bırakıldı' });
    await isOver(session, 'ended-by-administrator');
  });

  it('after the idle limit, and the end is written down by itself', async () => {
    const session = await living();
    await system.sql(
      "UPDATE bridge.sign_in_session SET idle_until = now() - interval '1 second' WHERE session_id = $1",
      [session.sessionId],
    );
    const answer = await ask(session.accessToken);
    expect([answer.status, answer.body.code]).toEqual([401, 'TOKEN_INVALID']);
    await until(async () => (await signing.entries()).some(ended(session.sessionId)), 20_000);
    await isOver(session, 'idle');
  });

  it('after the absolute limit, whatever use was made of it', async () => {
    const session = await living();
    await system.sql(
      "UPDATE bridge.sign_in_session SET expires_at = now() - interval '1 second', idle_until = now() - interval '1 second' WHERE session_id = $1",
      [session.sessionId],
    );
    expect((await ask(session.accessToken)).body.code).toBe('TOKEN_INVALID');
    await until(async () => (await signing.entries()).some(ended(session.sessionId)), 20_000);
    await isOver(session, 'expired');
  });

  it('after another sign-in in the same browser: nothing of the old session goes on unseen', async () => {
    const session = await living();
    const begun = signing.begin('koopbis-core', { prompt: 'login' });
    await signing.signIn(session.tab, person, begun);
    expect((await ask(session.accessToken)).body.code).toBe('TOKEN_INVALID');
    const [last] = (await signing.entries()).filter(ended(session.sessionId));
    expect(last?.data.reason).toBe('signed-in-again');
  });
});

const ended = (sessionId: string) => (entry: { kind: string; data: { session?: string } }) =>
  entry.kind === 'session.ended' && entry.data.session === sessionId;

describe('a right is gone with its role', () => {
  it('which a registry takes away: the same token opens nothing any more', async () => {
    const { kimlikNo, role } = people.staff((one) => one.startsWith('directorate:'));
    const [ministry, il] = role.slice('directorate:'.length).split('/');
    const own = people.cooperative((one) => one.ilgiliBakanlik === ministry && one.il === il);
    const staff = people.person((one) => one.kimlikNo === kimlikNo);
    const { accessToken } = await signing.tokens(staff);
    const check = () => ask(accessToken, own.mersisNo, { purpose: 'resen-kontrol' });
    expect((await check()).status).toBe(200);
    await system.control.patchPerson(kimlikNo, { is: ['nobody'] });
    await until(async () => (await check()).status !== 200);
    // It was the last one: the session has gone with it, in the same transaction.
    expect((await check()).body.code).toBe('TOKEN_INVALID');
    const ends = (await signing.entries()).filter(({ kind }) => kind === 'session.ended');
    expect(ends.at(-1)?.data.reason).toBe('authority-lost');
    const from = await signing.size();
    const anew = await signing.tokens(staff);
    const answer = await ask(anew.accessToken, own.mersisNo, { purpose: 'resen-kontrol' });
    expect([answer.status, answer.body.code]).toEqual([403, 'NOT_AUTHORISED_FOR_COOPERATIVE']);
    const [refused] = (await signing.entries(from)).filter(({ kind }) => kind === 'query.refused');
    expect(refused?.data).toMatchObject({ code: 'NOT_AUTHORISED_FOR_COOPERATIVE' });
    expect((await signing.entries()).some(({ kind }) => kind === 'role.revoked')).toBe(true);
  });

  it('which an administrator takes away: bridge roles revoke', async () => {
    const nobody = people.nobody();
    const token = await signIn(system.sandbox, admin.kimlikNo, { client: 'koopbis-core', stepUp: true });
    const run = (what: string) =>
      bridgeCommand(system, ['roles', what, 'log-inspector'], `${token}\n${nobody.kimlikNo}`);
    expect(await run('grant')).toMatchObject({ code: 0, err: '' });
    const { accessToken } = await signing.tokens(nobody);
    const list = (shown: string) => bridgeCommand(system, ['roles', 'list'], shown);
    expect(await list(accessToken)).toMatchObject({ code: 0, err: '' });
    expect(await run('revoke')).toMatchObject({ code: 0, err: '' });
    const refused = (code: string) => ({ code: 1, err: expect.stringMatching(`^${code}: `) });
    expect(await list(accessToken)).toMatchObject(refused('TOKEN_INVALID'));
    const anew = await signing.tokens(nobody);
    expect(await list(anew.accessToken)).toMatchObject(refused('ROLE_REQUIRED'));
    const decided = (await signing.entries()).filter(({ kind }) => kind === 'role.decided');
    expect(decided.map(({ data }) => [data.decision, data.role])).toEqual([
      ['granted', 'log-inspector'],
      ['revoked', 'log-inspector'],
    ]);
  });
});

describe('session fixation', () => {
  const cookiesOf = (tab: Tab) => tab.jar.header(new URL('/', system.sandbox.web))?.split('; ') ?? [];
  /** The account page in a browser that has these cookies and nothing else. */
  const withCookies = (cookies: readonly string[]) => {
    const tab = signing.tab();
    const headers = cookies.map((one) => `${one}; Path=/; Secure`);
    tab.jar.take(new URL(system.sandbox.web), headers, Date.now());
    return tab.get('/hesabim');
  };

  it('cookies that an attacker planted before the sign-in are worth nothing after it', async () => {
    const [attacker, victim] = [signing.tab(), signing.tab()];
    // The attacker begins, and plants everything that this gave into the victim's browser.
    const begun = signing.begin();
    await signing.toEdevlet(attacker, begun.url);
    const url = new URL(system.sandbox.web);
    victim.jar.take(
      url,
      attacker.cookies.map((one) => `${one}; Path=/; Secure; HttpOnly`),
      Date.now(),
    );
    victim.jar.take(url, [`__Host-koopbis=${secret()}; Path=/; Secure`], Date.now());
    await signing.signIn(victim, person);
    expect((await victim.get('/hesabim')).status).toBe(200);
    // What the attacker holds is nobody's session.
    expect((await attacker.get('/hesabim')).location?.pathname).toBe('/oidc/auth');
    const page = await attacker.follow(await attacker.get(signing.begin().url));
    expect(signing.isAtEdevlet(page.url)).toBe(true);
  });

  it('the session’s cookies are new ones with each sign-in, and those before sign nobody in', async () => {
    const tab = signing.tab();
    await signing.signIn(tab, person);
    const first = cookiesOf(tab);
    expect((await withCookies(first)).status).toBe(200);
    await signing.signIn(tab, person, signing.begin('koopbis-core', { prompt: 'login' }));
    expect(cookiesOf(tab)).not.toEqual(first);
    expect((await withCookies(cookiesOf(tab))).status).toBe(200);
    expect((await withCookies(first)).location?.pathname).toBe('/oidc/auth');
  });

  it('a cookie whose signature is wrong, or that has none, signs nobody in', async () => {
    const tab = signing.tab();
    await signing.signIn(tab, person);
    const all = cookiesOf(tab);
    const without = all.filter((one) => !one.startsWith('__Host-koopbis.sig='));
    expect([without.length, (await withCookies(all)).status]).toEqual([all.length - 1, 200]);
    const wrong = [...without, `__Host-koopbis.sig=${secret().slice(0, 27)}`];
    for (const planted of [without, wrong])
      expect((await withCookies(planted)).location?.pathname).toBe('/oidc/auth');
  });

  it('every cookie of a sign-in is out of reach of scripts, of plain HTTP and of other sites’ forms', async () => {
    const tab = signing.tab();
    const seen: string[] = [];
    const get = tab.ask.bind(tab);
    tab.ask = async (...args) => {
      const shown = await get(...args);
      if (shown.url.origin === system.sandbox.web) seen.push(...[shown.headers['set-cookie'] ?? []].flat());
      return shown;
    };
    await signing.signIn(tab, person);
    expect(seen.length).toBeGreaterThan(3);
    for (const header of seen) {
      const parts = header.split(';').map((part) => part.trim().toLowerCase());
      expect(parts).toEqual(expect.arrayContaining(['secure', 'httponly', 'samesite=lax']));
      expect(parts.some((part) => part.startsWith('domain='))).toBe(false);
    }
  });
});

describe('applications', () => {
  it('get another sub for the same person each, and the same one again', async () => {
    const subs = [];
    for (const client of ['koopbis-core', 'union-portal', 'koopbis-core'] as const) {
      const { idToken } = await signing.tokens(person, { tab: signing.tab(), client });
      subs.push(claimsOf(idToken).sub);
    }
    expect(subs[0]).toBe(subs[2]);
    expect(subs[0]).not.toBe(subs[1]);
    expect(subs.join()).not.toContain(person.kimlikNo);
  });

  it('share one session of the browser, and each that joins is an entry', async () => {
    const { tab } = await signing.tokens(person);
    const from = await signing.size();
    const begun = signing.begin('union-portal');
    const landed = await signing.onward(tab, begun.url);
    expect((await signing.token(signing.grant(begun, landed.location as URL), 'union-portal')).status).toBe(
      200,
    );
    const entries = await signing.entries(from);
    expect(entries.map(({ kind, data }) => [kind, data.client])).toEqual([
      ['session.joined', 'union-portal'],
    ]);
  });

  it('get nothing of a person without having asked for it in their registration', async () => {
    const begun = signing.begin('union-portal', { scope: 'openid kimlik' });
    const tab = signing.tab();
    const shown = await tab.follow(await tab.get(begun.url), ({ origin }) => origin !== system.sandbox.web);
    const isRefused = shown.location?.searchParams.get('error') === 'invalid_scope';
    expect([isRefused, shown.content.code]).toEqual([true, null]);
  });
});
