import type { SignInCode } from '../errors/sign-in-code.js';

/** A text in both languages of every page: Turkish first. */
export interface BothLanguages {
  readonly tr: string;
  readonly en: string;
}

/** One living session of the person, as the account page lists it. */
interface SessionRow {
  readonly sessionId: string;
  readonly openedAt: Date;
  readonly idleUntil: Date;
  readonly applications: readonly string[];
  /** The session of the browser that asks. */
  readonly isCurrent: boolean;
}

/**
 * What each page shows; the name is the template's. Texts come in as they are and are escaped; addresses are `https:` ones or paths of
 * our own. Forms are POST, urlencoded.
 */
export interface Views {
  /** A sign-in or a form ended here. `inForceFrom`: first day of the two-step rule, `YYYY-MM-DD`. */
  refused: {
    readonly code: SignInCode;
    readonly retryUrl: string | null;
    readonly helpUrl: string | null;
    readonly errorNo: string;
    readonly inForceFrom: string | null;
  };
  /** Before the rule is in force: a warning, and one button to go on. */
  announced: { readonly action: string; readonly inForceFrom: string; readonly helpUrl: string };
  /** The KVKK notice; `action` null: for reading. */
  notice: {
    readonly action: string | null;
    readonly version: string;
    readonly controller: string;
    readonly contact: string;
  };
  /** Nothing that gives authority. `standing`: seats all the same, each with why it gives none. */
  told: {
    readonly action: string | null;
    readonly names: string | null;
    readonly standing: readonly BothLanguages[];
  };
  /** Asks for the code of the second step, as the field `kod`. `lockedUntil`: no code is looked at before. */
  'step-up': {
    readonly action: string;
    readonly problem: SignInCode | null;
    readonly lockedUntil: Date | null;
    readonly enrolUrl: string;
  };
  'step-up-missing': { readonly enrolUrl: string; readonly backUrl: string | null };
  /**
   * Posts `csrf` and `kod` to `/hesabim/ikinci-adim`. `qrSvg`: a whole SVG document. `secret`: Base32. Null after a wrong code: what
   * was scanned still counts, and is not shown a second time.
   */
  enrol: {
    readonly csrf: string;
    readonly shown: { readonly qrSvg: string; readonly secret: string } | null;
    readonly problem: SignInCode | null;
  };
  'recovery-codes': { readonly codes: readonly string[]; readonly continueUrl: string };
  /** Posts `csrf` and `oturum` to `/hesabim/oturumlar/kapat`. */
  account: {
    readonly names: string | null;
    readonly standing: readonly { readonly text: BothLanguages; readonly inForce: boolean }[];
    readonly sessions: readonly SessionRow[];
    readonly device: { readonly enrolledAt: Date | null; readonly recoveryCodesLeft: number };
    readonly csrf: string;
    readonly applications: readonly { readonly name: string; readonly url: string }[];
    readonly notice: { readonly version: string };
  };
  /** Posts `xsrf`, and `logout=yes` from the first of its two buttons. */
  'sign-out': { readonly action: string; readonly xsrf: string };
  'signed-out': Record<string, never>;
}

/** Every page there is; the order is that of `Views`. */
export const VIEW_NAMES = [
  'refused',
  'announced',
  'notice',
  'told',
  'step-up',
  'step-up-missing',
  'enrol',
  'recovery-codes',
  'account',
  'sign-out',
  'signed-out',
] as const satisfies readonly (keyof Views)[];
