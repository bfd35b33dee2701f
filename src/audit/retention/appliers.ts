import type { EffectApplier } from '../lane.js';
import { keysDestroyedApplier } from './destroy-keys.js';
import { destructionRecordedApplier } from './destruction-record.js';
import { holdLiftedApplier, holdPlacedApplier } from './holds.js';
import { proposalEndedApplier, proposalOpenedApplier } from './proposals.js';
import { retentionStateApplier } from './state.js';

/** Everybody who applies effects of retention: whoever opens the log for its lanes hands these in. */
export const RETENTION_APPLIERS = [
  keysDestroyedApplier,
  destructionRecordedApplier,
  proposalOpenedApplier,
  proposalEndedApplier,
  holdPlacedApplier,
  holdLiftedApplier,
  retentionStateApplier,
] as readonly EffectApplier[];
