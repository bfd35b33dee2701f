import * as openid from 'openid-client';
import type { BridgeError } from '../errors/bridge-error.js';
import { fetchOver, libraryTimeoutS, secretInBody } from './client.js';
import type { Answered, Exchange } from './exchange.js';
import { atStep, type UpstreamReason, unavailable } from './failures.js';
import type { UpstreamSettings } from './settings.js';

/** Addresses of an issuer change in years; an hour follows a move soon enough. */
const FRESH_MS = 3_600_000;
/** What was known goes on being used where asking again fails, and is asked for again after this. */
const RETRY_MS = 60_000;

/**
 * What the issuer says of itself (OpenID Connect Discovery 1.0), asked once an hour at the most, by one call for all that wait.
 * A first failure is not kept: whoever comes next asks again. Errors: `UPSTREAM_UNAVAILABLE`.
 */
export function createDiscovery(
  settings: UpstreamSettings,
  tools: { readonly exchange: Exchange; now(): Date },
): () => Promise<openid.Configuration> {
  let known: openid.Configuration | null = null;
  let goodUntil = 0;
  let running: Promise<openid.Configuration> | null = null;
  const ask = async (): Promise<openid.Configuration> => {
    try {
      known = await discover(settings, tools.exchange);
      goodUntil = tools.now().getTime() + FRESH_MS;
    } catch (error) {
      if (known === null) throw failure(error);
      goodUntil = tools.now().getTime() + RETRY_MS;
    }
    return known;
  };
  return () => {
    if (known !== null && tools.now().getTime() < goodUntil) return Promise.resolve(known);
    running ??= ask().finally(() => {
      running = null;
    });
    return running;
  };
}

async function discover(settings: UpstreamSettings, exchange: Exchange): Promise<openid.Configuration> {
  const config = await openid.discovery(
    new URL(settings.issuer ?? settings.baseUrl),
    settings.clientId,
    { require_auth_time: true },
    secretInBody(settings.clientSecret),
    {
      [openid.customFetch]: fetchOver(exchange, responseOf),
      timeout: libraryTimeoutS(settings.timeoutMs),
      // Without it the signature of an ID token is left unchecked: TLS alone would vouch for it (OpenID Connect Core §3.1.3.7).
      execute: [openid.enableNonRepudiationChecks],
    },
  );
  const { authorization_endpoint, token_endpoint, jwks_uri } = config.serverMetadata();
  const all = [authorization_endpoint, token_endpoint, jwks_uri];
  if (!all.every((one) => one?.startsWith('https://'))) throw unavailable('schema');
  return config;
}

/** Whatever is wrong with it: without what the issuer says of itself nobody can be asked. */
function failure(error: unknown): BridgeError {
  const { reason, ...fields } = atStep(error, 'discovery').fields;
  return unavailable((reason ?? 'protocol') as UpstreamReason, fields);
}

function responseOf({ status, contentType, challenge, body }: Answered): Response {
  const headers = new Headers({ 'content-type': contentType });
  if (challenge !== '') headers.set('www-authenticate', challenge);
  return new Response(new Uint8Array(body), { status, headers });
}
