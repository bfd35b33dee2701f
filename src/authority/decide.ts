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
  const staff = facts.roles.filter(isStaff);
  for (const role of staff) {
    if (isCompetent(role, cooperative)) grants.push({ role: role.role, basis: role.roleId });
  }
  const [first, ...others] = grants;
  if (first !== undefined) return { kind: 'granted', grants: [first, ...others], cooperative };
  if (staff.length > 0 && misses.size === 0) return { kind: 'outside-own-area' };
  return { kind: 'denied', reason: NEAREST_FIRST.find((reason) => misses.has(reason)) ?? 'no-seat' };
}

function whyNot(seat: Seat, cooperative: CooperativeFacts, time: DecisionTime): NoAuthorityReason | null {
  // Appointees of the closed system must be appointed anew (Yönetmelik m.15(2)).
  if (seat.role === 'legacy-appointee') return 'legacy-ended';
  if (seat.registeredOn === null || seat.registeredOn > time.today) return 'not-registered-yet';
  if (seat.startsOn > time.today) return 'not-registered-yet';
  if (seat.endsOn !== null && seat.endsOn <= time.today) return 'term-ended';
  if (cooperative.suspended) return 'suspended';
  // In liquidation the liquidators act, a deleted cooperative has nobody: neither is this seat.
  if (cooperative.durum !== 'faal') return 'no-seat';
  const ageMs = time.now.getTime() - cooperative.readAt.getTime();
  if (ageMs > time.staleAfterHours * 3_600_000) return 'stale';
  return null;
}

type CompetentRole = StaffRole & { readonly role: 'directorate' | 'ministry-central' | 'ministry-manager' };

function isStaff(role: StaffRole): role is CompetentRole {
  return role.role === 'directorate' || role.role === 'ministry-central' || role.role === 'ministry-manager';
}

/** The kind of the cooperative decides the ministry (m.3); a directorate is competent in its own il only. */
function isCompetent(role: CompetentRole, cooperative: CooperativeFacts): boolean {
  if (role.ministry !== cooperative.ilgiliBakanlik) return false;
  return role.role === 'directorate' ? role.il === cooperative.il : true;
}
