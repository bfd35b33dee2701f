import { OWN_PAGES_CLIENT } from '../provider/clients.js';
import { OIDC_ROUTES } from '../provider/configuration.js';

/** The address that signs a person in to one of our own pages: the flow without a code, since the session is all that is wanted. */
export function signInUrl(issuer: string, path: string, more: Readonly<Record<string, string>> = {}): string {
  const params = new URLSearchParams({
    client_id: OWN_PAGES_CLIENT,
    response_type: 'none',
    scope: 'openid',
    redirect_uri: `${issuer}${path}`,
    ...more,
  });
  return `${OIDC_ROUTES.authorization}?${params}`;
}
