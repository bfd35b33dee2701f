import { type ActingRole, type AuthorityPolicy, type Capacity, standingOf } from '../decide.js';
import type { CooperativeFacts, Seat } from '../facts.js';
import { type CooperativeRecord, cooperativeOn, type RecordedSeat } from '../record.js';
import { ACTIONS, type ActionName } from '../rights/actions.js';
import { conditionsHold, type KindAndLevel } from '../rights/conditions.js';
import { RIGHTS } from '../rights/rights.js';

/** A seat that let its person act on a day. Days `YYYY-MM-DD`; `tag`: the person's in the domain `authority`, hex. */
export interface SeatInForce {
  readonly tag: string;
  readonly role: ActingRole;
  readonly seatId: string;
  readonly from: string;
  /** The day on which it is over, as far as that was known; the day on which its source named it no longer where that came first. */
  readonly to: string | null;
  readonly registeredOn: string | null;
  readonly state: string | null;
  /** Signature rule: shown, decides nothing. */
  readonly representation: string | null;
  readonly gazette: string | null;
  readonly actsFor: string | null;
  readonly appointment: string | null;
}

/** A cooperative on a day, as one version of it has it. */
export interface ActingOn {
  readonly mersisNo: string;
  readonly durum: string;
  readonly suspended: boolean;
  readonly underTrustee: boolean;
  /** MERSİS number of the one that it went into: whose seats count while its status says that it merged. */
  readonly successor: string | null;
  readonly seats: readonly SeatInForce[];
}

/** Every doubt is a no: without a policy no old board acts. */
const NO_AFTER_TERM = { afterTermDays: 0 };
/** The age of a reading is no matter of a version. */
const READ_AT = new Date(0);
const JUST_READ = { now: READ_AT, staleAfterHours: 0, nothingAfterHours: 0 };
const STAMP = { version: 0, readAt: READ_AT };

/**
 * Whose seats at this cooperative let them act on `day`, by the same rules as every decision, staff and the age of the reading left out. Of
 * one that merged these are its own seats, which give nothing: `successor` names whose do. Pure.
 */
export function whoCouldAct(
  record: CooperativeRecord,
  day: string,
  { afterTermDays }: Pick<AuthorityPolicy, 'afterTermDays'> = NO_AFTER_TERM,
): ActingOn {
  const cooperative = cooperativeOn(record, STAMP, day);
  const facts = { cooperative, seatedAt: cooperative, seats: record.seats, roles: [] };
  const { capacities } = standingOf(facts, { ...JUST_READ, today: day, afterTermDays });
  const seats = new Map(record.seats.map((seat) => [seat.seatId, seat]));
  const { mersisNo, durum, suspended, underTrustee } = cooperative;
  return {
    ...{ mersisNo, durum, suspended, underTrustee },
    successor: record.successor,
    seats: capacities.map(({ role, basis }) => inForce(role, seats.get(basis) as RecordedSeat)),
  };
}

function inForce(role: ActingRole, seat: RecordedSeat): SeatInForce {
  const { tag, seatId, startsOn: from, endsOn, goneOn, registeredOn } = seat;
  const { state, representation, gazette, actsFor, appointment } = seat;
  const to = endsOn === null || (goneOn !== null && goneOn < endsOn) ? goneOn : endsOn;
  return {
    ...{ tag, role, seatId, from, to, registeredOn },
    ...{ state, representation, gazette, actsFor, appointment },
  };
}

/** What is asked of the table of rights. `cooperative`: the one that was asked about, on `day`. */
export interface SeatQuestion {
  readonly cooperative: CooperativeFacts;
  readonly kind: KindAndLevel;
  readonly day: string;
  readonly freshness: Capacity['freshness'] | 'nothing';
}

/**
 * Actions to which the table gives a right by this seat, in the table's order; with an old reading only those that change nothing. What
 * needs a further step at sign-in is among them. Pure.
 */
export function mayDo(
  role: ActingRole,
  seat: Seat,
  { cooperative, kind, day, freshness }: SeatQuestion,
): readonly ActionName[] {
  if (freshness === 'nothing') return [];
  const given = { cooperative, basis: { seat, staff: null }, today: day, kind };
  return RIGHTS.filter(
    (right) =>
      right.role === role &&
      right.conditions.through === 'evaluation' &&
      (freshness === 'fresh' || ACTIONS.get(right.action)?.changes === false) &&
      conditionsHold(right.conditions, given),
  ).map(({ action }) => action);
}
