import type { HoldPage, HoldPlace, HoldSummary, NewHold } from '../../../audit/retention/holds.js';
import type { ProposalTerms } from '../../../audit/retention/proposals.js';
import type { KimlikNo } from '../../../person/kimlik-no.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import type { WaitingDecision } from '../../decisions/port.js';
import type { ConsolePerson } from '../../frame/call.js';

/** The terms as they are. */
export interface TermState {
  /** In force: what the periodic run goes by. */
  readonly years: number;
  /** In the settings; a shorter one counts once two officers confirmed it. */
  readonly configured: number;
  readonly lastRunAt: Date | null;
  readonly legalGround: string;
  readonly everyDays: number;
  readonly proposalDays: number;
}

/** What the page of retention asks of the house. */
export interface RetentionPorts {
  term(): Promise<TermState>;
  holds(after: HoldPlace | null, limit: number): Promise<HoldPage>;
  /** A hold that stands; null where there is none of this id. */
  findHold(id: string): Promise<HoldSummary | null>;
  /** What waits for a second officer. */
  waiting(person: ConsolePerson): Promise<readonly WaitingDecision[]>;
  /** Errors: `TOKEN_INVALID`, `LEGAL_HOLD`, `NOT_FOUND`, `REQUEST_INVALID`, `STATE_CONFLICT` (the same is open). */
  propose(
    officer: ActingOfficer,
    proposal: { readonly terms: ProposalTerms; readonly subject: KimlikNo | null; readonly reason: string },
  ): Promise<void>;
  /** Errors: `TOKEN_INVALID`, `REQUEST_INVALID`, `STATE_CONFLICT` (an equal one stands). */
  placeHold(officer: ActingOfficer, hold: Omit<NewHold, 'officer'>): Promise<void>;
}
