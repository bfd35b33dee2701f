import type { SystemRequest, Verdict } from '../http/national-system.js';
import { browserOf, setBrowser } from './browser-cookie.js';
import { findClient } from './clients.js';
import { readScope } from './kapsam.js';
import type { Asked } from './logins.js';
import { deniedUrl, errorPage } from './pages.js';
import { type EdevletParts, PATHS } from './parts.js';
import { readForm } from './read-form.js';
import { Refused } from './refused.js';
import { redirect } from './replies.js';

/** Stricter than known: 32 URL-safe characters are what a relying party should send (facts/e-devlet.md §2). */
const STATE = /^[A-Za-z0-9._~-]{32,512}$/;
const WRONG_REQUEST = 'Uygulamanın giriş isteği hatalı. Uygulamanın sahibine başvurun.';

/**
 * AuthorizationController: checks the request and moves the browser to the login. Whatever is wrong is told on a page of
 * our own: nothing is ever sent to an address that was not registered.
 */
export function authorize(request: SystemRequest, query: string, parts: EdevletParts): Verdict {
  const seen = [{ action: 'authorize' }];
  try {
    const asked = readAsked(query, parts);
    if (request.fault?.kind === 'cancel')
      return { seen, refused: 'fault-cancel', reply: redirect(deniedUrl(asked, 'Kullanici vazgecti')) };
    const continueTo = `${PATHS.authorize}?${query}`;
    const login = parts.logins.begin(browserOf(request.headers.cookie), asked, continueTo);
    const page = new URLSearchParams({ oauthClientId: asked.client.clientId, continue: continueTo });
    return { seen, reply: redirect(`${PATHS.login}?${page}`, setBrowser(login.browser)) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { reason: code, text } = error;
    return { seen, refused: code, reply: errorPage(400, { code, text }) };
  }
}

function readAsked(query: string, { clients }: EdevletParts): Asked {
  const read = readForm(query);
  if (!read.ok) throw refused(`query-${read.problem}`);
  const { fields } = read;
  const client = findClient(clients, fields.get('client_id'));
  if (client === undefined) throw refused('client');
  const redirectUri = fields.get('redirect_uri');
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri)) throw refused('redirect-uri');
  // A secret has no business in a browser.
  if (fields.has('client_secret')) throw refused('secret-in-browser');
  if (fields.get('response_type') !== 'code') throw refused('response-type');
  const scopes = readScope(fields.get('scope') ?? '', client.separator);
  if (scopes === null) throw refused('scope');
  const state = fields.get('state');
  if (state === undefined || !STATE.test(state)) throw refused('state');
  return { client, redirectUri, scopes, state };
}

function refused(reason: string): Refused {
  return new Refused(reason, { code: reason, text: WRONG_REQUEST });
}
