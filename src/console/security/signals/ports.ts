import type { SignalDecision } from '../../../audit/signals/decide-lane.js';
import type { ListOptions, SignalPage } from '../../../audit/signals/list-signals.js';
import type { ShownSignal } from '../../../audit/signals/read-signal.js';
import type { ActingOfficer } from '../../../proposals/officer.js';

/** What the pages of signals ask of the house. */
export interface SignalPorts {
  list(options: ListOptions): Promise<SignalPage>;
  countOpen(): Promise<number>;
  find(id: string): Promise<ShownSignal | null>;
  /**
   * Errors: `TOKEN_INVALID`, `NOT_FOUND`, `STATE_CONFLICT` (decided already), `SECOND_PERSON_REQUIRED` (it is about whoever decides),
   * `REQUEST_INVALID` (note).
   */
  decide(officer: ActingOfficer, signal: string, decision: SignalDecision, note: string): Promise<void>;
}
