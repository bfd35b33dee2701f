import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import { ensureCertificates, type SandboxCertificates } from '../../../../certs-example/generate.js';
import type { ClientName } from '../../../../certs-example/profile.js';
import { createServiceApi } from '../../../../src/api/service-api.js';
import { createWebApp } from '../../../../src/api/web-app.js';
import { checkLine } from '../../../../src/audit/catalogue/check-line.js';
import type { EffectApplier } from '../../../../src/audit/lane.js';
import type { BridgeConfig } from '../../../../src/config/schema.js';
import { Secret } from '../../../../src/config/secret.js';
import { type OpenLog, openLog } from '../../../../src/house/open-log.js';
import type { OpenSignIn } from '../../../../src/house/sign-in/doors.js';
import { openSignIn } from '../../../../src/house/sign-in/open-sign-in.js';
import { createClientRegistry } from '../../../../src/network/client-registry.js';
import { createRefusalCounter, type RefusalCounter } from '../../../../src/network/refusal-counter.js';
import { startServiceListener } from '../../../../src/network/service-listener.js';
import { startWebListener } from '../../../../src/network/web-listener.js';
import { signInKeyApplier } from '../../../../src/sign-in/provider/keys.js';
import { SESSION_APPLIERS } from '../../../../src/sign-in/session-appliers.js';
import { STEP_UP_APPLIERS } from '../../../../src/sign-in/step-up/appliers.js';
import { createLog } from '../../../../src/telemetry/log.js';
import { createSystemHealth } from '../../../../src/telemetry/system-health.js';
import { readEntries } from '../../../audit/support/log.js';
import { type Loose, makeWorkplace, type Workplace } from '../../../config/fixture.js';
import { createTestDatabase, type TestDatabase } from '../../../support/database.js';
import { sharedCertificates } from '../../../support/system-certificates.js';
import { TestBrowser } from './browser.js';
import './realm.js';
import { createFakeUpstream, type FakeUpstream } from './upstream.js';

export const CORE = 'koopbis-core';
export const REPORTS = 'koopbis-reports';
export const PORTAL = 'union-portal';
/** Where applications take codes and signed-out people; nobody answers there. */
export const callbackOf = (client: string): string => `https://${client}.example/cb`;
export const outOf = (client: string): string => `https://${client}.example/cikis`;

/** A logout that an application was told of. */
export interface ToldLogout {
  readonly contentType: string;
  readonly body: URLSearchParams;
}

export interface RestartOptions {
  /** Other keys for cookies than those of the settings, the active one first. */
  readonly cookieKeys?: readonly Buffer[];
}

/** The whole of sign-in in this process, behind the real listeners with real certificates. */
export interface ProviderHouse {
  readonly test: TestDatabase;
  readonly config: BridgeConfig;
  readonly log: OpenLog;
  readonly upstream: FakeUpstream;
  readonly refusals: RefusalCounter;
  readonly issuer: string;
  readonly apiOrigin: string;
  readonly certificates: SandboxCertificates;
  /** Lines of the process's own log. */
  readonly printed: string[];
  readonly logouts: ToldLogout[];
  /** What answers now; `restart` puts another instance over the same database in its place. */
  signIn(): OpenSignIn;
  restart(options?: RestartOptions): Promise<void>;
  browser(): TestBrowser;
  /** `openid-client` as this application, over this certificate; null: over none. */
  client(id: string, certificate?: ClientName | null, metadata?: object): Promise<oidc.Configuration>;
  /** A form posted over this certificate. */
  post(
    url: string,
    form: Record<string, string>,
    certificate: ClientName | null,
  ): ReturnType<typeof undiciFetch>;
  told(from?: number): Promise<ReturnType<typeof checkLine>[]>;
  close(): Promise<void>;
}

const LIMITS = {
  host: '127.0.0.1',
  port: 0,
  maxConnections: 200,
  requestTimeoutMs: 20_000,
  headersTimeoutMs: 20_000,
  keepAliveTimeoutMs: 5_000,
  maxHeaderBytes: 16_384,
  drainMs: 2_000,
};

