import type { SignedIn } from '../sign-in/access-tokens.js';
import type { Transaction } from '../storage/database.js';

/** An officer who acts, in the role that allows it. */
export interface ActingOfficer extends SignedIn {
  readonly role: string;
}

/** What every deed of an officer needs from outside. */
export interface DeedPorts {
  readonly instance: string;
  /** Operating-system user; null where it came otherwise than by the command line. */
  readonly osUser: string | null;
  /**
   * Whether the officer's session and role still stand, asked inside the batch's transaction: a right that was taken away a moment ago must
   * not suffice.
   */
  stillActs(tx: Transaction, officer: ActingOfficer, now: Date): Promise<boolean>;
  /** Whether a person (tag in the domain `authority`) holds a role that allows such deeds: who proposed must when it is approved. */
  isOfficer(tx: Transaction, tag: Buffer): Promise<boolean>;
  /**
   * Whether a session, ended or not, is a person's (tag in the domain `authority`): an entry names who acted by the session, and sessions are
   * kept for longer than a proposal waits.
   */
  isSessionOf(tx: Transaction, session: string, tag: Buffer): Promise<boolean>;
}
