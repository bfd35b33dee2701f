/** A refused sign-in; the message is the closed reason, in lower case with hyphens. */
export class SignInRefused extends Error {}

/** Codes of pages whose reason is named otherwise on the command line. */
const REASONS: Readonly<Record<string, string>> = {
  APPLICATION_REFUSED: 'client-unknown',
  STEP_UP_WRONG_CODE: 'step-up-refused',
  STEP_UP_NOT_ENROLLED: 'step-up-unavailable',
};

/** The reason for what a page gives as `data-code`, or an application as `error`. */
export function refusedBy(code: string): SignInRefused {
  return new SignInRefused(REASONS[code] ?? code.toLowerCase().replaceAll('_', '-'));
}
