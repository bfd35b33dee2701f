import {
  type CooperativeRecord,
  isSuspendedOn,
  type RecordedSeat,
  runsOn,
  statusOn,
} from '../authority/record.js';
import { boardAt } from './board.js';
import type { AppointmentPolicy, DisagreementMatter } from './ports.js';

/** Why an application cannot be accepted now, in one word; closed. */
export type AcceptanceProblem =
  | 'period-over'
  | 'cooperative-not-active'
  | 'cooperative-suspended'
  | 'vkn-unknown'
  | 'vkn-differs'
  | 'board-gone'
  | 'too-many-appointees';

/** What is to be accepted. `tag`: the person's, hex; `vkn` as corrected, where it was. */
export interface Acceptance {
  readonly tag: string;
  readonly vkn: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
  /** The day on which the board decided. */
  readonly decisionDate: string;
  readonly applicantTag: string;
}

/** The period of an accepted appointment: never from before its acceptance, which is its registration. Pure. */
export function periodOf(
  { startsOn, endsOn }: Pick<Acceptance, 'startsOn' | 'endsOn'>,
  today: string,
): { readonly startsOn: string; readonly endsOn: string | null } {
  return { startsOn: startsOn > today ? startsOn : today, endsOn };
}

/** Every rule that can stand against an acceptance, looked at under the cooperative's lock. Pure. */
export function judgeAcceptance(
  record: CooperativeRecord,
  wanted: Acceptance,
  policy: AppointmentPolicy,
  today: string,
): AcceptanceProblem | null {
  const period = periodOf(wanted, today);
  if (period.endsOn !== null && period.endsOn <= period.startsOn) return 'period-over';
  if (statusOn(record, today) !== 'faal') return 'cooperative-not-active';
  if (isSuspendedOn(record, today)) return 'cooperative-suspended';
  if (record.vkn === null) return 'vkn-unknown';
  if (record.vkn !== wanted.vkn) return 'vkn-differs';
  if (policy.endWithBoard && isBoardGone(record, wanted, today)) return 'board-gone';
  return mostAtATime(record, period) >= policy.atATime ? 'too-many-appointees' : null;
}

/** None sits any longer of those who sat when it was decided, the applicant among them: it would end the moment it is accepted. */
function isBoardGone(
  record: CooperativeRecord,
  { decisionDate, applicantTag }: Acceptance,
  today: string,
): boolean {
  const decided = new Set([...boardAt(record, decisionDate), applicantTag]);
  return [...boardAt(record, today)].every((tag) => !decided.has(tag));
}

/** The most appointees of whom the terms overlap on one day of the period; sleeping ones count too. */
function mostAtATime(
  { seats }: CooperativeRecord,
  { startsOn, endsOn }: { readonly startsOn: string; readonly endsOn: string | null },
): number {
  const others = seats.filter((seat) => seat.role === 'appointee' && seat.registeredOn !== null);
  // The count rises on first days alone.
  const days = [startsOn, ...others.map((seat) => seat.startsOn)].filter(
    (day) => day >= startsOn && (endsOn === null || day < endsOn),
  );
  const countOn = (day: string) => others.filter((seat) => standsOn(seat, day)).length;
  return Math.max(0, ...days.map(countOn));
}

function standsOn({ startsOn, endsOn, goneOn }: RecordedSeat, day: string): boolean {
  const isOver = (last: string | null) => last !== null && last <= day;
  return startsOn <= day && !isOver(endsOn) && !isOver(goneOn);
}

/** What contradicts an acceptance without standing against it. Pure. */
export function disagreementsAt(
  record: CooperativeRecord,
  { tag }: Pick<Acceptance, 'tag'>,
  today: string,
): readonly DisagreementMatter[] {
  const runs = (role: string) => record.seats.some((seat) => seat.role === role && runsOn(seat, today));
  return [
    ...(boardAt(record, today).has(tag) ? (['appointee-on-board'] as const) : []),
    ...(runs('trustee') ? (['appointed-under-trustee'] as const) : []),
  ];
}
