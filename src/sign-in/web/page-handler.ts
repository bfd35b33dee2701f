import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { isBridgeError } from '../../errors/bridge-error.js';
import { SIGN_IN_CODES, type SignInCode } from '../../errors/sign-in-code.js';
import { type Pages, sendPage } from '../../pages/pages.js';
import type { SignInHouse } from './house-tools.js';

/** Pages with what they need. */
export interface PageKit {
  readonly house: SignInHouse;
  readonly pages: Pages;
}

/** How a sign-in that ended is told. `retryUrl`: where it can be gone on with. */
export interface Ended {
  readonly code: SignInCode;
  readonly retryUrl: string | null;
}

/** An end of a sign-in that a handler throws: the page says what happened. */
export class SignInEnded extends Error {
  readonly ended: Ended;

  constructor(code: SignInCode, retryUrl: string | null = null, options: { cause?: unknown } = {}) {
    super(code, options);
    this.ended = { code, retryUrl };
  }
}

const STATUS: Partial<Record<SignInCode, number>> = {
  TWO_STEP_REQUIRED: 403,
  SIGN_IN_STATE_INVALID: 403,
  SIGN_IN_UNSOLICITED: 403,
  UPSTREAM_REFUSED: 403,
  UPSTREAM_UNAVAILABLE: 503,
  UPSTREAM_ANSWER_INVALID: 502,
  FORM_INVALID: 403,
  SESSION_REQUIRED: 401,
  FRESH_SIGN_IN_REQUIRED: 403,
  SIGN_IN_TOO_OFTEN: 429,
  SIGN_IN_UNAVAILABLE: 503,
  STEP_UP_LOCKED: 429,
};

/** The page of a sign-in that ended; its error number stands in the log line too. */
export function endedPage({ house, pages }: PageKit, { code, retryUrl }: Ended) {
  const errorNo = randomUUID();
  const isRule = code === 'TWO_STEP_REQUIRED';
  const html = pages.render('refused', {
    code,
    retryUrl,
    helpUrl: isRule ? house.helpUrl : null,
    errorNo,
    inForceFrom: isRule ? house.inForceFrom : null,
  });
  house.ended(code, errorNo);
  return { status: STATUS[code] ?? 400, html };
}

/** Sends that page. */
export function sendEnded(response: Response, kit: PageKit, ended: Ended): void {
  const { status, html } = endedPage(kit, ended);
  sendPage(response, status, html, kit.house.formTargets);
}

/**
 * A handler whose errors become pages: an end of a sign-in as itself, everything that cannot be written down as "not now", and
 * what nobody foresaw too, told to the operator. `counted` refusals have no entry of their own.
 */
export function pageHandler(
  kit: PageKit,
  work: (request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return (request, response, next) => {
    work(request, response).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const ended = endedOf(error);
      if (!(error instanceof SignInEnded)) kit.house.failed('sign-in.page-failed', error);
      if (ended.code !== 'TWO_STEP_REQUIRED') kit.house.count(request.socket.remoteAddress ?? '', ended.code);
      try {
        sendEnded(response, kit, ended);
      } catch (broken) {
        next(broken);
      }
    });
  };
}

function endedOf(error: unknown): Ended {
  if (error instanceof SignInEnded) return error.ended;
  const code = SIGN_IN_CODES.find((one) => isBridgeError(error, one));
  return { code: code ?? 'SIGN_IN_UNAVAILABLE', retryUrl: null };
}

/** Where a page sends the browser on with GET (RFC 9110 §15.4.4). */
export function seeOther(response: Response, location: string): void {
  response.set('Cache-Control', 'no-store').redirect(303, location);
}

/** Fields of a form; what is not one text is not there. */
export function field(request: Request, name: string): string {
  const body: unknown = request.body;
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' ? value : '';
}
