import type { RoleName } from '../../authority/roles/role-list.js';
import type { BothLanguages } from '../../pages/views.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import type { ConsoleCall, ConsolePerson, FormFields } from '../frame/call.js';
import type { Field, Part, Text } from '../frame/parts.js';

/** How a proposal is ended from the console. */
export type Decision = 'approve' | 'refuse' | 'withdraw';

/** How far it is. `ended`: how, the log does not tell any more; `unreadable`: its row is not what was recorded: it can only be refused. */
export type DecisionState =
  | 'open'
  | 'expired'
  | 'approved'
  | 'refused'
  | 'withdrawn'
  | 'ended'
  | 'unreadable';

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
  readonly state: DecisionState;
}

/** What will change; null: nothing stands there. */
export interface ShownChange {
  readonly field: Text;
  readonly before: Text | null;
  readonly after: Text | null;
}

/** One of them with everything that who decides must see. */
export interface ShownDecision extends WaitingDecision {
  readonly reason: string | null;
  readonly changes: readonly ShownChange[];
  /** Anything else to look at before deciding. */
  readonly parts: readonly Part[];
  /** Leaf of the entry that proposed it. */
  readonly proposedLeaf: bigint;
  /** How it ended; null: it has not. `at` and `reason` are null where its entry is not at hand. */
  readonly ended: { readonly leaf: bigint; readonly at: Date | null; readonly reason: string | null } | null;
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
  /**
   * Fields that who approves it has to fill in beside the note, with what was typed and what is wrong with it; `typed` null: nothing yet. The
   * desk reads them again from the call.
   */
  approvalFields?(id: string, typed: FormFields | null): Promise<readonly Field[]>;
  /**
   * Words for a refusal of the room that whoever decides reads beside the proposal; null or absent: it is told as any refusal is. `reason`:
   * closed word of the rule.
   */
  refusalText?(code: string, reason: string | null): BothLanguages | null;
  /**
   * Carries the decision out. The call's officer acts in a role of `roles`. `reason` stands in the log in clear; null where none was given.
   * Errors: those of the room, with closed codes.
   */
  decide(call: ConsoleCall, id: string, decision: Decision, reason: string | null): Promise<void>;
}
