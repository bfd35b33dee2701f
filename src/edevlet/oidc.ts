import * as openid from 'openid-client';
import { createDiscovery } from './discovery.js';
import type { Exchange } from './exchange.js';
import { answerInvalid, atStep } from './failures.js';
import { member } from './json-answer.js';
import { amrAnswer, levelAnswer, personAnswer } from './person-answer.js';
import type { BegunTrip, KeptSecrets, NamedPerson, Upstream } from './port.js';
import { readReturn } from './return.js';
import type { ClaimNames, UpstreamSettings } from './settings.js';

/**
 * A sign-in at the upstream that is older than a working day is made anew there. Asking for an age obliges the upstream to say
 * `auth_time` (OpenID Connect Core §2), without which a sign-in of this morning would pass for one of now.
 */
const MAX_AGE_S = 28_800;
/** Clocks of two machines; later than that, a time of authentication would make a session fresh for ever. */
const TOLERANCE_MS = 60_000;

interface Tools {
  readonly exchange: Exchange;
  now(): Date;
}

interface Returned {
  readonly search: string;
  readonly state: string;
  readonly kept: KeptSecrets;
}

/** OpenID Connect by discovery: PKCE S256, nonce and a signed ID token always. Whoever asks for `fresh` must look at `authTime`. */
export function createOidc(settings: UpstreamSettings, tools: Tools): Upstream {
  const discovered = createDiscovery(settings, tools);
  return {
    profile: 'oidc',
    begin: async ({ fresh }) => begin(settings, await discovered(), fresh),
    finish: async (search, state, kept) => {
      const returned = returnedUrl(settings, { search, state, kept });
      const config = await discovered();
      const tokens = await exchangeCode(config, returned, { search, state, kept });
      const claims = tokens.claims();
      if (claims === undefined) throw answerInvalid('schema', { step: 'token' });
      const evidence = evidenceOf(claims);
      const authTime = authTimeOf(claims, tools.now());
      const person = await personOf(config, settings.oidcClaims, {
        claims,
        accessToken: tokens.access_token,
      });
      return { ...person, evidence, authTime };
    },
  };
}

async function begin(
  settings: UpstreamSettings,
  config: openid.Configuration,
  fresh: boolean,
): Promise<BegunTrip> {
  const [state, nonce, codeVerifier] = [
    openid.randomState(),
    openid.randomNonce(),
    openid.randomPKCECodeVerifier(),
  ];
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: settings.redirectUri,
    scope: [...new Set(['openid', ...settings.scopes])].join(' '),
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    max_age: fresh ? '0' : String(MAX_AGE_S),
    ...(fresh ? { prompt: 'login' } : {}),
  });
  return { url: url.href, state, kept: { codeVerifier, nonce } };
}

/** Only what was looked at goes on to openid-client. */
function returnedUrl({ redirectUri }: UpstreamSettings, { search, state }: Returned): URL {
  const url = new URL(redirectUri);
  try {
    const { code, iss } = readReturn(search, state);
    url.search = new URLSearchParams({ code, state, ...(iss === null ? {} : { iss }) }).toString();
    return url;
  } catch (error) {
    throw atStep(error, 'return');
  }
}

async function exchangeCode(config: openid.Configuration, returned: URL, { state, kept }: Returned) {
  const { codeVerifier, nonce } = kept;
  // Begun by the other profile, before the settings changed: openid-client would do without the checks.
  if (codeVerifier === null || nonce === null) throw answerInvalid('state', { step: 'return' });
  try {
    return await openid.authorizationCodeGrant(config, returned, {
      pkceCodeVerifier: codeVerifier,
      expectedNonce: nonce,
      expectedState: state,
      maxAge: MAX_AGE_S,
      idTokenExpected: true,
    });
  } catch (error) {
    throw atStep(error, 'token');
  }
}

function evidenceOf(claims: openid.IDToken): NamedPerson['evidence'] {
  const level = levelAnswer.safeParse(member(claims, 'acr'));
  const amr = amrAnswer.safeParse(member(claims, 'amr'));
  if (!level.success || !amr.success) throw answerInvalid('schema', { step: 'token' });
  return { level: level.data, amr: amr.data };
}

function authTimeOf(claims: openid.IDToken, now: Date): Date {
  const at = Number(claims.auth_time) * 1000;
  if (!(at <= now.getTime() + TOLERANCE_MS)) throw answerInvalid('auth-time', { step: 'token' });
  return new Date(Math.min(at, now.getTime()));
}

/** From the ID token; what it leaves out, from the user-info answer, which must be about the same `sub` (Core §5.3.2). */
async function personOf(
  config: openid.Configuration,
  names: ClaimNames,
  { claims, accessToken }: { claims: openid.IDToken; accessToken: string },
): Promise<Pick<NamedPerson, 'person' | 'ad' | 'soyad'>> {
  const inToken = pick(claims, names);
  const complete = Object.values(inToken).every((one) => one !== undefined);
  const needed = !complete && config.serverMetadata().userinfo_endpoint !== undefined;
  const inAnswer = needed ? pick(await userInfo(config, accessToken, claims.sub), names) : {};
  const said = { ...inAnswer, ...present(inToken) };
  const answer = personAnswer.safeParse(said);
  if (!answer.success) throw answerInvalid('schema', { step: needed ? 'userinfo' : 'token' });
  const { number, ad, soyad } = answer.data;
  return { person: number, ad, soyad };
}

function pick(from: object, names: ClaimNames) {
  return {
    number: member(from, names.number),
    ad: member(from, names.givenName),
    soyad: member(from, names.familyName),
  };
}

function present(claims: ReturnType<typeof pick>): Partial<ReturnType<typeof pick>> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

async function userInfo(config: openid.Configuration, accessToken: string, sub: string): Promise<object> {
  try {
    return await openid.fetchUserInfo(config, accessToken, sub);
  } catch (error) {
    throw atStep(error, 'userinfo');
  }
}
