import type { EffectApplier } from '../audit/lane.js';
import { rolesApplier } from './record-roles.js';
import { recordApplier } from './recording/record-applier.js';
import { roleTurnApplier } from './recording/turn-day.js';

/** Whatever process changes who may act hands its log these. */
export const AUTHORITY_APPLIERS = [recordApplier, rolesApplier, roleTurnApplier] as readonly EffectApplier[];
