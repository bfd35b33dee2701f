import type { EffectApplier } from '../../audit/lane.js';
import { budgetApplier } from './budget.js';
import { claimApplier } from './claim.js';
import { registerApplier } from './register.js';
import { runEndedApplier, runOpenedApplier } from './run.js';

/** Whatever polling and calls about the registry bring into the log besides entries. */
export const POLL_APPLIERS = [
  budgetApplier,
  claimApplier,
  registerApplier,
  runOpenedApplier,
  runEndedApplier,
] as readonly EffectApplier[];
