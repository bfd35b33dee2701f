import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorOut, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import {
  configurationOf,
  DISCOVERY_PATH,
  OIDC_ROUTES,
  type ProviderSettings,
  type ProviderTools,
} from './configuration.js';
import type { SigningKey } from './keys.js';
import { reasonOf } from './refused-token.js';

/** A refused call of an application, with the client where it is known. */
interface RefusedCall {
  /** Registered by its certificate, or authenticated; null: nobody yet. */
  readonly client: string | null;
  readonly error: string;
  readonly reason: string;
  readonly sessionId: string | null;
  readonly address: string;
}

export interface ProviderEvents {
  /** Durable before the answer goes out. */
  tokenRefused(call: RefusedCall): Promise<void>;
  /** A token was given: the session is used for this application. */
  tokenGiven(given: {
    readonly sessionId: string;
    readonly clientId: string;
    readonly sid: string | null;
  }): Promise<void>;
  /** The person signed out; the session is over before the answer goes out. */
  signedOut(sessionId: string): Promise<void>;
  /** Something that is no caller's fault. */
  failed(error: unknown): void;
}

/** The provider as it is now: made anew when a key comes or goes, since it takes its keys at its making. All state is in the store. */
export interface CurrentProvider {
  get(): Provider;
  /** Takes these keys from now on; nothing happens where they are the same. */
  use(keys: readonly SigningKey[]): void;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** `oidc-provider` with our settings. `keys`: at least one that signs now. */
export function createProvider(
  settings: ProviderSettings,
  tools: ProviderTools,
  events: ProviderEvents,
  keys: readonly SigningKey[],
): CurrentProvider {
  let known = fingerprint(keys, tools.now());
  let provider = build(settings, tools, events, keys);
  let callback = provider.callback();
  const host = new URL(settings.issuer).host;
  return {
    get: () => provider,
    use: (next) => {
      const print = fingerprint(next, tools.now());
      if (print === known) return;
      provider = build(settings, tools, events, next);
      callback = provider.callback();
      known = print;
    },
    handle: async (request, response) => {
      // Addresses that the provider names come from the settings, whatever a caller writes into this header.
      request.headers.host = host;
      request.url = withoutQueryOfStep(request.url ?? '/');
      await callback(request, response);
    },
  };
}

/**
 * Going on after a step takes no parameters: those of its authorization request are kept. With some, and without that request,
 * `oidc-provider` 9.13 falls over its own error page.
 */
function withoutQueryOfStep(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path.startsWith(`${OIDC_ROUTES.authorization}/`) ? path : url;
}

/** Which keys, and which of them signs. */
function fingerprint(keys: readonly SigningKey[], now: Date): string {
  const signing = keys.filter((key) => key.signsFrom <= now).at(-1)?.jwk.kid ?? '';
  return [signing, ...keys.map((key) => key.jwk.kid)].join(' ');
}

function build(
  settings: ProviderSettings,
  tools: ProviderTools,
  events: ProviderEvents,
  keys: readonly SigningKey[],
): Provider {
  const provider = new Provider(settings.issuer, configurationOf(settings, keys, tools));
  const errors = new WeakMap<KoaContextWithOIDC, unknown>();
  const remember = (ctx: KoaContextWithOIDC, error: unknown) => errors.set(ctx, error);
  provider.on('grant.error', remember);
  provider.on('revocation.error', remember);
  provider.on('userinfo.error', remember);
  provider.on('server_error', (_ctx, error) => events.failed(error));
  // Without this the framework below prints message and stack as they are, and a message may quote what a caller sent.
  (provider as EventEmitter).on('error', (error: unknown) => events.failed(error));
  provider.use(async (ctx, next) => {
    // The other modes answer with a page that sends itself by script, which no page of ours may hold.
    const mode: unknown = ctx.path === OIDC_ROUTES.authorization ? ctx.query.response_mode : undefined;
    if (mode !== undefined && mode !== 'query') {
      ctx.status = 400;
      tools.renderError(ctx as KoaContextWithOIDC, 'unsupported_response_mode');
      return;
    }
    await next();
    // Another method than GET has no body.
    if (ctx.path === DISCOVERY_PATH && ctx.status === 200) tellLess(ctx.body as Record<string, unknown>);
    const { oidc } = ctx as KoaContextWithOIDC;
    if (oidc === undefined) return;
    if (oidc.route === 'end_session') goOnSignedOut(ctx as KoaContextWithOIDC);
    if (oidc.route === 'end_session_confirm') await ended(ctx as KoaContextWithOIDC, events);
    if (
      ctx.path === OIDC_ROUTES.token ||
      ctx.path === OIDC_ROUTES.revocation ||
      ctx.path === OIDC_ROUTES.userinfo
    )
      await answered(ctx as KoaContextWithOIDC, errors, tools, events);
  });
  return provider;
}

/** Of what the provider says it can do, what is meant for applications: our own pages sign in without a code and without a secret. */
function tellLess(metadata: Record<string, unknown>): void {
  metadata.response_modes_supported = ['query'];
  metadata.response_types_supported = ['code'];
  metadata.token_endpoint_auth_methods_supported = ['tls_client_auth', 'private_key_jwt'];
}

/** Nobody is signed in: the provider would answer with a page that sends itself by script. Its target is checked by then. */
function goOnSignedOut(ctx: KoaContextWithOIDC): void {
  const { session, issuer } = ctx.oidc;
  if (ctx.status !== 200 || session === undefined || session.accountId !== undefined) return;
  const { postLogoutRedirectUri, state } = (session.state ?? {}) as Partial<Record<string, string>>;
  const target = new URL(postLogoutRedirectUri ?? `${OIDC_ROUTES.end_session}/success`, issuer);
  if (postLogoutRedirectUri !== undefined && state !== undefined) target.searchParams.set('state', state);
  ctx.status = 303;
  ctx.redirect(target.href);
}

async function ended(ctx: KoaContextWithOIDC, events: ProviderEvents): Promise<void> {
  const { session, params } = ctx.oidc;
  const accountId = session?.accountId;
  if (ctx.status !== 303 || accountId === undefined || !params?.logout) return;
  await events.signedOut(accountId);
}

async function answered(
  ctx: KoaContextWithOIDC,
  errors: WeakMap<KoaContextWithOIDC, unknown>,
  tools: ProviderTools,
  events: ProviderEvents,
): Promise<void> {
  const { entities } = ctx.oidc;
  if (ctx.status >= 400) {
    const body = ctx.body as Partial<ErrorOut> | undefined;
    const source = entities.AuthorizationCode ?? entities.RefreshToken;
    await events.tokenRefused({
      client:
        tools.registeredClient(ctx) ?? (ctx.status === 401 ? null : (entities.Client?.clientId ?? null)),
      error: typeof body?.error === 'string' ? body.error : 'invalid_request',
      reason: reasonOf(errors.get(ctx)),
      sessionId: source?.accountId ?? null,
      address: ctx.req.socket.remoteAddress ?? '',
    });
    return;
  }
  const token = entities.AccessToken;
  if (ctx.path !== OIDC_ROUTES.token || token?.accountId === undefined || token.clientId === undefined)
    return;
  await events.tokenGiven({
    sessionId: token.accountId,
    clientId: token.clientId,
    sid: entities.AuthorizationCode?.sid ?? entities.RefreshToken?.sid ?? null,
  });
}
