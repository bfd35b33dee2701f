import { istanbulDay } from '../calendar/istanbul-day.js';
import type { Evidence } from './port.js';

/** One row of the settings: what an answer about the strength means, and why. */
export interface Strength {
  readonly level?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  readonly method: string;
  readonly twoStep: 'yes' | 'no';
  readonly reason: string;
}

/** The rule of 29.07.2025: from a day on nobody gets a session without two steps. Days in Europe/Istanbul. */
export interface TwoStepRule {
  readonly inForceFrom: string;
  readonly announcedFrom?: string | undefined;
  readonly levels: readonly Strength[];
}

/** What the rule made of one sign-in. */
export interface Judged {
  readonly method: string;
  readonly twoStep: 'yes' | 'no' | 'unknown';
  readonly judged: 'two-step' | 'no-two-step-refused' | 'no-two-step-announced' | 'no-two-step-before-rule';
  readonly inForceFrom: string;
}

/** Judges the strength of a sign-in. Pure. What has no row is unknown, and unknown counts as no. */
export function judgeTwoStep(rule: TwoStepRule, evidence: Evidence, now: Date): Judged {
  const row = rule.levels.find((one) => fits(one, evidence));
  const method = row?.method ?? 'unknown';
  const twoStep = row?.twoStep ?? 'unknown';
  const { inForceFrom, announcedFrom } = rule;
  if (twoStep === 'yes') return { method, twoStep, judged: 'two-step', inForceFrom };
  const today = istanbulDay(now);
  if (today >= inForceFrom) return { method, twoStep, judged: 'no-two-step-refused', inForceFrom };
  const announced = announcedFrom !== undefined && today >= announcedFrom;
  const judged = announced ? 'no-two-step-announced' : 'no-two-step-before-rule';
  return { method, twoStep, judged, inForceFrom };
}

/** All that a row names must fit: were one of two enough, a row could say yes to less than it was written for. */
function fits({ level, amr = [] }: Strength, evidence: Evidence): boolean {
  if (level === undefined && amr.length === 0) return false;
  const levelFits = level === undefined || evidence.level === level;
  return levelFits && amr.every((one) => evidence.amr.includes(one));
}
