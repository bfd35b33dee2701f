import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { readCookie, SESSION_COOKIE } from './cookies.js';
import { homePage } from './home-page.js';
import { messagePage, STYLESHEET } from './layout.js';
import { addMemberRoutes } from './member-routes.js';
import { KOOPBIS_PATHS } from './paths.js';
import { holdsToken, Sessions } from './sessions.js';
import { fieldOf, type KoopbisParts, type Shared } from './shared.js';
import { addSignInRoutes } from './sign-in-routes.js';

/** A form has five fields; a logout token some 900 bytes. */
const MAX_BODY = '16kb';

/** The demonstration of a KOOPBİS application: a client of the bridge like any other, without a word of its code. */
export function createKoopbis(parts: KoopbisParts): Express {
  const app = express();
  const sessions = new Sessions(parts.now);
  const current = (request: Request) => sessions.find(readCookie(request, SESSION_COOKIE));
  const shared: Shared = {
    ...parts,
    sessions,
    current,
    fromForm: (request, response) => {
      const session = current(request);
      if (session !== undefined && holdsToken(session, fieldOf(request, 'csrf'))) return session;
      const tr = 'Form bu oturumdan gönderilmedi. Sayfayı yeniden açın.';
      response
        .status(403)
        .send(
          messagePage(
            'form-refused',
            'Form kabul edilmedi',
            tr,
            'The form is not from a page of this session.',
          ),
        );
      return undefined;
    },
  };
  app.disable('x-powered-by').disable('etag');
  app.use(protect(new URL(parts.settings.issuer).origin));
  app.use(express.urlencoded({ extended: false, limit: MAX_BODY }));
  app.get(KOOPBIS_PATHS.stylesheet, (_request, response) => {
    response.type('css').send(STYLESHEET);
  });
  app.get(KOOPBIS_PATHS.home, (request, response) => {
    response.send(homePage(current(request), parts.settings.issuer));
  });
  app.get(KOOPBIS_PATHS.command, (_request, response) => {
    const tr = 'Bu kod sandbox:token komutuna aittir; burada kimse onu kullanmaz.';
    const en = 'The code in this address belongs to the command sandbox:token; nobody takes it here.';
    response.send(messagePage('command', 'Komutun dönüş adresi', tr, en));
  });
  addSignInRoutes(app, shared);
  addMemberRoutes(app, shared);
  app.use((_request: Request, response: Response) => {
    response
      .status(404)
      .send(messagePage('not-found', 'Sayfa yok', 'Böyle bir sayfa yok.', 'There is no such page.'));
  });
  app.use((error: { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
    const tr = 'Bir hata oldu; hiçbir şey kaydedilmedi.';
    response
      .status(error.status ?? 500)
      .send(messagePage('failed', 'Hata', tr, 'Something failed; nothing was saved.'));
  });
  return app;
}

/** No script, no frame, nothing from elsewhere; forms go here or, at the end, on to the provider. */
function protect(issuer: string) {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    `form-action 'self' ${issuer}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  return (_request: Request, response: Response, next: NextFunction) => {
    response.set({
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
    });
    next();
  };
}
