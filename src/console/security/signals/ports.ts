import type { SignalDecision } from '../../../audit/signals/decide-lane.js';
import type { ListOptions, SignalPage } from '../../../audit/signals/list-signals.js';
import type { ShownSignal } from '../../../audit/signals/read-signal.js';
import type { KimlikNo } from '../../../person/kimlik-no.js';
import type { ActingOfficer } from '../../../proposals/officer.js';
import type { KeepPorts } from '../search/kept.js';

/** What the pages of signals ask of the house. */
export interface SignalPorts extends KeepPorts {
  list(options: ListOptions): Promise<SignalPage>;
  countOpen(): Promise<number>;
  find(id: string): Promise<ShownSignal | null>;
  /**
   * Number of the user whom the signal is about, for a look that keeps it closed; null where it does not open any more (its key was
   * destroyed, its range is archived). It is not to be shown.
   */
  userOf(signal: ShownSignal): Promise<KimlikNo | null>;
  /**
   * Errors: `TOKEN_INVALID`, `NOT_FOUND`, `STATE_CONFLICT` (decided already), `SECOND_PERSON_REQUIRED` (it is about whoever decides),
   * `REQUEST_INVALID` (note).
   */
  decide(officer: ActingOfficer, signal: string, decision: SignalDecision, note: string): Promise<void>;
}
