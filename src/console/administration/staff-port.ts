import type { DecidedRole } from '../../authority/roles/decide-roles.js';
import type { PageOfRoles, RoleScope, StandingRole } from '../../authority/roles/page-of-roles.js';
import type { RoleRefusal } from '../../authority/roles/refusal.js';
import type { NamedRole } from '../../authority/roles/role-list.js';
import type { DeadLetter, LetterPage, WebhookQueue } from '../../events/webhooks/list-webhooks.js';
import type { HeldPage } from '../../mersis/held/read-held.js';
import type { RunDecision } from '../../mersis/held/release-run.js';
import type { Progress } from '../../mersis/poll/progress.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import type { ListedSession } from '../../sign-in/list-sessions.js';
import type { ConsoleCall } from '../frame/call.js';

/** What the page about readings of MERSİS asks. */
export interface MersisPorts {
  /** Null where the settings have no MERSİS. */
  progress(at: Date): Promise<Progress | null>;
  held(page: { readonly after: string; readonly limit: number }): Promise<HeldPage | null>;
  /** Id of the open proposal about a run; null where none waits. */
  openProposal(runId: string): Promise<string | null>;
  /** Errors: those of `proposeRelease` as `BridgeError`. */
  propose(
    officer: ActingOfficer,
    wish: {
      readonly runId: string;
      readonly decision: RunDecision;
      readonly seenAt: Date;
      readonly reason: string;
    },
  ): Promise<void>;
}

/** Why a decision on a role is made. */
export interface RoleGrounds {
  readonly letter: { readonly no: string; readonly date: string } | null;
  readonly reason: string;
}

/** What became of a decision on a role; `proposed`: a second person decides. */
export type RoleOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'proposed' }
  | { readonly kind: 'refused'; readonly refusal: Pick<RoleRefusal, 'code' | 'message' | 'reason'> };

/** What the page about roles asks. */
export interface RolePorts {
  /** The entry of a file that is about to be sent. */
  opened(call: ConsoleCall, id: 'roles.file'): Promise<void>;
  page(scope: RoleScope, name: string | null, after: string, limit: number): Promise<PageOfRoles>;
  find(scope: RoleScope, roleId: string): Promise<StandingRole | null>;
  /** Whether a standing role is this person's. */
  isOf(role: StandingRole, person: KimlikNo): boolean;
  /** Grants at once, or proposes where two persons are needed. Errors: those of `Appender`. */
  grant(
    officer: ActingOfficer,
    wish: Pick<DecidedRole, 'from' | 'to'> & {
      readonly person: KimlikNo;
      readonly role: NamedRole;
    } & RoleGrounds,
  ): Promise<RoleOutcome>;
  revoke(
    officer: ActingOfficer,
    wish: { readonly person: KimlikNo; readonly role: NamedRole } & RoleGrounds,
  ): Promise<RoleOutcome>;
}

/** What the page about everybody's sessions asks. */
export interface SessionPorts {
  /** Counted up to `most`. */
  count(at: Date, most: number): Promise<number>;
  of(person: KimlikNo, at: Date): Promise<readonly ListedSession[]>;
  keep(call: ConsoleCall, person: KimlikNo): Promise<string>;
  /** The person of a look of this session; null where it is gone. */
  kept(call: ConsoleCall, look: string): Promise<KimlikNo | null>;
  /** The entry of the page that is about to be shown: about whom, or nobody. */
  opened(call: ConsoleCall, subject: KimlikNo | null): Promise<void>;
  /** False where no session with this id lives. */
  end(officer: ActingOfficer, sessionId: string, reason: string, at: Date): Promise<boolean>;
  /** Errors: `STATE_CONFLICT` (`own-person`), `TOKEN_INVALID`. False where the person has set up none. */
  resetStepUp(officer: ActingOfficer, person: KimlikNo, reason: string, at: Date): Promise<boolean>;
}

/** A registered client, without its secrets. */
export interface ShownClient {
  readonly id: string;
  readonly institution: string;
  /** Name of its application, where people sign in to one. */
  readonly application: string | null;
  readonly account: string | null;
  readonly permissions: readonly string[];
  readonly certificates: readonly string[];
  readonly sourceAddresses: readonly string[];
  readonly redirectUris: readonly string[];
  readonly requestsPerMinute: number;
}

/** What the page about webhooks asks. */
export interface WebhookPorts {
  /** Clients that are registered as receivers. */
  readonly receivers: readonly string[];
  queues(): Promise<readonly WebhookQueue[]>;
  letters(client: string, page: LetterPage): Promise<readonly DeadLetter[]>;
  /** How many are tried again. `position` null: all. Errors: `TOKEN_INVALID`. */
  redrive(officer: ActingOfficer, client: string, position: bigint | null, at: Date): Promise<number>;
}

/**
 * One setting as it is in force. `source`: `file`, an environment variable, or null: the default. `row`: what the schema calls it, items of lists
 * as `clients[].id`. `reason`: the schema's own, in English.
 */
export interface ShownSetting {
  readonly path: string;
  readonly value: string;
  readonly source: string | null;
  readonly row: string;
  readonly reason: string;
}

/** What these pages ask of the house. */
export interface StaffPorts {
  readonly mersis: MersisPorts;
  readonly roles: RolePorts;
  readonly sessions: SessionPorts;
  readonly webhooks: WebhookPorts;
  readonly clients: readonly ShownClient[];
  readonly settings: readonly ShownSetting[];
}
