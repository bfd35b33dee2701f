import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { type System, startSystem } from '../support/system.js';
import { type Actor, People, question } from '../support/system-people.js';
import { type ClientName, SigningIn } from '../support/system-sign-in.js';

const CLIENT = 'union-portal';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const KID = 'union-1';

/** The application's own keys, made here; the bridge gets the public one. */
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const folder = mkdtempSync(join(tmpdir(), 'koopbis-jwks-'));

let system: System;
let signing: SigningIn;
let people: People;
let board: Actor;
let person: ReturnType<People['nobody']>;

beforeAll(async () => {
  const jwks = join(folder, 'jwks.json');
  const key = { ...own.publicKey.export({ format: 'jwk' }), kid: KID, use: 'sig', alg: 'ES256' };
  writeFileSync(jwks, JSON.stringify({ keys: [key] }));
  system = await startSystem({
    people: 300,
    cooperatives: 30,
    settings: (yaml) => {
      const client = yaml.clients.find(({ id }: { id: string }) => id === CLIENT);
      Object.assign(client.signIn, { authentication: 'private_key_jwt', jwks });
    },
  });
  signing = new SigningIn(system);
  people = new People(system.sandbox);
  board = people.actor('board');
  person = people.person(({ kimlikNo }) => kimlikNo === board.kimlikNo);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await signing?.close();
  await system?.stop();
});

/** `undefined` takes a claim away. */
type Over = { [name in keyof JWTPayload]: JWTPayload[name] | undefined };

const claims = (over: Over = {}): JWTPayload => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: CLIENT,
    sub: CLIENT,
    aud: system.sandbox.web,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
    ...over,
  } as JWTPayload;
};

const signed = (over: Over = {}, key = own.privateKey, alg = 'ES256') =>
  new SignJWT(claims(over)).setProtectedHeader({ alg, kid: KID }).sign(key);

/** A code of a new sign-in, with this assertion. */
async function exchange(assertion: string, as: ClientName | null = CLIENT) {
  const begun = signing.begin(CLIENT);
  const landed = await signing.signIn(signing.tab(), person, begun);
  const fields = {
    ...signing.grant(begun, landed),
    client_assertion_type: ASSERTION,
    client_assertion: assertion,
  };
  return signing.token(fields, as);
}

const ask = (token: string, client: ClientName) =>
  system.call({ token, client, body: question(board.cooperative, people.subject()) });

describe('an application that signs its calls (private_key_jwt)', () => {
  it('gets tokens that are bound to its certificate: worth nothing over any other', async () => {
    const { status, body } = await exchange(await signed());
    expect(status).toBe(200);
    expect((await ask(body.access_token, CLIENT)).body.outcome).toBe('match');
    const stolen = await ask(body.access_token, 'koopbis-core');
    expect([stolen.status, stolen.body.code]).toEqual([401, 'TOKEN_INVALID']);
  });

  it('refreshes with a new assertion, and gets a token that is bound again', async () => {
    const { body } = await exchange(await signed());
    const fields = {
      grant_type: 'refresh_token',
      client_id: CLIENT,
      refresh_token: body.refresh_token,
      client_assertion_type: ASSERTION,
    };
    const renewed = await signing.token({ ...fields, client_assertion: await signed() }, CLIENT);
    expect(renewed.status).toBe(200);
    expect((await ask(renewed.body.access_token, CLIENT)).status).toBe(200);
    expect((await ask(renewed.body.access_token, 'koopbis-core')).body.code).toBe('TOKEN_INVALID');
  });

  it('gets nothing without a certificate: no token is ever unbound', async () => {
    const { status, body, text } = await exchange(await signed(), null);
    expect([status, body.error, text.includes('access_token')]).toEqual([400, 'invalid_grant', false]);
  });

  it('gets nothing over another registered client’s certificate, and that is an entry under the certificate’s owner', async () => {
    const from = await signing.size();
    const { status, body } = await exchange(await signed(), 'koopbis-core');
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    const refused = (await signing.entries(from)).filter(({ kind }) => kind === 'token.refused');
    expect(refused.map(({ data }) => data.client)).toEqual(['koopbis-core']);
  });

  it('is not let in by its certificate alone', async () => {
    const begun = signing.begin(CLIENT);
    const landed = await signing.signIn(signing.tab(), person, begun);
    const from = await signing.size();
    const { status, body } = await signing.token(signing.grant(begun, landed), CLIENT);
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    const [entry] = (await signing.entries(from)).filter(({ kind }) => kind === 'token.refused');
    expect(entry?.data).toMatchObject({ client: CLIENT, error: 'invalid_client' });
  });

  it('may show an assertion once: replayed it is refused', async () => {
    const assertion = await signed();
    expect((await exchange(assertion)).status).toBe(200);
    const from = await signing.size();
    const { status, body } = await exchange(assertion);
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    const [entry] = (await signing.entries(from)).filter(({ kind }) => kind === 'token.refused');
    expect(entry?.data).toMatchObject({ client: CLIENT, reason: 'assertion-replayed' });
  });

  const now = () => Math.floor(Date.now() / 1000);
  it.each([
    ['of another key', () => signed({}, foreign.privateKey)],
    ['without a signature', async () => new UnsecuredJWT(claims()).encode()],
    ['signed with the public key as a secret', () => signedBySecret()],
    ['for somebody else', () => signed({ aud: 'https://other.example' })],
    ['of another client', () => signed({ iss: 'koopbis-core', sub: 'koopbis-core' })],
    ['that has expired', () => signed({ iat: now() - 600, exp: now() - 300 })],
    ['without an end', () => signed({ exp: undefined })],
    ['without a name of its own', () => signed({ jti: undefined })],
    ['of nonsense', async () => 'a.b.c'],
  ])('an assertion %s is refused, and that is an entry', async (_what, make) => {
    const from = await signing.size();
    const { status, body } = await exchange(await make());
    const error = status === 401 ? 'invalid_client' : 'invalid_request';
    expect([[400, 401].includes(status), body.error]).toEqual([true, error]);
    const refused = (await signing.entries(from)).filter(({ kind }) => kind === 'token.refused');
    expect(refused.map(({ data }) => data.client)).toEqual([CLIENT]);
  });
});

/** The known trick against libraries that take the algorithm from the token. */
function signedBySecret(): Promise<string> {
  const pem = own.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: KID }).sign(Buffer.from(pem));
}
