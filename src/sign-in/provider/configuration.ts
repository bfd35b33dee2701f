import type { TLSSocket } from 'node:tls';
import {
  type Account,
  type AdapterFactory,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { ACR_STEP_UP, ACR_TWO_STEP } from '../access-tokens.js';
import type { BrowserSession } from '../living-session.js';
import { accountOf, pairwiseSubject } from './account.js';
import { type Application, clientMetadata, ownPagesMetadata, registeredAs } from './clients.js';
import { inSigningOrder, type SigningKey } from './keys.js';
import { createPolicy, type PolicyTools, strengthOf } from './policy.js';
import { reasonOf } from './refused-token.js';

/** Lifetimes, addresses and keys. Times in seconds. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly apiOrigin: string;
  /** The first signs cookies. */
  readonly cookieKeys: readonly string[];
  readonly pairwiseKey: Buffer;
  readonly absoluteS: number;
  readonly interactionS: number;
  readonly accessTokenS: number;
  readonly codeS: number;
  readonly applications: readonly Application[];
}

/** What the provider's callbacks ask the house. */
export interface ProviderTools extends PolicyTools {
  readonly adapter: AdapterFactory;
  /** The session of a token or browser, moved on by this use; null where it is over. */
  use(sessionId: string): Promise<BrowserSession | null>;
  /** The session, also where it is over: to tell applications that it is. */
  subjectOf(sessionId: string): Promise<BrowserSession['person'] | null>;
  /** The registered client whose certificate this request showed; null on `web`, which never asks for one. */
  registeredClient(ctx: KoaContextWithOIDC): string | null;
  /** `reason`: a closed word for the operator's log. */
  renderError(ctx: KoaContextWithOIDC, reason: string): void;
  renderSignOut(ctx: KoaContextWithOIDC, xsrf: string): void;
  renderSignedOut(ctx: KoaContextWithOIDC): void;
}

/** Paths of the provider, all below one. */
export const OIDC_ROUTES = {
  authorization: '/oidc/auth',
  token: '/oidc/token',
  jwks: '/oidc/jwks',
  userinfo: '/oidc/userinfo',
  revocation: '/oidc/token/revocation',
  end_session: '/oidc/session/end',
} as const;

/** Discovery (OpenID Connect Discovery §4). */
export const DISCOVERY_PATH = '/.well-known/openid-configuration';

/** Those that a client calls with its certificate, on the other listener (RFC 8705 §5). */
export const OIDC_API_PATHS: readonly string[] = [
  OIDC_ROUTES.token,
  OIDC_ROUTES.userinfo,
  OIDC_ROUTES.revocation,
];

/** The configuration of `oidc-provider`: only what KOOPBİS needs is on. */
export function configurationOf(
  settings: ProviderSettings,
  keys: readonly SigningKey[],
  tools: ProviderTools,
): Configuration {
  const { issuer, apiOrigin, absoluteS } = settings;
  return {
    adapter: tools.adapter,
    clients: [...settings.applications.map(clientMetadata), ownPagesMetadata(issuer)],
    jwks: { keys: inSigningOrder(keys, tools.now()).map((key) => key.jwk) as never },
    acrValues: [ACR_TWO_STEP, ACR_STEP_UP],
    scopes: ['openid', 'kimlik'],
    claims: {
      acr: null,
      auth_time: null,
      iss: null,
      sid: null,
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      kimlik: ['kimlik_no', 'given_name', 'family_name'],
    },
    // CONTRACT §5: the ID token itself carries what a scope gives.
    conformIdTokenClaims: false,
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: async (_ctx, accountId, client) => {
      const person = await tools.subjectOf(accountId);
      if (person === null) throw new Error('no such session');
      return pairwiseSubject(settings.pairwiseKey, client.clientId, person);
    },
    responseTypes: ['code', 'none'],
    clientAuthMethods: ['tls_client_auth', 'private_key_jwt', 'none'],
    enabledJWA: {
      clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      idTokenSigningAlgValues: ['RS256'],
    },
    assertJwtClientAuthClaimsAndHeader: (ctx, _claims, _header, client) => {
      // Its tokens would be bound to a key that only somebody else has.
      const shown = tools.registeredClient(ctx);
      if (shown !== null && shown !== client.clientId)
        throw new errors.InvalidClientAuth('certificate subject value is that of another client');
    },
    pkce: { required: () => true },
    routes: OIDC_ROUTES,
    cookies: cookiesOf(settings),
    ttl: {
      AccessToken: settings.accessTokenS,
      AuthorizationCode: settings.codeS,
      Grant: absoluteS,
      IdToken: settings.accessTokenS,
      Interaction: settings.interactionS,
      RefreshToken: absoluteS,
      Session: absoluteS,
    },
    features: featuresOf(tools),
    discovery: {
      mtls_endpoint_aliases: {
        token_endpoint: `${apiOrigin}${OIDC_ROUTES.token}`,
        userinfo_endpoint: `${apiOrigin}${OIDC_ROUTES.userinfo}`,
        revocation_endpoint: `${apiOrigin}${OIDC_ROUTES.revocation}`,
      },
      ui_locales_supported: ['tr', 'en'],
    },
    // Everything dies with the session.
    expiresWithSession: () => true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    extraTokenClaims: (ctx) => stepUpOf(ctx, tools),
    interactions: {
      policy: createPolicy(tools),
      url: (_ctx, interaction) => `/giris/adim/${interaction.uid}`,
    },
    findAccount: async (_ctx, accountId): Promise<Account | undefined> => {
      const session = await tools.use(accountId);
      return session === null ? undefined : accountOf(session);
    },
    loadExistingGrant,
    renderError: (ctx, _out, error) => tools.renderError(ctx, reasonOf(error)),
    // Back-channel logout goes out by our own queue, which tries again; nothing else here fetches.
    fetch: async () => new Response(null, { status: 204 }),
  };
}

