import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type System, startSystem } from '../support/system.js';
import { type Actor, People, question } from '../support/system-people.js';
import { type Begun, type ClientName, mark, SigningIn, secret, type Tab } from '../support/system-sign-in.js';

type Person = ReturnType<People['nobody']>;

let system: System;
let signing: SigningIn;
let people: People;
let board: Actor;
let person: Person;

beforeAll(async () => {
  system = await startSystem({ people: 300, cooperatives: 30 });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  board = people.actor('board');
  person = people.person(({ kimlikNo }) => kimlikNo === board.kimlikNo);
});
afterAll(async () => {
  await signing?.close();
  await system?.stop();
});

/** A code of the person's own sign-in, for the application that asked. */
async function code(client: ClientName = 'koopbis-core'): Promise<{ begun: Begun; landed: URL }> {
  const begun = signing.begin(client);
  const landed = await signing.signIn(signing.tab(), person, begun);
  expect(landed.searchParams.get('state')).toBe(begun.state);
  return { begun, landed };
}

/** Refused as RFC 6749 has it, and an entry under the client that tried. */
async function noToken(
  fields: Record<string, string>,
  as: ClientName,
  wanted: { status?: number; error: string; client: string; reason: string },
): Promise<void> {
  const from = await signing.size();
  const { status, body, text } = await signing.token(fields, as);
  expect([status, body?.error]).toEqual([wanted.status ?? 400, wanted.error]);
  expect(text).not.toContain('access_token');
  const entries = (await signing.entries(from)).filter(({ kind }) => kind === 'token.refused');
  const { client, error, reason } = wanted;
  expect(entries.map(({ data }) => data)).toEqual([expect.objectContaining({ client, error, reason })]);
}

const ask = (token: string, client: ClientName = 'koopbis-core') =>
  system.call({ token, client, body: question(board.cooperative, people.subject()) });

