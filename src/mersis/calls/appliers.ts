import type { EffectApplier } from '../../audit/lane.js';
import { budgetApplier } from '../poll/budget.js';
import { callSpentApplier } from './call-quota.js';

/** Whatever calls about the registry bring into the log besides entries. */
export const CALL_APPLIERS = [budgetApplier, callSpentApplier] as readonly EffectApplier[];
