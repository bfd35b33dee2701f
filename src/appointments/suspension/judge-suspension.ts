import type { CooperativeRecord, Suspension } from '../../authority/record.js';

/** A ministry's decision that a cooperative's organs act no longer, or act again (1163 m.90). Days `YYYY-MM-DD`. */
export interface SuspensionDecision {
  readonly decision: 'suspended' | 'lifted';
  readonly decisionNo: string;
  readonly decidedOn: string;
  readonly from: string;
}

/** Why such a decision cannot be recorded, in one word; closed. */
export type SuspensionProblem =
  | 'decided-in-future'
  | 'from-in-future'
  | 'from-before-decision'
  | 'from-before-suspension'
  | 'already-suspended'
  | 'not-suspended'
  | 'too-many-suspensions';

/** As many as an entry may hold. */
const MAX_SUSPENSIONS = 200;

/** Suspensions once the decision is recorded, or why it cannot be. Pure. */
export function judgeSuspension(
  { suspensions }: Pick<CooperativeRecord, 'suspensions'>,
  { decision, decisionNo, decidedOn, from }: SuspensionDecision,
  today: string,
): { readonly suspensions: readonly Suspension[] } | { readonly problem: SuspensionProblem } {
  if (decidedOn > today) return { problem: 'decided-in-future' };
  if (from > today) return { problem: 'from-in-future' };
  if (from < decidedOn) return { problem: 'from-before-decision' };
  const open = suspensions.findIndex(({ to }) => to === null);
  if (decision === 'suspended') {
    if (open !== -1) return { problem: 'already-suspended' };
    if (suspensions.length >= MAX_SUSPENSIONS) return { problem: 'too-many-suspensions' };
    return { suspensions: [...suspensions, { decisionNo, decidedOn, from, to: null }] };
  }
  if (open === -1) return { problem: 'not-suspended' };
  if (from < (suspensions[open] as Suspension).from) return { problem: 'from-before-suspension' };
  return { suspensions: suspensions.map((one, i) => (i === open ? { ...one, to: from } : one)) };
}
