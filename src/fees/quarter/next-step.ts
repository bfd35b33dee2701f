import type { ActingOfficer } from '../../proposals/officer.js';
import type { Closing } from './read-closing.js';

/** A deed on a quarter; `reopen` is the clock's, done by whoever comes upon it. */
export type CloseStep = 'freeze' | 'approve' | 'refuse' | 'withdraw' | 'seal' | 'reopen';

/** What is to be done, and by whom of those who are there. */
export interface PlannedStep {
  readonly step: CloseStep;
  readonly officer: ActingOfficer;
}

/** What comes next for those who are there; null where it is another's turn, or nobody's. Pure. */
export function nextStep(
  { proposal, state }: Closing,
  officers: readonly [ActingOfficer, ...ActingOfficer[]],
  now: Date,
): PlannedStep | null {
  const [first] = officers;
  const last = officers.at(-1) ?? first;
  if (state === 'sealed') return null;
  if (state === 'approved') return { step: 'seal', officer: last };
  // Before its time too: the lane says from when.
  if (state !== 'frozen' || proposal === null) return { step: 'freeze', officer: first };
  if (proposal.expiresAt.getTime() <= now.getTime()) return { step: 'reopen', officer: first };
  const other = officers.findLast(({ tag }) => !tag.equals(proposal.proposerTag));
  return other === undefined ? null : { step: 'approve', officer: other };
}
