import { addDays } from '../calendar/add-days.js';
import type { AuthorityFacts, CooperativeFacts, Seat, SeatRole, StaffRole } from './facts.js';
import { runsOn } from './record.js';

/**
 * In what capacity a person acts for a cooperative; `basis` names the seat or role that it rests on. `board-after-term`: an old board
 * that may still bring about the assembly that elects the next one.
 */
export type ActingRole =
  | 'board'
  | 'board-after-term'
  | 'liquidator'
  | 'trustee'
  | 'denetci'
  | 'appointee'
  | 'directorate'
  | 'ministry-central'
  | 'ministry-manager'
  | 'ministry-representative';

export interface Grant {
  readonly role: ActingRole;
  readonly basis: string;
}

/** `reads-only`: the registry's word is older than a right to change anything may rest on. Staff's competence does not age. */
export interface Capacity extends Grant {
  readonly freshness: 'fresh' | 'reads-only';
}

export type NoAuthorityReason =
  | 'no-seat'
  | 'not-registered-yet'
  | 'term-ended'
  | 'legacy-ended'
  | 'suspended'
  | 'stale';

/** Why a seat itself gives nothing. `no-seat`: the cooperative's status lets others act or nobody, or its source names it no longer. */
export type NotInForceReason = Exclude<NoAuthorityReason, 'stale'>;

export type AuthorityDecision =
  | {
      readonly kind: 'granted';
      readonly grants: readonly [Grant, ...Grant[]];
      readonly cooperative: CooperativeFacts;
    }
  | { readonly kind: 'denied'; readonly reason: NoAuthorityReason }
  | { readonly kind: 'outside-own-area' };

/** How old the registry's word may be for what, and how long an old board may still act for the assembly (0: not at all). */
export interface AuthorityPolicy {
  readonly staleAfterHours: number;
  readonly nothingAfterHours: number;
  readonly afterTermDays: number;
}

/** When a decision is made, and by which policy. */
export interface DecisionTime extends AuthorityPolicy {
  readonly now: Date;
  /** The day of `now` in Europe/Istanbul. */
  readonly today: string;
}

/** All that a person is at a cooperative, before anybody asks for what. */
export interface PersonStanding {
  readonly capacities: readonly Capacity[];
  /** Why nothing, where there is nothing fresh: the nearest miss. */
  readonly miss: NoAuthorityReason | 'outside-own-area';
}

/** Reasons from the most to the least telling: of several seats that give nothing, the nearest miss is named. */
const NEAREST_FIRST: readonly NoAuthorityReason[] = [
  'suspended',
  'stale',
  'not-registered-yet',
  'term-ended',
  'legacy-ended',
];

/** Whose seats act under which status: in liquidation the liquidators, at a deleted or merged one nobody of its own. */
const ACTING_UNDER: ReadonlyMap<string, readonly SeatRole[]> = new Map([
  ['faal', ['board', 'denetci', 'appointee', 'trustee', 'ministry-representative']],
  ['tasfiye', ['liquidator']],
]);
/** Those in whose place a trustee stands. */
const DISPLACED_BY_TRUSTEE: readonly SeatRole[] = ['board', 'appointee'];

/**
 * Who may act for a cooperative today. Pure. Every doubt is a no: an unknown cooperative, a status that is not known to let the seat
 * act, a reading that is too old. Each registered board member acts alone, whatever the signature rule (m.5(3)).
 */
export function decideAuthority(facts: AuthorityFacts, time: DecisionTime): AuthorityDecision {
  const { capacities, miss } = standingOf(facts, time);
  const { cooperative } = facts;
  const grants = capacities
    .filter(({ freshness }) => freshness === 'fresh')
    .map(({ role, basis }): Grant => ({ role, basis }));
  const [first, ...others] = grants;
  if (first !== undefined && cooperative !== null)
    return { kind: 'granted', grants: [first, ...others], cooperative };
  return miss === 'outside-own-area' ? { kind: miss } : { kind: 'denied', reason: miss };
}

/** Every capacity of a person at a cooperative today, old readings told apart. Pure. */
export function standingOf(facts: AuthorityFacts, time: DecisionTime): PersonStanding {
  const { cooperative, seatedAt } = facts;
  if (cooperative === null) return { capacities: [], miss: 'no-seat' };
  const capacities: Capacity[] = [];
  const misses = new Set<NoAuthorityReason>();
  const freshness = freshnessOf(cooperative, seatedAt, time);
  // Nobody decides on a cooperative where they sit themselves, whatever the seat gives, and however old the reading is: an elected member
  // waits for registration, an old board still calls the assembly.
  let sits = facts.seats.some((seat) => isOwnSeat(seat, time.today));
  for (const seat of seatedAt === null ? [] : facts.seats) {
    const role = actingRole(seat, seatedAt as CooperativeFacts, time);
    const miss = role === null ? whyNotToday(seat, seatedAt as CooperativeFacts, time.today) : null;
    if (miss !== null) misses.add(miss);
    else if (freshness !== 'fresh') misses.add('stale');
    if (role === 'board-after-term') sits = true;
    if (role !== null && freshness !== 'nothing') capacities.push({ role, basis: seat.seatId, freshness });
  }
  const staff = sits ? [] : facts.roles.filter(isStaff);
  for (const role of staff) {
    const miss = whyNotCompetent(role, cooperative, time.today);
    if (miss === null) capacities.push({ role: role.role, basis: role.roleId, freshness: 'fresh' });
    else if (miss !== 'outside-own-area') misses.add(miss);
  }
  if (misses.size === 0 && staff.some(({ role }) => role !== 'ministry-representative'))
    return { capacities, miss: 'outside-own-area' };
  return { capacities, miss: NEAREST_FIRST.find((reason) => misses.has(reason)) ?? 'no-seat' };
}

