import type { HeldChange, HeldList, StoppedRun } from '../../mersis/held/list-held.js';

/** What waits, for people: MERSİS number, title, why, and each seat that would be lost. Nobody's number. */
export function heldTable({ run, changes, total }: HeldList): string {
  const head = run === null ? 'no run stands stopped' : runLine(run);
  const more =
    total > changes.length ? [`… and ${total - changes.length} more`] : total === 0 ? ['nothing waits'] : [];
  return [head, ...changes.flatMap(changeLines), ...more].join('\n');
}

function runLine({ runId, kind, startedAt, asked, losses, lossLimit, reviewedAt }: StoppedRun): string {
  const seen = reviewedAt === null ? 'nobody has reviewed it' : `reviewed ${reviewedAt.toISOString()}`;
  return `run ${runId} (${kind}, ${startedAt.toISOString()}) stands stopped: ${losses} of ${asked} cooperatives would lose seats, ${lossLimit} may; ${seen}`;
}

function changeLines(change: HeldChange): readonly string[] {
  const { gained, inForce, lost, mersisNo, ofRun, seenAt, secondAfter, unvan, why } = change;
  const waits = ofRun ? 'for release' : `for a reading after ${secondAfter.toISOString()}`;
  return [
    `${mersisNo}  ${unvan ?? '-'}`,
    `    ${why}: ${lost.length} of ${inForce} seats lost, ${gained} new; since ${seenAt.toISOString()}, waits ${waits}`,
    ...lost.map(({ role, from, to }) => `    ${role}  ${from} to ${to ?? '-'}`),
  ];
}
