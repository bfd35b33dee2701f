import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as oidc from 'openid-client';
import { hashToken } from '../../../src/sign-in/access-tokens.js';
import { CORE, callbackOf, openProviderHouse, PORTAL, type ProviderHouse, REPORTS } from './support/house.js';
import { begin, signIn, walk } from './support/walk.js';

let house: ProviderHouse;
beforeAll(async () => {
  house = await openProviderHouse();
});
afterAll(() => house?.close());

/** A code that was just given to `id`. */
const codeOf = async (id: string = CORE) => {
  const client = await house.client(id);
  const begun = await begin(client);
  const callback = await walk(house, house.browser(), begun.url);
  return { begun, callback, code: callback.searchParams.get('code') ?? '', client };
};

const refusedSince = async (from: number) =>
  (await house.told(from)).filter(({ kind }) => kind === 'token.refused').map(({ data }) => data);
const sizeOf = async () => (await house.told()).length;
const isWorthSomething = async (token: string) => {
  const text = 'SELECT 1 FROM bridge.access_token WHERE token_hash = $1 AND expires_at > now()';
  return (await house.test.db.query({ text, values: [hashToken(token)] })).count === 1;
};

describe('a code', () => {
  it('is refused to another client than it was given to', async () => {
    const { code, begun } = await codeOf(CORE);
    const from = await sizeOf();
    const answer = await house.post(
      `${house.apiOrigin}/oidc/token`,
      {
        grant_type: 'authorization_code',
        client_id: REPORTS,
        code,
        redirect_uri: callbackOf(CORE),
        code_verifier: begun.verifier,
      },
      REPORTS,
    );
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_grant' }),
    ]);
    expect(await refusedSince(from)).toEqual([
      { client: REPORTS, error: 'invalid_grant', reason: 'issued-to-other-client', session: null },
    ]);
  });

  it('is refused the second time, and what its first use gave is worth nothing from then on', async () => {
    const { client, begun, callback, tokens } = await signIn(house);
    expect(await isWorthSomething(tokens.access_token)).toBe(true);
    const from = await sizeOf();
    const again = oidc.authorizationCodeGrant(client, callback, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
    });
    await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await isWorthSomething(tokens.access_token)).toBe(false);
    await expect(oidc.refreshTokenGrant(client, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect((await refusedSince(from))[0]).toMatchObject({ client: CORE, reason: 'used-before' });
  });

  it('gives tokens to one of two uses at the same moment', async () => {
    const { code, begun } = await codeOf();
    const use = () =>
      house.post(
        `${house.apiOrigin}/oidc/token`,
        {
          grant_type: 'authorization_code',
          client_id: CORE,
          code,
          redirect_uri: callbackOf(CORE),
          code_verifier: begun.verifier,
        },
        CORE,
      );
    const answers = await Promise.all([use(), use(), use(), use()]);
    expect(answers.map(({ status }) => status).filter((status) => status === 200).length).toBeLessThanOrEqual(
      1,
    );
    expect(answers.filter(({ status }) => status === 400).length).toBeGreaterThanOrEqual(3);
  });

  it('is refused without the verifier that it was asked for with', async () => {
    const { client, callback, begun } = await codeOf();
    const from = await sizeOf();
    const stolen = oidc.authorizationCodeGrant(client, callback, {
      pkceCodeVerifier: oidc.randomPKCECodeVerifier(),
      expectedState: begun.state,
      expectedNonce: begun.nonce,
    });
    await expect(stolen).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await refusedSince(from)).toEqual([
      expect.objectContaining({ client: CORE, error: 'invalid_grant', reason: 'pkce-failed' }),
    ]);
  });

  it('is not given at all without PKCE, or with the plain method', async () => {
    const client = await house.client(CORE);
    for (const take of [['code_challenge', 'code_challenge_method'], ['code_challenge_method']]) {
      const url = new URL((await begin(client)).url);
      for (const name of take) url.searchParams.delete(name);
      const { url: end } = await house.browser().go(url.href);
      expect(new URL(end).searchParams.get('error')).toBe('invalid_request');
      expect(new URL(end).searchParams.get('code')).toBeNull();
    }
  });

  it('is refused for another address than it was sent to', async () => {
    const { code, begun } = await codeOf();
    const from = await sizeOf();
    const answer = await house.post(
      `${house.apiOrigin}/oidc/token`,
      {
        grant_type: 'authorization_code',
        client_id: CORE,
        code,
        redirect_uri: `${callbackOf(CORE)}/baska`,
        code_verifier: begun.verifier,
      },
      CORE,
    );
    expect(answer.status).toBe(400);
    expect(await refusedSince(from)).toEqual([expect.objectContaining({ reason: 'redirect-uri-mismatch' })]);
  });

  it('is refused after its time', async () => {
    const { client, callback, begun } = await codeOf();
    const from = await sizeOf();
    const real = Date.now;
    Date.now = () => real() + 61_000;
    try {
      const late = oidc.authorizationCodeGrant(client, callback, {
        pkceCodeVerifier: begun.verifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
      });
      await expect(late).rejects.toMatchObject({ error: 'invalid_grant' });
    } finally {
      Date.now = real;
    }
    expect(await refusedSince(from)).toEqual([expect.objectContaining({ reason: 'expired' })]);
  });
});

