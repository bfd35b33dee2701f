import { z } from 'zod';
import { ACTOR, type KindRow, member } from './kind-row.js';

/** What a rule counts for one user. */
export const signalMeasure = z.enum([
  'people-asked-about',
  'outside-working-hours',
  'non-matches',
  'above-own-habit',
  'log-reads',
]);

/** What a security officer can decide about a signal. */
export const signalDecision = z.enum(['justified', 'reported', 'false-alarm']);

const count = z.int().min(1);
const rule = z.string().max(64).describe('code of the rule in the settings');
const signal = member.uuid.describe('the signal');

/** Signals: what rules found, and what an officer decided about it. */
export const SIGNAL_KINDS = {
  'signal.raised': {
    when: 'when a rule of the settings found a user at or above its threshold; `actor.number` is that user, who has not acted here',
    data: z.strictObject({
      instance: member.instance,
      measure: signalMeasure.describe('what was counted'),
      measured: count.describe('the count by which the threshold was reached'),
      rule,
      signal,
      threshold: count.describe('what had to be reached; of `above-own-habit` also by the user’s own habit'),
      windowEnd: member.instant.describe('end of the window, or of the day in Europe/Istanbul'),
      windowStart: member.instant.describe('start of the window (itself outside), or of the day'),
    }),
    sealed: ACTOR,
  },
  'signal.decided': {
    when: 'when a security officer, never the user whom it is about, decided about a signal',
    data: z.strictObject({
      actor: member.actor,
      decision: signalDecision.describe('justified by the work, reported on, or a false alarm'),
      instance: member.instance,
      note: z.string().min(1).max(500).describe('the officer’s reason; nothing personal'),
      signal,
    }),
    sealed: ACTOR,
  },
} as const satisfies Record<string, KindRow>;
