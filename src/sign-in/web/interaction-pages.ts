import type { Request, Response } from 'express';
import { errors } from 'oidc-provider';
import { isBridgeError } from '../../errors/bridge-error.js';
import { SIGN_IN_CODES, type SignInCode } from '../../errors/sign-in-code.js';
import { sendPage } from '../../pages/pages.js';
import type { BrowserSession } from '../living-session.js';
import { field, type PageKit, SignInEnded, seeOther } from './page-handler.js';
import { keepBrowserSecret } from './sign-in-cookie.js';

/** An interaction with the session that it stands on; none before the sign-in. */
interface Step {
  readonly uid: string;
  readonly prompt: string;
  readonly reasons: readonly string[];
  readonly session: BrowserSession | null;
}

/** `GET /giris/adim/<uid>`: the next step of a sign-in, whatever it is. */
export async function showStep(request: Request, response: Response, kit: PageKit): Promise<void> {
  const step = await stepOf(request, response, kit);
  if (step.prompt === 'login') {
    await toUpstream(request, response, kit, step);
    return;
  }
  await showPrompt(response, kit, step, null);
}

/** `POST /giris/adim/<uid>/<what>`: the person has read, goes on, or shows a code. */
export async function takeStep(request: Request, response: Response, kit: PageKit): Promise<void> {
  const { house } = kit;
  const step = await stepOf(request, response, kit);
  const { session, prompt } = step;
  if (session === null || FORM_OF[prompt] !== request.params.what) throw new SignInEnded('SIGN_IN_EXPIRED');
  if (prompt === 'notice') await house.readNotice(session);
  else if (prompt === 'told') await house.markTold(session);
  else {
    const problem = await proveStepUp(session, field(request, 'kod'), kit);
    if (problem !== null) {
      house.count(request.socket.remoteAddress ?? '', problem);
      await showPrompt(response, kit, step, problem);
      return;
    }
  }
  seeOther(response, await house.provider().interactionResult(request, response, { [prompt]: {} }));
}

const FORM_OF: Readonly<Record<string, string>> = {
  notice: 'bildirim',
  told: 'devam',
  step_up: 'ikinci-adim',
};

async function stepOf(request: Request, response: Response, { house }: PageKit): Promise<Step> {
  try {
    const details = await house.provider().interactionDetails(request, response);
    const accountId = details.session?.accountId;
    const session = accountId === undefined ? null : await house.use(accountId);
    const { name, reasons } = details.prompt;
    // The session is over since: the step begins anew with e-Devlet.
    if (name !== 'login' && session === null) throw new SignInEnded('SESSION_REQUIRED');
    return { uid: details.uid, prompt: name, reasons, session };
  } catch (error) {
    if (error instanceof errors.SessionNotFound)
      throw new SignInEnded('SIGN_IN_EXPIRED', null, { cause: error });
    throw error;
  }
}

async function toUpstream(
  request: Request,
  response: Response,
  { house }: PageKit,
  step: Step,
): Promise<void> {
  const fresh = step.reasons.some((reason) => reason === 'login_prompt' || reason === 'max_age');
  const begun = await house.upstream.begin({ fresh });
  const browser = keepBrowserSecret(request, response, house.stateTtlMs);
  const { state, kept } = begun;
  await house.keepState({ state, browser, interaction: step.uid, kept, fresh });
  seeOther(response, begun.url);
}

async function proveStepUp(session: BrowserSession, code: string, kit: PageKit): Promise<SignInCode | null> {
  try {
    await kit.house.stepUp.prove(session, code);
    return null;
  } catch (error) {
    const code_ = SIGN_IN_CODES.find((one) => one.startsWith('STEP_UP_') && isBridgeError(error, one));
    if (code_ === undefined) throw error;
    return code_;
  }
}

async function showPrompt(
  response: Response,
  { house, pages }: PageKit,
  { uid, prompt, session }: Step,
  problem: SignInCode | null,
): Promise<void> {
  const action = `/giris/adim/${uid}/${FORM_OF[prompt] ?? ''}`;
  const send = (html: string, status = 200) => sendPage(response, status, html, house.formTargets);
  if (session === null) throw new SignInEnded('SIGN_IN_EXPIRED');
  if (prompt === 'notice') send(pages.render('notice', { action, ...house.notice }));
  else if (prompt === 'told' && house.isWarned(session))
    send(pages.render('announced', { action, inForceFrom: house.inForceFrom, helpUrl: house.helpUrl }));
  else if (prompt === 'told') {
    const standing = (await house.standing(session)).map(({ text }) => text);
    send(pages.render('told', { action, names: fullName(session), standing }));
  } else if (prompt === 'step_up') {
    const { status, html } = await codePage(response, { house, pages }, { uid, session }, action, problem);
    send(html, status);
  } else throw new SignInEnded('SIGN_IN_EXPIRED');
}

/** The page that asks for a code, or says why none is asked for. The wrong code that locks is answered like every one after it. */
async function codePage(
  response: Response,
  { house, pages }: PageKit,
  { uid, session }: { uid: string; session: BrowserSession },
  action: string,
  problem: SignInCode | null,
): Promise<{ readonly status: number; readonly html: string }> {
  const enrolUrl = '/hesabim/ikinci-adim';
  const { enrolledAt, lockedUntil } = await house.stepUp.state(session.tag);
  if (enrolledAt === null) {
    const html = pages.render('step-up-missing', { enrolUrl, backUrl: `/giris/adim/${uid}` });
    return { status: 200, html };
  }
  const lockedMs = lockedUntil === null ? 0 : lockedUntil.getTime() - house.now().getTime();
  if (lockedMs > 0) {
    response.set('Retry-After', String(Math.ceil(lockedMs / 1000)));
    const view = { action, problem: 'STEP_UP_LOCKED', lockedUntil, enrolUrl } as const;
    return { status: 429, html: pages.render('step-up', view) };
  }
  const html = pages.render('step-up', { action, problem, lockedUntil: null, enrolUrl });
  return { status: problem === null ? 200 : problem === 'STEP_UP_LOCKED' ? 429 : 403, html };
}

/** Names in their usual order; null where the upstream gave none. */
export function fullName({ names }: BrowserSession): string | null {
  return names === null ? null : `${names.ad} ${names.soyad}`.trim();
}
