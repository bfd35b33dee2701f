import type { EffectApplier } from '../lane.js';
import { signalDecidedApplier } from './decide-lane.js';
import { signalRaisedApplier } from './raise-lane.js';

/** Whoever opens the log for the lanes of signals hands these in. */
export const SIGNAL_APPLIERS = [signalRaisedApplier, signalDecidedApplier] as readonly EffectApplier[];
