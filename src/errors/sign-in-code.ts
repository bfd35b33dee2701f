/**
 * What can end a sign-in, as pages show it and entries and counters name it. Closed; `pages/sign-in-texts.ts` has a text for each.
 * None of them tells whether a number exists.
 */
export const SIGN_IN_CODES = [
  /** Signed in at e-Devlet without two steps, or with a strength that is unknown: no session. */
  'TWO_STEP_REQUIRED',
  /** The state of a return is unknown, used, too old, or belongs to another browser. */
  'SIGN_IN_STATE_INVALID',
  /** A return that nothing here asked for. */
  'SIGN_IN_UNSOLICITED',
  /** What was begun has been left too long, or is over. */
  'SIGN_IN_EXPIRED',
  /** The person went back at e-Devlet. */
  'UPSTREAM_CANCELLED',
  /** e-Devlet says no, whatever its code. */
  'UPSTREAM_REFUSED',
  /** e-Devlet does not answer, or not in time. */
  'UPSTREAM_UNAVAILABLE',
  /** e-Devlet answers something that is not what it should be: nobody is named by it. */
  'UPSTREAM_ANSWER_INVALID',
  /** An application asks in a way that is not registered: client, address to return to, scope. */
  'APPLICATION_REFUSED',
  /** A form that was not sent from our page, or from a page of another session. */
  'FORM_INVALID',
  /** No session in this browser. */
  'SESSION_REQUIRED',
  /** The sign-in is not fresh enough for what was asked. */
  'FRESH_SIGN_IN_REQUIRED',
  /** Somebody at one address asks more often than people do. */
  'SIGN_IN_TOO_OFTEN',
  /** The bridge cannot write down what it does just now, so it does nothing. */
  'SIGN_IN_UNAVAILABLE',
  'STEP_UP_WRONG_CODE',
  'STEP_UP_REPLAYED_CODE',
  'STEP_UP_LOCKED',
  'STEP_UP_NOT_ENROLLED',
] as const;

export type SignInCode = (typeof SIGN_IN_CODES)[number];