/** What is on, and what is off on purpose. */
function featuresOf(tools: ProviderTools): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    resourceIndicators: { enabled: false },
    revocation: {
      enabled: true,
      allowedPolicy: async (_ctx, client, token) => {
        if (token.clientId === client.clientId) return true;
        throw new errors.InvalidRequest('client mismatch');
      },
    },
    userinfo: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate: certificateOf,
      // The listener lets no other certificate through its handshake.
      certificateAuthorized: (ctx) => tools.registeredClient(ctx) !== null,
      certificateSubjectMatches: (ctx, _property, expected) => {
        const client = tools.registeredClient(ctx);
        return client !== null && registeredAs(client) === expected;
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx) => tools.renderSignOut(ctx, secretOf(ctx)),
      postLogoutSuccessSource: (ctx) => tools.renderSignedOut(ctx),
    },
  };
}

/**
 * `__Host-`: no other host can set or widen it. `lax`: it comes along when e-Devlet sends the browser back, and with no form that
 * another site sends.
 */
function cookiesOf({ cookieKeys }: ProviderSettings): NonNullable<Configuration['cookies']> {
  const common = { httpOnly: true, sameSite: 'lax', secure: true, signed: true } as const;
  return {
    keys: [...cookieKeys],
    names: {
      session: '__Host-koopbis',
      interaction: '__Secure-koopbis-adim',
      resume: '__Secure-koopbis-devam',
    },
    long: { ...common, path: '/' },
    short: common,
  };
}

function certificateOf(ctx: KoaContextWithOIDC) {
  return (ctx.socket as TLSSocket).getPeerX509Certificate();
}

/** What an application gets is its registration: each scope that it may ask for is granted. */
const loadExistingGrant: NonNullable<Configuration['loadExistingGrant']> = async (ctx) => {
  const { client, provider, session } = ctx.oidc;
  const accountId = session?.accountId;
  if (client === undefined || accountId === undefined) return undefined;
  const known = session?.grantIdFor(client.clientId);
  const held = known === undefined ? undefined : await provider.Grant.find(known);
  if (held !== undefined && held.accountId === accountId) return held;
  const grant = new provider.Grant({ clientId: client.clientId, accountId });
  grant.addOIDCScope(client.scope ?? 'openid');
  await grant.save();
  return grant;
};

/**
 * Kept with an access token: until when it counts as stepped up, where its code or refresh token was asked for with step-up. Where
 * that has decayed, the source says so from here on: the ID token is made of it after this, and must promise no more than the API.
 */
async function stepUpOf(
  ctx: KoaContextWithOIDC,
  tools: ProviderTools,
): Promise<Record<string, unknown> | undefined> {
  const { AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities;
  const source = code ?? refresh;
  if (source?.acr !== ACR_STEP_UP || source.accountId === undefined) return undefined;
  const session = await tools.session(source.accountId);
  const until = session?.stepUpUntil ?? null;
  if (until !== null && until > tools.now()) return { stepUpUntil: until.getTime() };
  // Only a sign-in with two steps can be stepped up.
  Object.assign(source, strengthOf(session ?? { acr: ACR_TWO_STEP }, false));
  return undefined;
}

function secretOf(ctx: KoaContextWithOIDC): string {
  const state = ctx.oidc.session?.state as { secret?: string } | undefined;
  return state?.secret ?? '';
}
