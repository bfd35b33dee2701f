import type { EffectApplier } from '../audit/lane.js';
import { closedApplier } from './close-window.js';
import { openedApplier } from './open-window.js';

/** For whoever opens and closes windows. */
export const MAINTENANCE_APPLIERS = [openedApplier, closedApplier] as readonly EffectApplier[];
