import type { DeedPorts } from '../../proposals/officer.js';
import type { StatementSettings } from '../statement/read-statement.js';

/** What the settings say about quarters. `holidays`: those of no fixed date, `YYYY-MM-DD`. */
export interface QuarterSettings extends StatementSettings {
  /** How long after its end a quarter waits for late outcomes. */
  readonly collectHours: number;
  readonly holidays: readonly string[];
}

/** What every deed on a quarter works with. */
export interface CloseTools {
  readonly ports: DeedPorts;
  readonly settings: QuarterSettings;
  /** How long the second person may take. */
  readonly proposalHours: number;
}

/** What `proposal.what` says of a frozen quarter; its subject is the quarter. */
export const QUARTER_PROPOSAL = 'fees.quarter';
