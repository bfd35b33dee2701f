import type { EffectApplier } from '../../audit/lane.js';
import { broughtInApplier } from './bring-in-devices.js';
import { deviceApplier } from './device-state.js';
import { removedApplier } from './remove-device.js';
import { steppedUpApplier } from './settle-prove.js';

/** Everything that the second step changes with an entry. */
export const STEP_UP_APPLIERS = [
  deviceApplier,
  steppedUpApplier,
  broughtInApplier,
  removedApplier,
] as readonly EffectApplier[];
