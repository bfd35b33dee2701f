import * as oidc from 'openid-client';
import type { NamedPerson } from '../../../../src/edevlet/port.js';
import { type Page, saysOf, type TestBrowser } from './browser.js';
import { CORE, callbackOf, type ProviderHouse } from './house.js';
import { named, UPSTREAM_ORIGIN } from './upstream.js';

/** An authorization request with what its client must remember. */
export interface Begun {
  readonly url: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export async function begin(
  client: oidc.Configuration,
  more: Readonly<Record<string, string>> = {},
): Promise<Begun> {
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const { href } = oidc.buildAuthorizationUrl(client, {
    redirect_uri: callbackOf(client.clientMetadata().client_id),
    scope: 'openid',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  });
  return { url: href, state, nonce, verifier };
}

/** The address at which the browser comes back from the upstream, for the trip that it was just sent on. */
export function returnOf(house: ProviderHouse, sent: Page, who: NamedPerson = named('200000001')): string {
  const url = new URL(sent.url);
  if (url.origin !== UPSTREAM_ORIGIN)
    throw new Error(`not at the upstream but ${saysOf(sent).page} ${sent.status}`);
  const state = url.searchParams.get('state') ?? '';
  return `${house.issuer}/giris/donus?state=${state}&code=${house.upstream.codeFor(who)}`;
}

/** Presses on until the browser leaves the house. */
export async function pressOn(browser: TestBrowser, page: Page): Promise<Page> {
  let at = page;
  while (['notice', 'told', 'announced'].includes(saysOf(at).page ?? '')) at = await browser.submit(at);
  return at;
}

/** Walks an authorization request to its end; the address that the application gets. */
export async function walk(
  house: ProviderHouse,
  browser: TestBrowser,
  url: string,
  who?: NamedPerson,
): Promise<URL> {
  let at = await browser.go(url);
  if (new URL(at.url).origin === UPSTREAM_ORIGIN) at = await browser.go(returnOf(house, at, who));
  const end = await pressOn(browser, at);
  if (end.headers.location === undefined)
    throw new Error(`ended at ${new URL(end.url).pathname} ${end.status} ${JSON.stringify(saysOf(end))}`);
  return new URL(end.url);
}

/** The whole sign-in of one application with `openid-client`. */
export async function signIn(
  house: ProviderHouse,
  {
    browser = house.browser(),
    id = CORE,
    who,
    more = {},
  }: { browser?: TestBrowser; id?: string; who?: NamedPerson; more?: Readonly<Record<string, string>> } = {},
) {
  const client = await house.client(id);
  const begun = await begin(client, more);
  const callback = await walk(house, browser, begun.url, who);
  const tokens = await oidc.authorizationCodeGrant(client, callback, {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error('no ID token');
  return { client, browser, begun, callback, tokens, claims };
}
