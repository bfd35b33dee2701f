import { competenceOf, type KindOfCooperative } from '../competence.js';
import type { Capacity } from '../decide.js';
import type { AuthorityFacts, CooperativeFacts, Seat, StaffRole } from '../facts.js';
import type { Conditions } from './rights.js';

/** Kind, law and level of a cooperative, as the registry has them. */
export interface KindAndLevel extends KindOfCooperative {
  readonly seviye: string;
}

/** What a capacity rests on. */
export interface Basis {
  readonly seat: Seat | null;
  readonly staff: StaffRole | null;
}

/** What conditions are held against. `kind`: null where nobody says which; a right for some kinds only does not hold then. */
export interface Circumstances {
  readonly cooperative: CooperativeFacts;
  readonly basis: Basis;
  readonly today: string;
  readonly kind: KindAndLevel | null;
}

/** The seat or role that a capacity names. Pure. */
export function basisOf({ basis }: Pick<Capacity, 'basis'>, { seats, roles }: AuthorityFacts): Basis {
  return {
    seat: seats.find(({ seatId }) => seatId === basis) ?? null,
    staff: roles.find(({ roleId }) => roleId === basis) ?? null,
  };
}

/** True where every condition but strength of sign-in holds. Every doubt is a no. Pure. */
export function conditionsHold(conditions: Conditions, given: Circumstances): boolean {
  return (
    isCompetent(conditions, given) &&
    isThere(conditions, given) &&
    isInTerm(conditions, given) &&
    isOfKind(conditions, given)
  );
}

function isCompetent({ ministries, il }: Conditions, { cooperative, basis: { staff } }: Circumstances) {
  return (
    (ministries === 'any' || staff?.ministry === cooperative.ilgiliBakanlik) &&
    (il === 'any' || staff?.il === cooperative.il)
  );
}

function isThere({ cooperative: where }: Conditions, { cooperative, basis: { seat, staff } }: Circumstances) {
  if (where === 'any') return true;
  if (where === 'own') return seat !== null;
  return seat?.role === 'ministry-representative' || staff?.mersisNo === cooperative.mersisNo;
}

function isInTerm({ term }: Conditions, { basis: { seat, staff }, today }: Circumstances) {
  if (term === 'none') return true;
  const days = seat ?? staff;
  if (days === null) return false;
  if (term === 'after-term') return days.endsOn !== null && days.endsOn <= today;
  return days.startsOn !== null && days.startsOn <= today && (days.endsOn === null || days.endsOn > today);
}

function isOfKind({ kinds }: Conditions, { kind }: Circumstances) {
  if (kinds === 'all') return true;
  if (kind === null) return false;
  const tur = competenceOf(kind)?.tur;
  return kinds.includes(kind.seviye) || (tur !== undefined && kinds.includes(tur));
}
