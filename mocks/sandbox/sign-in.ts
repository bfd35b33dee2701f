import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  type CustomFetch,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  randomPKCECodeVerifier,
  TlsClientAuth,
} from 'openid-client';
import { Agent, fetch as fetchBy } from 'undici';
import { KOOPBIS_PATHS } from '../koopbis/paths.js';
import type { SandboxFile } from './sandbox-file.js';
import { Browser } from './walk/browser.js';
import { refusedBy, SignInRefused } from './walk/refused.js';
import { walk } from './walk/walk.js';

export { SignInRefused } from './walk/refused.js';

const ACR_STEP_UP = 'urn:koopbis:acr:step-up';
const CLOCK = { now: Date.now, sleep: (ms: number) => sleep(ms) };

type Place = Pick<SandboxFile, 'api' | 'web' | 'ca' | 'clients' | 'people' | 'mocks'>;

/**
 * Signs a person of the population in as `client`'s application would: authorization request, e-Devlet with its second
 * step, our pages, code, token over the client's certificate. Gives the access token. Throws `SignInRefused` with the
 * reason of the page that refused.
 */
export async function signIn(
  sandbox: Place,
  kimlikNo: string,
  options: { readonly client: string; readonly stepUp: boolean },
): Promise<string> {
  const person = sandbox.people.find((one) => one.kimlikNo === kimlikNo);
  if (person === undefined) throw new SignInRefused('person-unknown');
  if (options.stepUp && person.stepUpTotp === null) throw new SignInRefused('step-up-unavailable');
  const files = Object.entries(sandbox.clients).find(([name]) => name === options.client)?.[1];
  if (files === undefined) throw new SignInRefused('client-unknown');
  const ca = readFileSync(sandbox.ca);
  // A browser has no certificate; the application has one, and shows it to `api` alone.
  const asBrowser = new Agent({ connect: { ca } });
  const asClient = new Agent({
    connect: { ca, cert: readFileSync(files.cert), key: readFileSync(files.key) },
  });
  try {
    const config = await discover(sandbox, options.client, { asBrowser, asClient });
    const end = new URL(KOOPBIS_PATHS.command, sandbox.mocks.koopbis).href;
    const { url, checks } = await authorizationOf(config, end, options.stepUp);
    const landed = await walk(
      new Browser(asBrowser, end),
      url,
      person,
      new URL(sandbox.mocks.edevlet).origin,
      CLOCK,
    );
    return await redeem(config, landed, checks, options.stepUp);
  } finally {
    await Promise.all([asBrowser.destroy(), asClient.destroy()]);
  }
}

function discover(
  { web, api }: Place,
  client: string,
  agents: { readonly asBrowser: Agent; readonly asClient: Agent },
): Promise<Configuration> {
  const ours: CustomFetch = (url, options) => {
    const dispatcher = new URL(url).origin === api ? agents.asClient : agents.asBrowser;
    const sent = { ...options, dispatcher } as Parameters<typeof fetchBy>[1];
    return fetchBy(url, sent) as unknown as Promise<Response>;
  };
  const metadata = { use_mtls_endpoint_aliases: true };
  return discovery(new URL(web), client, metadata, TlsClientAuth(), { [customFetch]: ours });
}

interface Checks {
  readonly pkceCodeVerifier: string;
  readonly expectedState: string;
  readonly expectedNonce: string;
  readonly idTokenExpected: true;
}

async function authorizationOf(
  config: Configuration,
  redirectUri: string,
  stepUp: boolean,
): Promise<{ url: URL; checks: Checks }> {
  const random = () => randomBytes(32).toString('base64url');
  const checks: Checks = {
    pkceCodeVerifier: randomPKCECodeVerifier(),
    expectedState: random(),
    expectedNonce: random(),
    idTokenExpected: true,
  };
  const url = buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...(stepUp ? { acr_values: ACR_STEP_UP } : {}),
  });
  return { url, checks };
}

/** State, issuer, nonce and ID token are held against what was asked for (OpenID Connect Core §3.1.3.7, RFC 9207). */
async function redeem(config: Configuration, landed: URL, checks: Checks, stepUp: boolean): Promise<string> {
  const error = landed.searchParams.get('error');
  if (error !== null) throw refusedBy(error);
  const tokens = await authorizationCodeGrant(config, landed, checks);
  if (stepUp && tokens.claims()?.acr !== ACR_STEP_UP) throw new Error('the sign-in was not stepped up');
  return tokens.access_token;
}
