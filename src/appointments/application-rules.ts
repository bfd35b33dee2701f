import type { CooperativeRecord } from '../authority/record.js';
import type { Application } from './call.js';

/** Why an application cannot stand, in one word; closed. */
export type ApplicationProblem =
  | 'decision-in-future'
  | 'from-before-decision'
  | 'period-empty'
  | 'period-over'
  | 'decision-too-old'
  | 'already-applied'
  | 'application-open';

/** An application that waits for its decision. */
export interface OpenApplication {
  readonly decisionNo: string;
  readonly documentSha256: string;
}

/** What the words are of: the body itself, or what is known here. */
const OF_BODY: readonly ApplicationProblem[] = [
  'decision-in-future',
  'from-before-decision',
  'period-empty',
  'period-over',
];

/** True where the body alone is wrong, whatever else there is. */
export function isOfBody(problem: ApplicationProblem): boolean {
  return OF_BODY.includes(problem);
}

/** The days of an application against each other and today: a decision comes first, then what it decides. Pure. */
export function judgeDays(
  { decision, from, to }: Pick<Application, 'decision' | 'from' | 'to'>,
  today: string,
): ApplicationProblem | null {
  if (decision.date > today) return 'decision-in-future';
  if (from < decision.date) return 'from-before-decision';
  if (to !== null && to <= from) return 'period-empty';
  return to !== null && to <= today ? 'period-over' : null;
}

/**
 * Whoever was appointed in the closed system must be appointed anew: by a decision later than `legacyDecisionAfter` (m.15(2)). `tag`:
 * the person's, hex. Pure.
 */
export function judgeLegacy(
  record: Pick<CooperativeRecord, 'seats'>,
  tag: string,
  decisionDate: string,
  legacyDecisionAfter: string,
): ApplicationProblem | null {
  const isLegacy = record.seats.some((seat) => seat.role === 'legacy-appointee' && seat.tag === tag);
  return isLegacy && decisionDate <= legacyDecisionAfter ? 'decision-too-old' : null;
}

/** One application at a time for one person at one cooperative. `already-applied`: this very one waits already. Pure. */
export function judgeOpen(
  open: readonly OpenApplication[],
  { no, documentSha256 }: Application['decision'],
): ApplicationProblem | null {
  if (open.length === 0) return null;
  const isSame = open.some((one) => one.decisionNo === no && one.documentSha256 === documentSha256);
  return isSame ? 'already-applied' : 'application-open';
}