describe('a code', () => {
  it('is good once, for the application that asked', async () => {
    const { begun, landed } = await code();
    const { status, body } = await signing.token(signing.grant(begun, landed));
    expect([status, body.token_type]).toEqual([200, 'Bearer']);
    expect((await ask(body.access_token)).body.outcome).toBe('match');
  });

  it('that was stolen by another registered client is refused: invalid_grant', async () => {
    const { begun, landed } = await code();
    const stolen = { ...signing.grant(begun, landed), client_id: 'union-portal' };
    await noToken(stolen, 'union-portal', {
      error: 'invalid_grant',
      client: 'union-portal',
      reason: 'issued-to-other-client',
    });
  });

  it('shown by another client under the name of the right one is refused: invalid_client', async () => {
    const { begun, landed } = await code();
    await noToken(signing.grant(begun, landed), 'union-portal', {
      status: 401,
      error: 'invalid_client',
      client: 'union-portal',
      reason: 'certificate-of-other-client',
    });
  });

  it('without its verifier, or with another one, is refused', async () => {
    const { begun, landed } = await code();
    const { code_verifier: _verifier, ...without } = signing.grant(begun, landed);
    await noToken(without, 'koopbis-core', {
      error: 'invalid_grant',
      client: 'koopbis-core',
      reason: 'pkce-failed',
    });
    const other = await code();
    await noToken({ ...signing.grant(other.begun, other.landed), code_verifier: secret() }, 'koopbis-core', {
      error: 'invalid_grant',
      client: 'koopbis-core',
      reason: 'pkce-failed',
    });
  });

  it('for another address to return to is refused', async () => {
    const { begun, landed } = await code();
    const elsewhere = {
      ...signing.grant(begun, landed),
      redirect_uri: new URL('/donus', begun.redirectUri).href,
    };
    await noToken(elsewhere, 'koopbis-core', {
      error: 'invalid_grant',
      client: 'koopbis-core',
      reason: 'redirect-uri-mismatch',
    });
  });

  it('that is replayed is refused, and the token that it gave dies with it', async () => {
    const { begun, landed } = await code();
    const { body } = await signing.token(signing.grant(begun, landed));
    expect((await ask(body.access_token)).status).toBe(200);
    await noToken(signing.grant(begun, landed), 'koopbis-core', {
      error: 'invalid_grant',
      client: 'koopbis-core',
      reason: 'used-before',
    });
    await isDead(body.access_token, 'token-expired');
    const refreshed = {
      grant_type: 'refresh_token',
      client_id: 'koopbis-core',
      refresh_token: body.refresh_token,
    };
    expect((await signing.token(refreshed)).status).toBe(400);
  });

  it('shown ten times at once gives one token at the most', async () => {
    const { begun, landed } = await code();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => signing.token(signing.grant(begun, landed))),
    );
    expect(all.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(all.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('that has expired is refused', async () => {
    const quick = await system.sibling((yaml) => {
      yaml.signIn.codeSeconds = 5;
    });
    const begun = signing.begin();
    const landed = await signing.signIn(signing.tab(quick.web), person, begun);
    await sleep(6_500);
    await noToken(signing.grant(begun, landed), 'koopbis-core', {
      error: 'invalid_grant',
      client: 'koopbis-core',
      reason: 'expired',
    });
  });

  it('is exchanged over no listener that asks for no certificate: web refuses', async () => {
    const { begun, landed } = await code();
    const { status, body } = await signing.token(signing.grant(begun, landed), null);
    expect([status, body?.error]).toEqual([401, 'invalid_client']);
  });

  it('is exchanged by nobody who is not registered: CLIENT_CERTIFICATE_UNKNOWN', async () => {
    const { begun, landed } = await code();
    const { status, body } = await signing.token(signing.grant(begun, landed), 'stranger');
    expect([status, body.code]).toEqual([403, 'CLIENT_CERTIFICATE_UNKNOWN']);
    await expect(signing.token(signing.grant(begun, landed), 'foreign-ca')).rejects.toThrow();
  });
});

describe('the return from e-Devlet', () => {
  /** Refused on its page; the person has no session in this browser. */
  async function noSession(tab: Tab, callback: URL, status: number, expected: string): Promise<void> {
    const sessions = await system.sql('SELECT count(*)::int AS n FROM bridge.sign_in_session');
    const seen = (await system.control.seen('edevlet')).length;
    expect(mark(await tab.get(callback))).toEqual([status, 'refused', expected]);
    expect(await system.sql('SELECT count(*)::int AS n FROM bridge.sign_in_session')).toEqual(sessions);
    // The code never went to e-Devlet.
    expect((await system.control.seen('edevlet')).length).toBe(seen);
  }

  it('with a state that was used is refused: SIGN_IN_STATE_INVALID', async () => {
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, person);
    await tab.get(callback);
    await noSession(tab, callback, 403, 'SIGN_IN_STATE_INVALID');
  });

  it('with a state of another browser is refused, and does not use it up', async () => {
    const own = signing.tab();
    const callback = await signing.callbackOf(own, person);
    await noSession(signing.tab(), callback, 403, 'SIGN_IN_STATE_INVALID');
    const other = signing.tab();
    await signing.toEdevlet(other, signing.begin().url);
    await noSession(other, callback, 403, 'SIGN_IN_STATE_INVALID');
    const end = await signing.onward(own, callback);
    expect(end.location?.searchParams.get('code')).toBeTruthy();
  });

  it('with a code that nobody asked for is refused: SIGN_IN_UNSOLICITED', async () => {
    const back = new URL(`/giris/donus?code=${secret()}`, system.sandbox.web);
    await noSession(signing.tab(), back, 403, 'SIGN_IN_UNSOLICITED');
    const tab = signing.tab();
    await signing.toEdevlet(tab, signing.begin().url);
    await noSession(tab, back, 403, 'SIGN_IN_UNSOLICITED');
  });

  it('with a state that nobody made is refused', async () => {
    const tab = signing.tab();
    await signing.toEdevlet(tab, signing.begin().url);
    const made = new URL(`/giris/donus?code=${secret()}&state=${secret()}`, system.sandbox.web);
    await noSession(tab, made, 403, 'SIGN_IN_STATE_INVALID');
  });

  it('with a state that is too old is refused', async () => {
    const tab = signing.tab();
    const callback = await signing.callbackOf(tab, person);
    await system.sql("UPDATE bridge.upstream_state SET expires_at = now() - interval '1 second'");
    await noSession(tab, callback, 403, 'SIGN_IN_STATE_INVALID');
  });

  it('with the state of another browser’s trip put beside one’s own code is refused', async () => {
    const [attacker, victim] = [signing.tab(), signing.tab()];
    const stolen = await signing.callbackOf(attacker, people.nobody());
    const own = await signing.callbackOf(victim, person);
    own.searchParams.set('state', stolen.searchParams.get('state') ?? '');
    await noSession(victim, own, 403, 'SIGN_IN_STATE_INVALID');
  });
});

/** Worth nothing on the API, whose entry under the client of the certificate alone says why: `reason`. */
async function isDead(
  token: string,
  reason: string | null,
  client: ClientName = 'koopbis-core',
): Promise<void> {
  const from = await signing.size();
  const answer = await ask(token, client);
  expect([answer.status, answer.body.code]).toEqual([401, 'TOKEN_INVALID']);
  expect(answer.body).not.toHaveProperty('reason');
  const refused = (await signing.entries(from)).filter(({ kind }) => kind === 'query.refused');
  expect(refused.map(({ data }) => data)).toEqual([
    expect.objectContaining({ client, code: 'TOKEN_INVALID', reason, actor: null }),
  ]);
}

describe('an access token', () => {
  const fresh = async () => (await signing.tokens(person)).accessToken;

  it('with another registered client’s certificate is refused: TOKEN_INVALID', async () => {
    await isDead(await fresh(), 'token-of-other-client', 'union-portal');
  });

  it('that has expired is refused: TOKEN_INVALID', async () => {
    const token = await fresh();
    expect((await ask(token)).status).toBe(200);
    await system.sql('UPDATE bridge.access_token SET expires_at = now()');
    await isDead(token, 'token-expired');
  });

  it('that nobody gave is refused, and so is a refresh token or an ID token in its place', async () => {
    const { refreshToken, idToken } = await signing.tokens(person);
    for (const token of [secret(), refreshToken]) await isDead(token, 'token-unknown');
    await isDead(idToken, null);
  });

  it('that was revoked by its application is refused at once', async () => {
    const token = await fresh();
    const { status } = await signing.asClient('koopbis-core', system.sandbox.api, '/oidc/token/revocation', {
      client_id: 'koopbis-core',
      token,
    });
    expect(status).toBe(200);
    await isDead(token, 'token-unknown');
  });
});

describe('a refresh token', () => {
  const refresh = (token: string, client: ClientName = 'koopbis-core', as = client) =>
    signing.token({ grant_type: 'refresh_token', client_id: client, refresh_token: token }, as);

  it('gives a new access token, bound to the certificate again, and is used up by that', async () => {
    const { refreshToken } = await signing.tokens(person);
    const renewed = await refresh(refreshToken);
    expect(renewed.status).toBe(200);
    expect((await ask(renewed.body.access_token)).status).toBe(200);
    await isDead(renewed.body.access_token, 'token-of-other-client', 'union-portal');
    const again = await refresh(refreshToken);
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
    // Somebody has it who should not: what came of it is dead too.
    expect((await refresh(renewed.body.refresh_token)).status).toBe(400);
    await isDead(renewed.body.access_token, 'token-expired');
  });

  it('that was stolen by another client is refused', async () => {
    const { refreshToken } = await signing.tokens(person);
    const from = await signing.size();
    const { status, body } = await refresh(refreshToken, 'union-portal');
    expect([status, body.error]).toEqual([400, 'invalid_grant']);
    const [entry] = (await signing.entries(from)).filter(({ kind }) => kind === 'token.refused');
    expect(entry?.data).toMatchObject({ client: 'union-portal', reason: 'issued-to-other-client' });
  });
});

it('what was refused without a name is audited as counts, each under its code', async () => {
  const counts = await signing.counted();
  expect(counts.get('SIGN_IN_STATE_INVALID')).toBe(6);
  expect(counts.get('SIGN_IN_UNSOLICITED')).toBe(2);
  // Without a certificate nobody is known to have tried.
  expect(counts.get('APPLICATION_REFUSED')).toBe(1);
  expect(counts.get('CLIENT_CERTIFICATE_UNKNOWN')).toBe(2);
});
