import type { Express, Request, Response } from 'express';
import { readCookie, SESSION_COOKIE, setCookie, TRIP_COOKIE } from './cookies.js';
import { messagePage } from './layout.js';
import { KOOPBIS_PATHS } from './paths.js';
import type { KeptChecks } from './provider.js';
import { Pending } from './sessions.js';
import { fieldOf, type Shared } from './shared.js';

/** Start, return, step-up, sign-out, and the provider's word that a session is over. */
export function addSignInRoutes(app: Express, shared: Shared): void {
  const { provider, sessions, settings } = shared;
  const trips = new Pending<KeptChecks>(shared.now);
  const begin = async (response: Response, stepUp: boolean) => {
    const { url, kept } = await provider.begin(stepUp);
    setCookie(response, TRIP_COOKIE, trips.keep(kept));
    response.redirect(303, url.href);
  };

  app.get(KOOPBIS_PATHS.start, async (request, response) => {
    // Third-party initiated login (OpenID Connect Core §4): only our own provider may send people here.
    const { iss } = request.query;
    if (iss !== undefined && iss !== settings.issuer) {
      const tr = 'Bu uygulama yalnızca kendi giriş sunucusunu kullanır.';
      response
        .status(400)
        .send(
          messagePage('issuer-refused', 'Giriş başlatılmadı', tr, 'Another provider is not accepted here.'),
        );
      return;
    }
    await begin(response, false);
  });

  app.get(KOOPBIS_PATHS.stepUp, (_request, response) => begin(response, true));

  app.get(KOOPBIS_PATHS.callback, async (request, response) => {
    const kept = trips.take(readCookie(request, TRIP_COOKIE));
    setCookie(response, TRIP_COOKIE, null);
    // A return that this browser did not ask for would sign it in as somebody else.
    if (kept === undefined) return refuse(response, 'unsolicited');
    const search = searchOf(request);
    const error = search.get('error');
    if (error !== null) return refuse(response, error);
    const signedIn = await provider.finish(`?${search}`, kept).catch(() => null);
    if (signedIn === null) return refuse(response, 'invalid');
    sessions.end(readCookie(request, SESSION_COOKIE) ?? '');
    setCookie(response, SESSION_COOKIE, sessions.open(signedIn).id);
    response.redirect(303, KOOPBIS_PATHS.home);
  });

  app.post(KOOPBIS_PATHS.signOut, async (request, response) => {
    const session = shared.fromForm(request, response);
    if (session === undefined) return;
    sessions.end(session.id);
    setCookie(response, SESSION_COOKIE, null);
    response.redirect(303, (await provider.endUrl()).href);
  });

  app.post(KOOPBIS_PATHS.backChannelLogout, async (request, response) => {
    try {
      sessions.endNamed(await shared.checkLogout(fieldOf(request, 'logout_token')));
      response.status(200).end();
    } catch {
      response.status(400).json({ error: 'invalid_request' });
    }
  });
}

function searchOf(request: Request): URLSearchParams {
  return new URL(request.originalUrl, 'https://localhost').searchParams;
}

/** The provider's own page has said why; here stands that nothing came of it, and the way to begin again. */
function refuse(response: Response, reason: string): void {
  const tr = `Giriş tamamlanmadı (${reason.slice(0, 60)}). Ana sayfadan yeniden başlayabilirsiniz.`;
  const en = 'The sign-in was not completed. You can begin again from the home page.';
  response.status(400).send(messagePage('sign-in-refused', 'Giriş tamamlanmadı', tr, en));
}
