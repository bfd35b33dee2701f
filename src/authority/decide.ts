import type { AuthorityFacts, CooperativeFacts, Seat, StaffRole } from './facts.js';

/** In what capacity a person acts for a cooperative; `basis` names the seat or role that it rests on. */
type ActingRole =
  | 'board'
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

type NoAuthorityReason =
  | 'no-seat'
  | 'not-registered-yet'
  | 'term-ended'
  | 'legacy-ended'
  | 'suspended'
  | 'stale';

/** Why a seat itself gives nothing. `no-seat`: the cooperative is not `faal`, so that others act or nobody does. */
export type NotInForceReason = Exclude<NoAuthorityReason, 'stale'>;

export type AuthorityDecision =
  | {
      readonly kind: 'granted';
      readonly grants: readonly [Grant, ...Grant[]];
      readonly cooperative: CooperativeFacts;
    }
  | { readonly kind: 'denied'; readonly reason: NoAuthorityReason }
  | { readonly kind: 'outside-own-area' };

/** When a decision is made and how old the registry's word may be. */
export interface DecisionTime {
  readonly now: Date;
  /** The day of `now` in Europe/Istanbul. */
  readonly today: string;
  readonly staleAfterHours: number;
}

/** Reasons from the most to the least telling: of several seats that give nothing, the nearest miss is named. */
const NEAREST_FIRST: readonly NoAuthorityReason[] = [
  'suspended',
  'stale',
  'not-registered-yet',
  'term-ended',
  'legacy-ended',
];

/**
 * Who may act for a cooperative today. Pure. Every doubt is a no: an unknown cooperative, a status other than `faal`,
 * a reading that is too old. Each registered board member acts alone, whatever the signature rule (m.5(3)).
 */
export function decideAuthority(facts: AuthorityFacts, time: DecisionTime): AuthorityDecision {
  const { cooperative } = facts;
  if (cooperative === null) return { kind: 'denied', reason: 'no-seat' };
  const grants: Grant[] = [];
  const misses = new Set<NoAuthorityReason>();
  for (const seat of facts.seats) {
    const miss = whyNot(seat, cooperative, time);
    if (miss === null) grants.push({ role: seat.role as ActingRole, basis: seat.seatId });
    else misses.add(miss);
  }
  // Nobody decides on a cooperative where they sit themselves, whatever the seat gives: an elected member waits for registration.
  const sits = facts.seats.some((seat) => isOwnSeat(seat, time.today));
  const staff = sits ? [] : facts.roles.filter(isStaff);
  for (const role of staff) {
    const miss = whyNotCompetent(role, cooperative, time.today);
    if (miss === null) grants.push({ role: role.role, basis: role.roleId });
    else if (miss !== 'outside-own-area') misses.add(miss);
  }
  const [first, ...others] = grants;
  if (first !== undefined) return { kind: 'granted', grants: [first, ...others], cooperative };
  if (misses.size === 0 && staff.some(({ role }) => role !== 'ministry-representative'))
    return { kind: 'outside-own-area' };
  return { kind: 'denied', reason: NEAREST_FIRST.find((reason) => misses.has(reason)) ?? 'no-seat' };
}

/**
 * A seat of the cooperative's own side that is not over: an interest in what is decided there, registered or not, suspended or not. A
 * ministry representative's is the administration's. Pure.
 */
export function isOwnSeat(seat: Pick<Seat, 'role' | 'endsOn'>, today: string): boolean {
  return seat.role !== 'ministry-representative' && (seat.endsOn === null || seat.endsOn > today);
}

function whyNot(seat: Seat, cooperative: CooperativeFacts, time: DecisionTime): NoAuthorityReason | null {
  const miss = whyNotToday(seat, cooperative, time.today);
  if (miss !== null) return miss;
  const ageMs = time.now.getTime() - cooperative.readAt.getTime();
  return ageMs > time.staleAfterHours * 3_600_000 ? 'stale' : null;
}

/** Why a seat is no authority today, as far as that does not hang on the age of the reading; null where it is one. Pure. */
export function whyNotToday(
  seat: Seat,
  cooperative: Pick<CooperativeFacts, 'suspended' | 'durum'>,
  today: string,
): NotInForceReason | null {
  // Appointees of the closed system must be appointed anew (Yönetmelik m.15(2)).
  if (seat.role === 'legacy-appointee') return 'legacy-ended';
  if (seat.registeredOn === null || seat.registeredOn > today) return 'not-registered-yet';
  if (seat.startsOn > today) return 'not-registered-yet';
  if (seat.endsOn !== null && seat.endsOn <= today) return 'term-ended';
  if (cooperative.suspended) return 'suspended';
  // In liquidation the liquidators act, a deleted cooperative has nobody: neither is this seat.
  if (cooperative.durum !== 'faal') return 'no-seat';
  return null;
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