/**
 * How new the registry’s word is. Of a merged cooperative both readings count: that it merged, and who sits at the other one. A reading of
 * a time that has not come is none: it would stay fresh for as long as whoever wrote it wished. Pure.
 */
export function freshnessOf(
  cooperative: CooperativeFacts,
  seatedAt: CooperativeFacts | null,
  { now, staleAfterHours, nothingAfterHours }: DecisionTime,
): Capacity['freshness'] | 'nothing' {
  const times = [cooperative.readAt.getTime(), (seatedAt ?? cooperative).readAt.getTime()];
  if (Math.max(...times) > now.getTime() + MAX_AHEAD_MS) return 'nothing';
  const ageMs = now.getTime() - Math.min(...times);
  if (ageMs <= staleAfterHours * HOUR_MS) return 'fresh';
  return ageMs <= nothingAfterHours * HOUR_MS ? 'reads-only' : 'nothing';
}

const HOUR_MS = 3_600_000;
/** So far may the clock of another instance that read be ahead of ours. */
const MAX_AHEAD_MS = 600_000;

/**
 * A seat of the cooperative's own side that is not over: an interest in what is decided there, registered or not, suspended or not. A
 * ministry representative's is the administration's. Pure.
 */
export function isOwnSeat(seat: Pick<Seat, 'role' | 'endsOn' | 'goneOn'>, today: string): boolean {
  const isOver = (day: string | null) => day !== null && day <= today;
  return seat.role !== 'ministry-representative' && !isOver(seat.endsOn) && !isOver(seat.goneOn);
}

/** What a seat makes of its person today; null: nothing. */
function actingRole(
  seat: Seat,
  cooperative: CooperativeFacts,
  { today, afterTermDays }: DecisionTime,
): ActingRole | null {
  const miss = whyNotToday(seat, cooperative, today);
  if (miss === null) return seat.role as ActingRole;
  const callsAssembly =
    miss === 'term-ended' &&
    seat.role === 'board' &&
    seat.endsOn !== null &&
    afterTermDays > 0 &&
    addDays(seat.endsOn, afterTermDays) > today &&
    // Whoever left before, or was never registered in time, was not on the board whose term ended.
    runsOn(seat, addDays(seat.endsOn, -1)) &&
    // Who acts in the place of the board, or a new one, calls it.
    !cooperative.hasBoard &&
    whyNotAllowed(seat.role, cooperative) === null;
  return callsAssembly ? 'board-after-term' : null;
}

/** Why a seat is no authority today, as far as that does not hang on the age of the reading; null where it is one. Pure. */
export function whyNotToday(
  seat: Seat,
  cooperative: Pick<CooperativeFacts, 'suspended' | 'durum' | 'underTrustee'>,
  today: string,
): NotInForceReason | null {
  // Appointees of the closed system must be appointed anew (Yönetmelik m.15(2)).
  if (seat.role === 'legacy-appointee') return 'legacy-ended';
  const isEnded = seat.endsOn !== null && seat.endsOn <= today;
  if (seat.goneOn !== null && seat.goneOn <= today) return isEnded ? 'term-ended' : 'no-seat';
  if (seat.registeredOn === null || seat.registeredOn > today) return 'not-registered-yet';
  if (seat.startsOn > today) return 'not-registered-yet';
  return isEnded ? 'term-ended' : whyNotAllowed(seat.role, cooperative);
}

/** What the cooperative's own state does to a seat that runs. */
function whyNotAllowed(
  role: SeatRole,
  { suspended, durum, underTrustee }: Pick<CooperativeFacts, 'suspended' | 'durum' | 'underTrustee'>,
): NotInForceReason | null {
  // Whom a court has put in the place of the board no suspension of its organs removes.
  if (suspended && role !== 'trustee') return 'suspended';
  if (underTrustee && DISPLACED_BY_TRUSTEE.includes(role)) return 'suspended';
  return ACTING_UNDER.get(durum)?.includes(role) === true ? null : 'no-seat';
}

const STAFF = ['directorate', 'ministry-central', 'ministry-manager', 'ministry-representative'] as const;
type CompetentRole = StaffRole & { readonly role: (typeof STAFF)[number] };

function isStaff(role: StaffRole): role is CompetentRole {
  return STAFF.some((name) => name === role.role);
}

/**
 * The kind of the cooperative decides the ministry (m.3); a directorate is competent in its own il only, a representative for one
 * cooperative on the days of its assembly.
 */
function whyNotCompetent(
  role: CompetentRole,
  cooperative: CooperativeFacts,
  today: string,
): NoAuthorityReason | 'outside-own-area' | null {
  if (role.role === 'ministry-representative') {
    if (role.mersisNo !== cooperative.mersisNo) return 'outside-own-area';
    if (role.startsOn === null || role.startsOn > today) return 'not-registered-yet';
    return role.endsOn === null || role.endsOn <= today ? 'term-ended' : null;
  }
  const isOwn =
    role.ministry === cooperative.ilgiliBakanlik &&
    (role.role !== 'directorate' || role.il === cooperative.il);
  return isOwn ? null : 'outside-own-area';
}
