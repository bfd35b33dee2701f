import type { EffectApplier } from '../audit/lane.js';
import { PROPOSAL_APPLIERS } from '../proposals/appliers.js';
import { AGREEMENT_APPLIERS } from './agreement/record-answer.js';
import { stopLiftedApplier } from './ahead/decide-lift.js';
import { QUARTER_APPLIERS } from './quarter/appliers.js';
import { RECONCILIATION_APPLIERS } from './reconciliation/appliers.js';
import { tariffSwitchedApplier } from './tariff/decide-tariff.js';

/** Whatever officers' deeds on the fee book bring into the log besides entries: whoever opens the log for them hands these in. */
export const FEE_APPLIERS = [
  ...PROPOSAL_APPLIERS,
  ...AGREEMENT_APPLIERS,
  ...QUARTER_APPLIERS,
  ...RECONCILIATION_APPLIERS,
  stopLiftedApplier,
  tariffSwitchedApplier,
] as readonly EffectApplier[];
