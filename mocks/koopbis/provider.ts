import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  TlsClientAuth,
} from 'openid-client';
import { KOOPBIS_PATHS } from './paths.js';
import type { SecureFetch } from './secure-fetch.js';
import type { KoopbisSettings } from './settings.js';

export const ACR_STEP_UP = 'urn:koopbis:acr:step-up';
/** Discovered once; a provider that moved an address is asked again after this time. */
const REDISCOVER_MS = 3_600_000;

/** What is kept on the server between the start of a sign-in and its return. */
export interface KeptChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly stepUp: boolean;
}

/** `expiresAt` in milliseconds. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string | null;
  readonly expiresAt: number;
}

/** Who signed in, as the ID token says. */
export interface SignedIn {
  readonly sub: string;
  readonly sid: string | null;
  readonly kimlikNo: string;
  readonly ad: string;
  readonly soyad: string;
  readonly acr: string;
  readonly amr: readonly string[];
  /** Seconds since 1970; null where it was not told. */
  readonly authTime: number | null;
  readonly tokens: Tokens;
}

/** The OpenID provider as this application uses it; nothing here is ours alone, all of it is OpenID Connect by discovery. */
export interface Provider {
  begin(stepUp: boolean): Promise<{ readonly url: URL; readonly kept: KeptChecks }>;
  /** `search`: the query of the return. Throws where anything does not hold. */
  finish(search: string, kept: KeptChecks): Promise<SignedIn>;
  refresh(tokens: Tokens): Promise<Tokens | null>;
  endUrl(): Promise<URL>;
  /** Where the provider's keys stand, and which algorithms it signs with. */
  keys(): Promise<{ readonly issuer: string; readonly jwksUri: URL; readonly algorithms: readonly string[] }>;
}

type Place = Pick<KoopbisSettings, 'issuer' | 'origin' | 'client'>;

/** The provider at `issuer`, spoken to over `fetchBy`, which carries the application's certificate. */
export function createProvider(settings: Place, fetchBy: SecureFetch, now: () => number): Provider {
  const configuration = discovered(settings, fetchBy, now);
  const redirectUri = `${settings.origin}${KOOPBIS_PATHS.callback}`;
  return {
    begin: async (stepUp) => {
      const kept = {
        state: randomState(),
        nonce: randomNonce(),
        codeVerifier: randomPKCECodeVerifier(),
        stepUp,
      };
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid kimlik',
        state: kept.state,
        nonce: kept.nonce,
        code_challenge: await calculatePKCECodeChallenge(kept.codeVerifier),
        code_challenge_method: 'S256',
        ...(stepUp ? { acr_values: ACR_STEP_UP } : {}),
      });
      return { url, kept };
    },
    finish: async (search, kept) => {
      const tokens = await authorizationCodeGrant(await configuration(), new URL(redirectUri + search), {
        expectedState: kept.state,
        expectedNonce: kept.nonce,
        pkceCodeVerifier: kept.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('no ID token');
      if (kept.stepUp && claims.acr !== ACR_STEP_UP) throw new Error('the sign-in was not stepped up');
      return { ...personOf(claims), tokens: tokensOf(tokens, now()) };
    },
    refresh: async ({ refresh }) => {
      if (refresh === null) return null;
      const tokens = await refreshTokenGrant(await configuration(), refresh);
      return tokensOf({ refresh_token: refresh, ...tokens }, now());
    },
    // By client_id, which the library adds: an ID token of the scope `kimlik` holds number and names, and addresses are kept by many.
    endUrl: async () =>
      buildEndSessionUrl(await configuration(), {
        post_logout_redirect_uri: `${settings.origin}${KOOPBIS_PATHS.home}`,
      }),
    keys: async () => {
      const server = (await configuration()).serverMetadata();
      if (server.jwks_uri === undefined) throw new Error('the provider names no keys');
      const algorithms = server.id_token_signing_alg_values_supported as readonly string[] | undefined;
      return { issuer: server.issuer, jwksUri: new URL(server.jwks_uri), algorithms: algorithms ?? [] };
    },
  };
}

/** Discovery at the first use, so that the application starts before the bridge; a failed one is not kept. */
function discovered(
  { issuer, client }: Place,
  fetchBy: SecureFetch,
  now: () => number,
): () => Promise<Configuration> {
  let known: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined;
  return () => {
    if (known === undefined || now() - known.at > REDISCOVER_MS) {
      const metadata = { use_mtls_endpoint_aliases: true };
      const options = { [customFetch]: fetchBy };
      const configuration = discovery(new URL(issuer), client.id, metadata, TlsClientAuth(), options);
      known = { at: now(), configuration };
      configuration.catch(() => {
        known = undefined;
      });
    }
    return known.configuration;
  };
}

function personOf(claims: Readonly<Record<string, unknown>> & { sub: string }) {
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : '');
  const { sub, sid, amr, auth_time: authTime } = claims;
  return {
    sub,
    sid: typeof sid === 'string' ? sid : null,
    kimlikNo: text('kimlik_no'),
    ad: text('given_name'),
    soyad: text('family_name'),
    acr: text('acr'),
    amr: Array.isArray(amr) ? amr.map(String) : [],
    authTime: typeof authTime === 'number' ? authTime : null,
  };
}

function tokensOf(
  tokens: { access_token?: string; refresh_token?: string | undefined; expires_in?: number | undefined },
  now: number,
): Tokens {
  const { access_token: access = '', refresh_token: refresh, expires_in: seconds = 0 } = tokens;
  return { access, refresh: refresh ?? null, expiresAt: now + seconds * 1000 };
}
