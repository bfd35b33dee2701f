import type { Provider } from 'oidc-provider';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import type { Evidence, Upstream } from '../../edevlet/port.js';
import type { Judged } from '../../edevlet/two-step-rule.js';
import type { SignInCode } from '../../errors/sign-in-code.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { BrowserSession } from '../living-session.js';
import type { PersonNames } from '../open-session.js';
import type { ListedSession } from '../read-session.js';
import type { StepUp } from '../step-up/step-up.js';
import type { TakenState } from '../upstream-state.js';
import type { PageTools } from './page-tools.js';

/** What a person is for us, in words. */
export interface StandingText {
  readonly text: { readonly tr: string; readonly en: string };
  readonly inForce: boolean;
}

/** A sign-in that the upstream has proved. */
export interface ProvedSignIn {
  readonly person: KimlikNo;
  readonly names: PersonNames;
  readonly judged: DataOf<'two-step.judged'>;
  readonly acr: string;
  readonly authTime: Date;
  readonly client: string;
}

/** Everything that the pages of sign-in ask the house; joined in `house/open-sign-in.ts`. */
export interface SignInHouse extends PageTools {
  provider(): Provider;
  readonly upstream: Upstream;
  readonly issuer: string;
  /** Where a browser may be sent after a form of ours: applications and the upstream. */
  readonly formTargets: readonly string[];
  readonly helpUrl: string;
  readonly inForceFrom: string;
  readonly stateTtlMs: number;
  readonly notice: { readonly version: string; readonly controller: string; readonly contact: string };
  /** Where `GET /giris` goes on to; null: to our own account page. */
  readonly startUri: string | null;
  readonly applications: readonly {
    readonly id: string;
    readonly name: string;
    readonly url: string | null;
  }[];
  readonly stepUp: StepUp;
  judge(evidence: Evidence): Judged;
  /** Whether this sign-in of one step falls into the period of announcement. */
  isWarned(session: BrowserSession): boolean;
  keepState(kept: {
    readonly state: string;
    readonly browser: string;
    readonly interaction: string;
    readonly kept: TakenState['kept'];
    readonly fresh: boolean;
  }): Promise<void>;
  takeState(state: string, browser: string): Promise<TakenState | null>;
  /** For a return that names no state: the newest trip of this browser. */
  stateOfBrowser(browser: string): Promise<TakenState | null>;
  open(signIn: ProvedSignIn): Promise<string>;
  refuse(signIn: Omit<ProvedSignIn, 'acr' | 'authTime'>, reason: string): Promise<void>;
  end(sessionId: string, reason: 'signed-in-again' | 'signed-out'): Promise<void>;
  endOwn(session: BrowserSession, other: string): Promise<boolean>;
  /** Whether the person has read the KVKK notice in its version of today. */
  hasReadNotice(session: BrowserSession): Promise<boolean>;
  readNotice(session: BrowserSession): Promise<void>;
  markTold(session: BrowserSession): Promise<void>;
  standing(session: BrowserSession): Promise<readonly StandingText[]>;
  sessions(session: BrowserSession): Promise<readonly ListedSession[]>;
  /** The session of an interaction, moved on by this use. */
  use(sessionId: string): Promise<BrowserSession | null>;
  /** Counts a refusal that nobody has a name for. */
  count(address: string, code: SignInCode): void;
  /** A page that says no: its number finds the log line. */
  ended(code: SignInCode, errorNo: string): void;
  failed(event: string, error: unknown): void;
}
