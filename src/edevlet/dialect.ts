import * as openid from 'openid-client';
import { fetchOver, libraryTimeoutS, secretInBody } from './client.js';
import type { Exchange } from './exchange.js';
import { answerInvalid, atStep } from './failures.js';
import { member } from './json-answer.js';
import { levelAnswer, personAnswer } from './person-answer.js';
import type { BegunTrip, KeptSecrets, NamedPerson, Upstream } from './port.js';
import { askResource } from './resource-call.js';
import { readReturn } from './return.js';
import type { AnswerNames, UpstreamSettings } from './settings.js';
import { normalisedTokenAnswer } from './token-answer.js';

/**
 * e-Devlet in its own dialect of OAuth 2.0 (facts/e-devlet.md §2-§4, §7). `fresh` is not known to be understood there, so nothing is
 * sent for it. Throws TypeError where an address of the settings is none.
 */
export function createDialect(settings: UpstreamSettings, exchange: Exchange): Upstream {
  const config = configuration(settings, exchange);
  const resource = {
    exchange,
    clientId: settings.clientId,
    url: addressOf(settings, settings.resourcePath),
  };
  const ask = (accessToken: string, step: 'identity' | 'names', scope: string) =>
    askResource(resource, settings.resource, { step, scope, accessToken });
  const { identityScope, nameScope, answer } = settings.resource;
  return {
    profile: 'e-devlet',
    begin: () => begin(settings, config),
    finish: async (search, state, kept) => {
      const accessToken = await exchangeCode(settings, config, { search, state, kept });
      const level = levelOf(await ask(accessToken, 'identity', identityScope), answer);
      const person = personOf(await ask(accessToken, 'names', nameScope), answer);
      return { ...person, evidence: { level, amr: [] }, authTime: null };
    },
  };
}

function configuration(settings: UpstreamSettings, exchange: Exchange): openid.Configuration {
  const config = new openid.Configuration(
    {
      issuer: settings.baseUrl,
      authorization_endpoint: addressOf(settings, settings.authorizePath),
      token_endpoint: addressOf(settings, settings.tokenPath),
    },
    settings.clientId,
    undefined,
    secretInBody(settings.clientSecret),
  );
  config[openid.customFetch] = fetchOver(exchange, normalisedTokenAnswer);
  config.timeout = libraryTimeoutS(settings.timeoutMs);
  return config;
}

async function begin(settings: UpstreamSettings, config: openid.Configuration): Promise<BegunTrip> {
  const state = openid.randomState();
  const codeVerifier = settings.pkce ? openid.randomPKCECodeVerifier() : null;
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: settings.redirectUri,
    scope: settings.scopes.join(settings.scopeSeparator),
    state,
    ...(codeVerifier === null
      ? {}
      : {
          code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        }),
  });
  return { url: url.href, state, kept: { codeVerifier, nonce: null } };
}

async function exchangeCode(
  { redirectUri }: UpstreamSettings,
  config: openid.Configuration,
  { search, state, kept }: { search: string; state: string; kept: KeptSecrets },
): Promise<string> {
  const returned = new URL(redirectUri);
  returned.search = new URLSearchParams({ code: codeOf(search, state), state }).toString();
  const { codeVerifier } = kept;
  try {
    const tokens = await openid.authorizationCodeGrant(config, returned, {
      expectedState: state,
      ...(codeVerifier === null ? {} : { pkceCodeVerifier: codeVerifier }),
    });
    return tokens.access_token;
  } catch (error) {
    throw atStep(error, 'token');
  }
}

function codeOf(search: string, state: string): string {
  try {
    return readReturn(search, state).code;
  } catch (error) {
    throw atStep(error, 'return');
  }
}

function levelOf(json: object, names: AnswerNames): string | null {
  const level = levelAnswer.safeParse(member(json, names.level));
  if (!level.success) throw answerInvalid('schema', { step: 'identity' });
  return level.data;
}

function personOf(json: object, names: AnswerNames): Pick<NamedPerson, 'person' | 'ad' | 'soyad'> {
  const holder = member(json, names.person);
  const answer = personAnswer.safeParse({
    number: member(holder, names.number),
    ad: member(holder, names.givenName),
    soyad: member(holder, names.familyName),
  });
  if (!answer.success) throw answerInvalid('schema', { step: 'names' });
  const { number, ad, soyad } = answer.data;
  return { person: number, ad, soyad };
}

/** Below `baseUrl`, whether it ends in a slash or not. */
function addressOf({ baseUrl }: UpstreamSettings, path: string): string {
  return new URL(path, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`).href;
}