describe('a client', () => {
  it('gets nothing without a certificate, on either listener', async () => {
    const { code, begun } = await codeOf();
    const form = {
      grant_type: 'authorization_code',
      client_id: CORE,
      code,
      redirect_uri: callbackOf(CORE),
      code_verifier: begun.verifier,
    };
    await expect(house.post(`${house.apiOrigin}/oidc/token`, form, null)).rejects.toBeDefined();
    const answer = await house.post(`${house.issuer}/oidc/token`, form, null);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: 'invalid_client', error_description: 'client authentication failed' },
    ]);
  });

  it('gets nothing on the listener of browsers even with its certificate: nobody is asked for one there', async () => {
    const { code, begun } = await codeOf();
    const form = {
      grant_type: 'authorization_code',
      client_id: CORE,
      code,
      redirect_uri: callbackOf(CORE),
      code_verifier: begun.verifier,
    };
    expect((await house.post(`${house.issuer}/oidc/token`, form, CORE)).status).toBe(401);
  });

  it('with a certificate that is not registered is nobody, and one of another CA gets no connection', async () => {
    const form = { grant_type: 'authorization_code', client_id: CORE, code: 'x' };
    const answer = await house.post(`${house.apiOrigin}/oidc/token`, form, 'stranger');
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'CLIENT_CERTIFICATE_UNKNOWN' }),
    ]);
    await expect(house.post(`${house.apiOrigin}/oidc/token`, form, 'foreign-ca')).rejects.toBeDefined();
  });

  it('is refused with the certificate of another registered client, and the entry names whose it was', async () => {
    const { code, begun } = await codeOf();
    const from = await sizeOf();
    const answer = await house.post(
      `${house.apiOrigin}/oidc/token`,
      {
        grant_type: 'authorization_code',
        client_id: CORE,
        code,
        redirect_uri: callbackOf(CORE),
        code_verifier: begun.verifier,
      },
      REPORTS,
    );
    expect(answer.status).toBe(401);
    expect(await refusedSince(from)).toEqual([
      {
        client: REPORTS,
        error: 'invalid_client',
        reason: 'certificate-of-other-client',
        session: null,
      },
    ]);
  });

  it('with a key of its own is refused too where it shows the certificate of another registered client', async () => {
    const { callback, begun } = await codeOf(PORTAL);
    const from = await sizeOf();
    const grant = oidc.authorizationCodeGrant(await house.client(PORTAL, REPORTS), callback, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
    });
    await expect(grant).rejects.toMatchObject({ error: 'invalid_client' });
    expect(await refusedSince(from)).toEqual([
      expect.objectContaining({ client: REPORTS, reason: 'certificate-of-other-client' }),
    ]);
  });

  it('with a key of its own gets no token where it shows no certificate', async () => {
    const { callback, begun } = await codeOf(PORTAL);
    // Without the aliases it goes where browsers go, which asks nobody for a certificate.
    const plain = await house.client(PORTAL, null, { use_mtls_endpoint_aliases: false });
    const from = await sizeOf();
    const grant = oidc.authorizationCodeGrant(plain, callback, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
    });
    await expect(grant).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await refusedSince(from)).toEqual([
      expect.objectContaining({ client: PORTAL, reason: 'certificate-missing' }),
    ]);
  });

  it('is refused an assertion that was used before', async () => {
    let assertion = '';
    const client = await house.client(PORTAL);
    const own = client[oidc.customFetch];
    if (own === undefined) throw new Error('no fetch');
    client[oidc.customFetch] = (url, options) => {
      if (options.body instanceof URLSearchParams)
        assertion = options.body.get('client_assertion') ?? assertion;
      return own(url, options);
    };
    await oidc.tokenRevocation(client, 'unknown').catch(() => undefined);
    expect(assertion).not.toBe('');
    const from = await sizeOf();
    const again = () =>
      house.post(
        `${house.apiOrigin}/oidc/token/revocation`,
        {
          token: 'unknown',
          client_id: PORTAL,
          client_assertion: assertion,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        },
        PORTAL,
      );
    expect((await again()).status).toBe(401);
    expect(await refusedSince(from)).toEqual([
      { client: PORTAL, error: 'invalid_client', reason: 'assertion-replayed', session: null },
    ]);
  });
});

describe('a stolen token', () => {
  it('is refused at userinfo over the certificate of another registered client', async () => {
    const { tokens } = await signIn(house);
    const from = await sizeOf();
    const thief = await house.client(REPORTS);
    await expect(oidc.fetchUserInfo(thief, tokens.access_token, oidc.skipSubjectCheck)).rejects.toBeDefined();
    expect(await refusedSince(from)).toEqual([
      expect.objectContaining({ client: REPORTS, reason: 'certificate-of-other-client' }),
    ]);
  });

  it('is refused to another client where it is a refresh token', async () => {
    const { tokens } = await signIn(house);
    const from = await sizeOf();
    const thief = await house.client(REPORTS);
    await expect(oidc.refreshTokenGrant(thief, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    expect(await refusedSince(from)).toEqual([
      expect.objectContaining({ client: REPORTS, reason: 'issued-to-other-client' }),
    ]);
  });

  it('cannot be taken back by another client', async () => {
    const { tokens } = await signIn(house);
    const thief = await house.client(REPORTS);
    await oidc.tokenRevocation(thief, tokens.access_token).catch(() => undefined);
    expect(await isWorthSomething(tokens.access_token)).toBe(true);
  });
});

describe('a refused call', () => {
  it('of nobody known is counted, and never an entry that somebody else would stand under', async () => {
    house.refusals.take();
    const from = await sizeOf();
    const form = { grant_type: 'authorization_code', client_id: CORE, code: 'guessed' };
    expect((await house.post(`${house.issuer}/oidc/token`, form, null)).status).toBe(401);
    expect(await refusedSince(from)).toEqual([]);
    expect(house.refusals.take()).toContainEqual(
      expect.objectContaining({ code: 'APPLICATION_REFUSED', count: 1 }),
    );
  });
});
