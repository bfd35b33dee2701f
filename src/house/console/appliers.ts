import type { EffectApplier } from '../../audit/lane.js';
import { ROLE_PROPOSAL_APPLIERS } from '../../authority/roles/sealed-grant.js';
import { FEE_APPLIERS } from '../../fees/appliers.js';
import { MAINTENANCE_APPLIERS } from '../../maintenance/appliers.js';
import { HELD_APPLIERS } from '../../mersis/held/release-run.js';

/** What the deeds of officers bring into the log by the console, beside what a bridge that serves hands in anyway. */
export const CONSOLE_APPLIERS = [
  ...FEE_APPLIERS,
  ...HELD_APPLIERS,
  ...MAINTENANCE_APPLIERS,
  ...ROLE_PROPOSAL_APPLIERS,
] as readonly EffectApplier[];
