import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { AuthorityPolicy, DecisionTime } from '../decide.js';

/** When a decision at `now` is made: terms are counted in days of Europe/Istanbul. Pure. */
export function decisionTimeAt(policy: AuthorityPolicy, now: Date): DecisionTime {
  return { ...policy, now, today: istanbulDay(now) };
}