export async function openProviderHouse(): Promise<ProviderHouse> {
  const certificates = await ensureCertificates(await sharedCertificates(), { now: new Date() });
  const ca = readFileSync(certificates.ca, 'utf8');
  const server = {
    certificate: readFileSync(certificates.server.cert, 'utf8'),
    key: readFileSync(certificates.server.key, 'utf8'),
  };
  const test = await createTestDatabase({ migrations: true });
  const place = await makeWorkplace();
  const logouts: ToldLogout[] = [];
  const receiver = await startReceiver(server, logouts);
  // The listeners come first: the settings name their ports.
  let web: ReturnType<typeof createWebApp> = (_request, response) => response.writeHead(503).end();
  let api: ReturnType<typeof createServiceApi> = async (_request, response) => {
    response.writeHead(503).end();
  };
  const webListener = await startWebListener({ ...LIMITS, ...server }, (request, response) =>
    web(request, response),
  );
  const apiListener = await startServiceListener(
    { ...LIMITS, ...server, clientCa: ca },
    (request, response, peer) => api(request, response, peer),
    () => undefined,
  );
  const issuer = `https://localhost:${webListener.port}`;
  const apiOrigin = `https://localhost:${apiListener.port}`;
  const keys = await generateKeyPair('ES256');
  const jwks = {
    keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'portal-1', use: 'sig', alg: 'ES256' }],
  };
  const backChannel = `https://localhost:${(receiver.address() as AddressInfo).port}/oturum-kapat`;
  const config = await settings(place, { issuer, apiOrigin, certificates, ca, jwks, backChannel });
  const appliers = [...SESSION_APPLIERS, ...STEP_UP_APPLIERS, signInKeyApplier] as readonly EffectApplier[];
  const log = openLog(config, test.db, appliers);
  const upstream = createFakeUpstream();
  const refusals = createRefusalCounter();
  const printed: string[] = [];
  const told = createLog({
    level: 'debug',
    destination: { write: (line: string) => void printed.push(line) },
  });
  let current: OpenSignIn | undefined;
  const restart = async ({ cookieKeys }: RestartOptions = {}) => {
    const { signIn } = config;
    if (signIn === undefined) throw new Error('no sign-in in the settings');
    const keys = cookieKeys?.map((key) => new Secret(key.toString('base64')));
    const opened = await openSignIn({
      health: createSystemHealth([], () => new Date()),
      config: { ...config, signIn: { ...signIn, cookieKeys: keys ?? signIn.cookieKeys } },
      db: test.db,
      log,
      refusals,
      told,
      upstream,
      metrics: { signInEnded: () => undefined },
    });
    if (opened === null) throw new Error('no sign-in in the settings');
    current = opened;
    web = createWebApp({ '/': opened.router }, opened.web);
    api = createServiceApi({
      registry: createClientRegistry(config.clients),
      refusals,
      maxInFlight: 100,
      hot: [],
      routes: [],
      schemas: {},
      maxBodyBytes: 10_000,
      now: () => new Date(),
      verify: notAsked,
      read: notAsked,
      search: notAsked,
      openId: (request, response, client) => opened.api(request, response, client),
      observe: () => undefined,
    });
  };
  await restart();

  const agents = new Map<string, Agent>();
  const browsers: TestBrowser[] = [];
  const agentOf = (certificate: ClientName | null): Agent => {
    const name = certificate ?? '';
    const known = agents.get(name);
    if (known !== undefined) return known;
    const own =
      certificate === null
        ? {}
        : {
            cert: readFileSync(certificates.clients[certificate].cert),
            key: readFileSync(certificates.clients[certificate].key),
          };
    const agent = new Agent({ connect: { ca, ...own } });
    agents.set(name, agent);
    return agent;
  };
  return {
    test,
    config,
    log,
    upstream,
    refusals,
    issuer,
    apiOrigin,
    certificates,
    printed,
    logouts,
    signIn: () => current as OpenSignIn,
    restart,
    browser: () => {
      const browser = new TestBrowser(issuer, ca);
      browsers.push(browser);
      return browser;
    },
    client: async (id, certificate = id as ClientName, metadata = { use_mtls_endpoint_aliases: true }) => {
      const authentication =
        id === PORTAL ? oidc.PrivateKeyJwt({ key: keys.privateKey, kid: 'portal-1' }) : oidc.TlsClientAuth();
      return oidc.discovery(new URL(issuer), id, metadata, authentication, {
        [oidc.customFetch]: (url, options) =>
          undiciFetch(url, { ...options, dispatcher: agentOf(certificate) } as never) as never,
      });
    },
    post: (url, form, certificate) =>
      undiciFetch(url, {
        method: 'POST',
        body: new URLSearchParams(form),
        dispatcher: agentOf(certificate),
        redirect: 'manual',
      }),
    told: async (from = 0) => (await readEntries(test.db)).slice(from).map(({ line }) => checkLine(line)),
    close: async () => {
      for (const browser of browsers) browser.close();
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      await webListener.close();
      await apiListener.drain();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
      await log.appender.close();
      await test.drop();
      place.remove();
    },
  };
}

async function notAsked(): Promise<never> {
  throw new Error('only the OpenID provider is asked here');
}

async function startReceiver(
  { certificate, key }: { certificate: string; key: string },
  logouts: ToldLogout[],
): Promise<Server> {
  const receiver = createServer({ cert: certificate, key }, (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      text += part;
    });
    request.once('end', () => {
      logouts.push({
        contentType: request.headers['content-type'] ?? '',
        body: new URLSearchParams(text),
      });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  return receiver;
}

interface SettingsParts {
  readonly issuer: string;
  readonly apiOrigin: string;
  readonly certificates: SandboxCertificates;
  readonly ca: string;
  readonly jwks: object;
  readonly backChannel: string;
}

function settings(place: Workplace, parts: SettingsParts): Promise<BridgeConfig> {
  const { issuer, apiOrigin, certificates, ca, jwks, backChannel } = parts;
  place.write('portal-jwks.json', JSON.stringify(jwks));
  place.write('sandbox-ca.crt', ca);
  place.write('cookie.key', Buffer.alloc(32, 3).toString('base64'));
  place.write('pairwise.key', Buffer.alloc(32, 4).toString('base64'));
  place.write('edevlet.secret', 'shared-with-edevlet');
  return place.load((loose: Loose) => {
    const [core] = loose.clients;
    const application = (id: ClientName, more: object) => ({
      ...structuredClone(core),
      id,
      certificates: [certificates.clients[id].sha256],
      signIn: {
        name: `Uygulama ${id}`,
        redirectUris: [callbackOf(id)],
        postLogoutRedirectUris: [outOf(id)],
        ...more,
      },
    });
    loose.clients = [
      application(CORE, {
        scopes: ['openid', 'kimlik'],
        backChannelLogoutUri: backChannel,
        extraCa: ['sandbox-ca.crt'],
      }),
      application(REPORTS, {}),
      application(PORTAL, {
        authentication: 'private_key_jwt',
        jwks: 'portal-jwks.json',
        scopes: ['openid', 'kimlik'],
      }),
    ];
    loose.edevlet = { clientId: 'koopbis', clientSecret: { file: 'edevlet.secret' } };
    loose.signIn = {
      issuer,
      apiOrigin,
      cookieKeys: [{ file: 'cookie.key' }],
      pairwiseKey: { file: 'pairwise.key' },
    };
  });
}
