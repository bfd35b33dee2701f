import type { ClientMetadata } from 'oidc-provider';

/** An application of a registered client, as the settings have it. `jwks`: its public keys (RFC 7517), null where it has none. */
export interface Application {
  readonly id: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly backChannelLogoutUri: string | null;
  readonly initiateLoginUri: string | null;
  readonly authentication: 'tls_client_auth' | 'private_key_jwt';
  readonly jwks: { readonly keys: readonly object[] } | null;
  readonly scopes: readonly string[];
  /** CAs beside the system's own that its server may have, PEM. */
  readonly ca: readonly string[];
}

/** Our own pages as a client: signs people in without an application, and gets no code. */
export const OWN_PAGES_CLIENT = 'bridge';

/** Where people come back to who were sent to sign in, or to the second step, from a page of the console; `state` says which. */
export const CONSOLE_RETURN_PATH = '/konsol/don';

/** What stands in a client's metadata instead of a subject: certificates are registered by thumbprint. */
export function registeredAs(clientId: string): string {
  return `urn:koopbis:client:${clientId}`;
}

/** Metadata (RFC 7591) of an application. Every access token that it gets is bound to the certificate that it shows. */
export function clientMetadata(application: Application): ClientMetadata {
  const { authentication, jwks, backChannelLogoutUri, initiateLoginUri } = application;
  return {
    client_id: application.id,
    client_name: application.name,
    redirect_uris: [...application.redirectUris],
    post_logout_redirect_uris: [...application.postLogoutRedirectUris],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: application.scopes.join(' '),
    subject_type: 'pairwise',
    require_auth_time: true,
    tls_client_certificate_bound_access_tokens: true,
    ...(authentication === 'tls_client_auth'
      ? {
          token_endpoint_auth_method: 'tls_client_auth',
          tls_client_auth_san_uri: registeredAs(application.id),
        }
      : { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [...(jwks?.keys ?? [])] } as never }),
    ...(backChannelLogoutUri === null
      ? {}
      : { backchannel_logout_uri: backChannelLogoutUri, backchannel_logout_session_required: true }),
    ...(initiateLoginUri === null ? {} : { initiate_login_uri: initiateLoginUri }),
  };
}

/** Metadata of our own pages: the flow without code and without token. */
export function ownPagesMetadata(issuer: string): ClientMetadata {
  return {
    client_id: OWN_PAGES_CLIENT,
    client_name: 'KOOPBİS',
    redirect_uris: [`${issuer}/hesabim`, `${issuer}/hesabim/ikinci-adim`, `${issuer}${CONSOLE_RETURN_PATH}`],
    post_logout_redirect_uris: [],
    response_types: ['none'],
    grant_types: [],
    scope: 'openid',
    subject_type: 'pairwise',
    token_endpoint_auth_method: 'none',
  };
}
