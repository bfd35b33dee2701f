import type { Request, Response } from 'express';
import { isBridgeError } from '../../errors/bridge-error.js';
import { SIGN_IN_CODES } from '../../errors/sign-in-code.js';
import { sendPage } from '../../pages/pages.js';
import { ACR_STEP_UP } from '../access-tokens.js';
import type { BrowserSession } from '../living-session.js';
import { fullName } from './interaction-pages.js';
import { field, type PageKit, SignInEnded, seeOther } from './page-handler.js';
import { signInUrl } from './sign-in-url.js';

export const ACCOUNT_PATH = '/hesabim';
export const ENROL_PATH = '/hesabim/ikinci-adim';

/** `GET /giris`: the one address that the portal's link leads to. */
export async function start(request: Request, response: Response, { house }: PageKit): Promise<void> {
  const { startUri, issuer } = house;
  if (startUri !== null) {
    const uri = new URL(startUri);
    uri.searchParams.set('iss', issuer);
    seeOther(response, uri.href);
    return;
  }
  const session = await house.current(request, response);
  seeOther(response, session === null ? signInUrl(issuer, ACCOUNT_PATH) : ACCOUNT_PATH);
}

/**
 * The browser's session, of a person who was informed (6698 m.10): before that no page says what is known of them, nor takes more.
 * Null: on to `signInUrl`, whose steps are e-Devlet and the notice, whichever is missing.
 */
async function informedSession(
  request: Request,
  response: Response,
  { house }: PageKit,
): Promise<BrowserSession | null> {
  const session = await house.current(request, response);
  return session !== null && (await house.hasReadNotice(session)) ? session : null;
}

/** `GET /hesabim`: who the person is for us, own sessions, second step, applications. */
export async function showAccount(request: Request, response: Response, kit: PageKit): Promise<void> {
  const { house, pages } = kit;
  const session = await informedSession(request, response, kit);
  if (session === null) {
    seeOther(response, signInUrl(house.issuer, ACCOUNT_PATH));
    return;
  }
  const [standing, sessions, device] = await Promise.all([
    house.standing(session),
    house.sessions(session),
    house.stepUp.state(session.tag),
  ]);
  const nameOf = new Map(house.applications.map(({ id, name }) => [id, name]));
  const html = pages.render('account', {
    names: fullName(session),
    standing,
    sessions: sessions.map(({ sessionId, openedAt, idleUntil, clients }) => ({
      sessionId,
      openedAt,
      idleUntil,
      applications: clients.map((id) => nameOf.get(id) ?? id),
      isCurrent: sessionId === session.sessionId,
    })),
    device: { enrolledAt: device.enrolledAt, recoveryCodesLeft: device.recoveryCodesLeft },
    csrf: house.formToken(session),
    applications: house.applications.flatMap(({ name, url }) => (url === null ? [] : [{ name, url }])),
    notice: { version: house.notice.version },
  });
  sendPage(response, 200, html, house.formTargets);
}

/** `POST /hesabim/oturumlar/kapat`: the person ends one of their own sessions, this one included. */
export async function endOwnSession(request: Request, response: Response, kit: PageKit): Promise<void> {
  const { house, pages } = kit;
  const session = await formOf(request, response, kit);
  const wanted = field(request, 'oturum');
  const own = await house.sessions(session);
  // Somebody else's session is as unknown as none.
  if (own.some(({ sessionId }) => sessionId === wanted)) await house.endOwn(session, wanted);
  // Not on to `/giris`: e-Devlet, where the person is still signed in, would open the next session at once.
  if (wanted === session.sessionId)
    sendPage(response, 200, pages.render('signed-out', {}), house.formTargets);
  else seeOther(response, ACCOUNT_PATH);
}

/** `GET /hesabim/ikinci-adim`: a new secret for the second step, for a person who has just signed in with two steps. */
export async function showEnrolment(request: Request, response: Response, kit: PageKit): Promise<void> {
  const { house } = kit;
  const session = await informedSession(request, response, kit);
  if (session === null) {
    seeOther(response, signInUrl(house.issuer, ENROL_PATH));
    return;
  }
  try {
    const shown = await house.stepUp.begin(session);
    const html = kit.pages.render('enrol', { csrf: house.formToken(session), shown, problem: null });
    sendPage(response, 200, html, house.formTargets);
  } catch (error) {
    if (isBridgeError(error, 'FRESH_SIGN_IN_REQUIRED'))
      seeOther(response, signInUrl(house.issuer, ENROL_PATH, { prompt: 'login' }));
    else if (isBridgeError(error, 'STEP_UP_REQUIRED'))
      seeOther(response, signInUrl(house.issuer, ENROL_PATH, { acr_values: ACR_STEP_UP }));
    else throw error;
  }
}

/** `POST /hesabim/ikinci-adim`: the first right code makes the secret count; recovery codes are shown once. */
export async function confirmEnrolment(request: Request, response: Response, kit: PageKit): Promise<void> {
  const { house, pages } = kit;
  const session = await formOf(request, response, kit);
  try {
    const { recoveryCodes } = await house.stepUp.confirm(session, field(request, 'kod'));
    const html = pages.render('recovery-codes', { codes: recoveryCodes, continueUrl: ACCOUNT_PATH });
    sendPage(response, 200, html, house.formTargets);
  } catch (error) {
    const problem = SIGN_IN_CODES.find((one) => one.startsWith('STEP_UP_') && isBridgeError(error, one));
    // Begun too long ago, or in another session: a new secret.
    if (isBridgeError(error, 'SIGN_IN_EXPIRED')) seeOther(response, ENROL_PATH);
    else if (problem === undefined) throw error;
    else {
      const html = pages.render('enrol', { csrf: house.formToken(session), shown: null, problem });
      sendPage(response, 403, html, house.formTargets);
    }
  }
}

/** The session of a form that came from our page. */
async function formOf(request: Request, response: Response, { house }: PageKit): Promise<BrowserSession> {
  const session = await house.current(request, response);
  if (session === null) throw new SignInEnded('SESSION_REQUIRED', '/giris');
  if (!house.formHolds(session, field(request, 'csrf'))) throw new SignInEnded('FORM_INVALID', ACCOUNT_PATH);
  return session;
}

/** `GET /aydinlatma`: the KVKK notice for whoever wants to read it. */
export async function showNotice(_request: Request, response: Response, kit: PageKit): Promise<void> {
  const { house, pages } = kit;
  sendPage(response, 200, pages.render('notice', { action: null, ...house.notice }), house.formTargets);
}
