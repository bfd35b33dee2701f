import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';
import { Agent } from 'undici';
import { startKoopbis } from '../../../mocks/koopbis/server.js';
import { sharedCertificates } from '../../support/system-certificates.js';

const ACR_TWO_STEP = 'urn:koopbis:acr:two-step';
const ACR_STEP_UP = 'urn:koopbis:acr:step-up';
export const NUMBER = '10000000146';
export const COOPERATIVE = '0123456789000017';

/** What a verification was asked with, and what the next one is answered with. */
export interface Api {
  readonly asked: { readonly headers: IncomingMessage['headers']; readonly body: Record<string, unknown> }[];
  next: { status: number; body: unknown };
}

/** The demo application beside an `oidc-provider` that was written by others, over mutual TLS with verified certificates. */
export interface House {
  readonly origin: string;
  readonly issuer: string;
  readonly browser: Agent;
  readonly api: Api;
  /** Moves the application's clock on, in milliseconds. */
  later(ms: number): void;
  /** A token signed by the provider's key, or by another one. */
  sign(payload: JWTPayload, options?: { foreign?: boolean; typ?: string }): Promise<string>;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const folder = await sharedCertificates();
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const pair = { cert: text('server/bridge.crt'), key: text('server/bridge.key') };
  const ca = text('ca/koopbis-sandbox-ca.crt');
  const directory = mkdtempSync(join(tmpdir(), 'koopbis-'));
  const worldFile = join(directory, 'world.json');
  const board = [{ kimlikNo: NUMBER }];
  const cooperatives = [{ mersisNo: COOPERATIVE, unvan: 'S.S. <Deneme> Kooperatifi', board }];
  writeFileSync(worldFile, JSON.stringify({ people: [], cooperatives }));

  const api: Api = { asked: [], next: { status: 500, body: {} } };
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  // As the bridge has it: browsers are never asked for a certificate, applications always.
  const server = createServer(pair, (q, a) => handle(q, a));
  const issuer = await listening(server);
  const serviceServer = createServer({ ...pair, ca, requestCert: true, rejectUnauthorized: true }, (q, a) => {
    q.headers.host = new URL(issuer).host;
    handle(q, a);
  });
  const service = await listening(serviceServer);
  let offset = 0;
  const keys = {
    signing: await generateKeyPair('RS256', { extractable: true }),
    foreign: await generateKeyPair('RS256'),
  };
  const client = {
    id: 'koopbis-core',
    cert: text('clients/koopbis-core.crt'),
    key: text('clients/koopbis-core.key'),
  };
  const koopbisPort = await freePort(pair);
  const origin = `https://localhost:${koopbisPort}`;
  const provider = await providerOf({ issuer, service }, origin, {
    ...(await exportJWK(keys.signing.privateKey)),
    kid: 'k',
    alg: 'RS256',
    use: 'sig',
  });
  const callback = provider.callback();
  handle = (request, response) => {
    if (request.url === '/v1/identity/verifications') return void answerApi(api, request, response);
    if (request.url?.startsWith('/adim/'))
      return void finish(provider, request, response).catch((error: unknown) =>
        response.writeHead(500).end(String(error)),
      );
    void callback(request, response);
  };
  const koopbis = await startKoopbis(
    { ...pair, ca, port: koopbisPort, origin, issuer, api: service, client, worldFile },
    () => Date.now() + offset,
  );
  const browser = new Agent({ connect: { ca } });
  return {
    origin,
    issuer,
    browser,
    api,
    later: (ms) => {
      offset += ms;
    },
    sign: (payload, { foreign = false, typ = 'logout+jwt' } = {}) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', kid: 'k', typ })
        .sign((foreign ? keys.foreign : keys.signing).privateKey),
    close: async () => {
      await browser.destroy();
      await koopbis.stop();
      for (const one of [server, serviceServer]) {
        one.closeAllConnections();
        one.close();
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listening(server: Server, port = 0): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

async function freePort(pair: { cert: string; key: string }): Promise<number> {
  const server = createServer(pair);
  const port = Number(new URL(await listening(server)).port);
  await new Promise((done) => server.close(done));
  return port;
}

/** Signs everybody in as one person, stepped up where that was asked for. */
async function finish(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const acr = params.acr_values === ACR_STEP_UP ? ACR_STEP_UP : ACR_TWO_STEP;
  const login = {
    accountId: 'somebody',
    acr,
    amr: acr === ACR_STEP_UP ? ['mfa', 'otp'] : ['mfa'],
    remember: false,
  };
  await provider.interactionFinished(request, response, { login });
}

async function answerApi(api: Api, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
  api.asked.push({ headers: request.headers, body: JSON.parse(body) });
  response
    .writeHead(api.next.status, { 'Content-Type': 'application/json' })
    .end(JSON.stringify(api.next.body));
}

async function providerOf(
  { issuer, service }: { readonly issuer: string; readonly service: string },
  origin: string,
  jwk: object,
): Promise<Provider> {
  const certificateOf = (ctx: { socket: unknown }) => (ctx.socket as TLSSocket).getPeerX509Certificate();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'koopbis-core',
        redirect_uris: [`${origin}/donus`],
        post_logout_redirect_uris: [`${origin}/`],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_uri: 'urn:koopbis:client:koopbis-core',
        tls_client_certificate_bound_access_tokens: true,
        scope: 'openid kimlik',
        backchannel_logout_uri: `${origin}/oturum-sonu`,
        backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [jwk as never] },
    cookies: { keys: ['a key of a test'] },
    scopes: ['openid', 'kimlik'],
    acrValues: [ACR_TWO_STEP, ACR_STEP_UP],
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
      kimlik: ['kimlik_no', 'given_name', 'family_name'],
    },
    conformIdTokenClaims: false,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 600,
      Interaction: 600,
      RefreshToken: 3600,
      Session: 3600,
    },
    issueRefreshToken: () => true,
    discovery: { mtls_endpoint_aliases: { token_endpoint: `${service}/token` } },
    interactions: { url: (_ctx, { uid }) => `/adim/${uid}` },
    clientAuthMethods: ['tls_client_auth'],
    findAccount: async (_ctx, accountId) => ({
      accountId,
      claims: async () => ({ sub: accountId, kimlik_no: NUMBER, given_name: 'AYŞE', family_name: '<ÇELİK>' }),
    }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId ?? '',
        accountId: ctx.oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid kimlik');
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        getCertificate: certificateOf,
        certificateAuthorized: (ctx) => (ctx.socket as TLSSocket).authorized,
        certificateSubjectMatches: (ctx, _property, expected) =>
          certificateOf(ctx)?.subjectAltName === `URI:${expected}`,
      },
    },
    renderError: (ctx, out) => {
      ctx.body = JSON.stringify(out);
    },
    fetch: async () => new Response(null, { status: 204 }),
  });
  return provider;
}
