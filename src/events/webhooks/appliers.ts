import type { EffectApplier } from '../../audit/lane.js';
import { deadWebhookApplier } from './give-up.js';
import { redrivenApplier } from './redrive.js';

/** What the lanes of webhooks hand to the log. */
export const WEBHOOK_APPLIERS = [deadWebhookApplier, redrivenApplier] as readonly EffectApplier[];
