import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express';
import {
  ACCOUNT_PATH,
  confirmEnrolment,
  ENROL_PATH,
  endOwnSession,
  showAccount,
  showEnrolment,
  showNotice,
  start,
} from './account-pages.js';
import { showStep, takeStep } from './interaction-pages.js';
import { type PageKit, pageHandler, SignInEnded } from './page-handler.js';
import { returnFromUpstream } from './return-from-upstream.js';

/** A code, a token of a form and a session: far below a kilobyte. */
const MAX_FORM = '4kb';

/** Every page of sign-in and account. `mayPass`: whether this address may ask once more in this minute. */
export function createPagesRouter(kit: PageKit, mayPass: (address: string) => boolean): RequestHandler {
  const router = Router();
  const page = (work: Parameters<typeof pageHandler>[1]) =>
    pageHandler(kit, async (request, response) => {
      if (!mayPass(request.socket.remoteAddress ?? '')) throw new SignInEnded('SIGN_IN_TOO_OFTEN');
      await work(request, response);
    });
  const get = (path: string, work: (typeof HANDLERS)[number]) =>
    router.get(
      path,
      page((request, response) => work(request, response, kit)),
    );
  const post = (path: string, work: (typeof HANDLERS)[number]) =>
    router.post(
      path,
      express.urlencoded({ extended: false, limit: MAX_FORM, parameterLimit: 10 }),
      page(async (request, response) => {
        requireOwnForm(request.headers, kit.house.issuer);
        await work(request, response, kit);
      }),
    );
  router.get(kit.pages.stylesheet.path, (_request, response) => {
    response
      .type('text/css')
      .set('Cache-Control', 'public, max-age=31536000, immutable')
      .send(kit.pages.stylesheet.body);
  });
  get('/giris', start);
  get('/giris/donus', returnFromUpstream);
  get('/giris/adim/:uid', showStep);
  post('/giris/adim/:uid/:what', takeStep);
  get(ACCOUNT_PATH, showAccount);
  post(`${ACCOUNT_PATH}/oturumlar/kapat`, endOwnSession);
  get(ENROL_PATH, showEnrolment);
  post(ENROL_PATH, confirmEnrolment);
  get('/aydinlatma', showNotice);
  router.use(unreadable(kit));
  return router;
}

/**
 * What the router itself could not read (RFC 9110 §15.5): a form that is too long or in an unknown coding, an address with broken
 * escapes. The caller's fault is told on a page; every other error goes on.
 */
function unreadable(kit: PageKit): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'status') : null;
    if (typeof status !== 'number' || status < 400 || status > 499) {
      next(error);
      return;
    }
    const refuse = pageHandler(kit, async () => {
      throw new SignInEnded(request.method === 'POST' ? 'FORM_INVALID' : 'SIGN_IN_EXPIRED');
    });
    refuse(request, response, next);
  };
}

const HANDLERS = [
  start,
  showStep,
  takeStep,
  showAccount,
  endOwnSession,
  showEnrolment,
  confirmEnrolment,
  showNotice,
  returnFromUpstream,
] as const;

/** A form of ours comes from a page of ours: browsers say so, and what says otherwise is somebody else's form. */
function requireOwnForm(headers: Readonly<Record<string, unknown>>, issuer: string): void {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign =
    (origin !== undefined && origin !== issuer) || (site !== undefined && site !== 'same-origin');
  if (isForeign) throw new SignInEnded('FORM_INVALID');
}
