import type { RoleName } from '../../authority/roles/role-list.js';
import type { BothLanguages } from '../../pages/views.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import type { ConsoleCall, ConsolePerson } from '../frame/call.js';
import type { Part, Text } from '../frame/parts.js';

/** How a proposal is ended from the console. */
export type Decision = 'approve' | 'refuse' | 'withdraw';

/** What waits for a second person, of whatever room. */
export interface WaitingDecision {
  /** Names it everywhere: no two desks have the same. */
  readonly id: string;
  /** What it is about, in words. */
  readonly subject: Text;
  readonly proposedAt: Date;
  readonly expiresAt: Date;
  /** Whether whoever looks proposed it: then another person decides, and this one may only withdraw. */
  readonly isOwn: boolean;
  /** `unreadable`: its row is not what was recorded; it can only be refused. */
  readonly state: 'open' | 'expired' | 'approved' | 'refused' | 'withdrawn' | 'unreadable';
}

/** One of them with everything that who decides must see. */
export interface ShownDecision extends WaitingDecision {
  readonly reason: string | null;
  /** What will change: before, after. */
  readonly changes: readonly { readonly field: Text; readonly before: Text; readonly after: Text }[];
  /** Anything else to look at before deciding. */
  readonly parts: readonly Part[];
}

/** The matters of one room that need two persons: all of them are shown, decided and audited by the same pages. */
export interface DecisionDesk {
  readonly what: string;
  readonly name: BothLanguages;
  /** Who sees these and decides them. */
  readonly roles: readonly RoleName[];
  readonly operation: StepUpOperation;
  /** Open ones, expired ones among them; newest first, 200 at the most. */
  waiting(person: ConsolePerson): Promise<readonly WaitingDecision[]>;
  /** Ended ones too; null where the desk has none of this id. */
  find(person: ConsolePerson, id: string): Promise<ShownDecision | null>;
  /** Carries the decision out. `reason` stands in the log in clear; null where none was given. Errors: those of the room, with closed codes. */
  decide(call: ConsoleCall, id: string, decision: Decision, reason: string | null): Promise<void>;
}
