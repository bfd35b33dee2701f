import { areAssemblyDays, overlap, type RoleDays } from './assembly-days.js';
import { forbiddenPair } from './forbidden-pairs.js';
import {
  type CooperativePlace,
  competenceFor,
  SECOND_PERSON_ROLES,
  TWO_PERSON_ROLES,
} from './grant-rules.js';
import { conflict, NOT_COMPETENT, type RoleRefusal, SECOND_NEEDED, SECOND_NOT_COMPETENT } from './refusal.js';
import type { NamedRole } from './role-list.js';

/** A role that a person holds. `tag`: hex of the person's tag in the domain `authority`. */
export interface HeldRole extends Omit<NamedRole, 'role'>, RoleDays {
  readonly roleId: string;
  readonly tag: string;
  readonly role: string;
}

/** All that a decision rests on, as it stands while nobody else can change it. */
export interface RoleWorld {
  /** Every role of the persons concerned, and every administrator and security officer. */
  readonly roles: readonly HeldRole[];
  readonly places: ReadonlyMap<string, CooperativePlace>;
  /** `<tag> <mersisNo>` for each seat that is not over. */
  readonly seats: ReadonlySet<string>;
  /** The day in Europe/Istanbul. */
  readonly today: string;
}

/** One role of one person that is to be granted or taken away. */
export interface WantedRole extends RoleDays {
  readonly tag: string;
  readonly role: NamedRole;
}

/** Who decides; `actor` null is the first administrator, whom nobody can grant. */
export interface Deciders {
  readonly actor: string | null;
  readonly second: string | null;
}

export const seatKey = (tag: string, mersisNo: string): string => `${tag} ${mersisNo}`;

/** Why this grant is refused; null where no rule stands against it. Pure. */
export function judgeGrant(wanted: WantedRole, deciders: Deciders, world: RoleWorld): RoleRefusal | null {
  const { actor } = deciders;
  return (
    (actor === null
      ? judgeBootstrap(wanted, world)
      : (judgeCompetence(wanted, actor, world) ?? judgeSecond(wanted, actor, deciders.second, world))) ??
    judgeDays(wanted, world) ??
    judgeSeat(wanted, world) ??
    judgeHeld(wanted, world)
  );
}

/**
 * Why a grant that needs two persons cannot even be proposed by `actor`: null where somebody is there who could be the second person, and no rule
 * stands against it then. It is judged again when it is approved. Pure.
 */
export function judgeProposedGrant(wanted: WantedRole, actor: string, world: RoleWorld): RoleRefusal | null {
  const others = [...holders(SECOND_PERSON_ROLES, world.roles)];
  const second = others.find((tag) => tag !== actor && tag !== wanted.tag) ?? null;
  return judgeGrant(wanted, { actor, second }, world);
}

/** Which roles go; or why this revocation is refused. A role may go whoever brought it, and whoever holds it may give it up. Pure. */
export function judgeRevocation(
  wanted: WantedRole,
  actor: string,
  world: RoleWorld,
): { readonly gone: readonly HeldRole[] } | RoleRefusal {
  const refusal = judgeDecider(wanted, actor, world);
  if (refusal !== null) return refusal;
  const gone = ofPerson(wanted.tag, world).filter((held) => isSame(held, wanted.role));
  if (gone.length === 0) return conflict('not-held');
  return judgeLast(wanted, gone, world) ?? { gone };
}

function judgeBootstrap({ role }: WantedRole, world: RoleWorld): RoleRefusal | null {
  if (role.role !== 'administrator') return NOT_COMPETENT;
  return holders(['administrator'], world.roles).size > 0 ? conflict('administrator-exists') : null;
}

function judgeCompetence(wanted: WantedRole, actor: string, world: RoleWorld): RoleRefusal | null {
  return wanted.tag === actor ? conflict('own-person') : judgeDecider(wanted, actor, world);
}

/** The one who acts is competent, and sits on nothing that the decision is about. */
function judgeDecider({ role }: WantedRole, actor: string, world: RoleWorld): RoleRefusal | null {
  const place = role.mersisNo === null ? null : (world.places.get(role.mersisNo) ?? null);
  const competence = competenceFor(ofPerson(actor, world) as readonly NamedRole[], role, place);
  if (competence === 'no-role') return NOT_COMPETENT;
  if (competence !== 'competent') return conflict(competence);
  const sits = role.mersisNo !== null && world.seats.has(seatKey(actor, role.mersisNo));
  return sits ? conflict('holds-seat') : null;
}

/**
 * Two persons, neither of whom gets the role. The one exception: as long as nobody else holds a role that a second person needs, the
 * only administrator grants the first security officer alone, since nobody could be the second; `judgeLast` never lets that come back.
 */
function judgeSecond(
  { tag, role }: WantedRole,
  actor: string,
  second: string | null,
  world: RoleWorld,
): RoleRefusal | null {
  if (!TWO_PERSON_ROLES.includes(role.role)) return null;
  if (second === null) {
    const isAlone = holders(SECOND_PERSON_ROLES, world.roles).size === 1;
    return isAlone && role.role === 'security-officer' ? null : SECOND_NEEDED;
  }
  if (second === actor || second === tag) return SECOND_NEEDED;
  return holders(SECOND_PERSON_ROLES, world.roles).has(second) ? null : SECOND_NOT_COMPETENT;
}

function judgeDays(wanted: WantedRole, { today }: RoleWorld): RoleRefusal | null {
  const { role, from, to } = wanted;
  const fits = role.mersisNo === null ? from === null && to === null : areAssemblyDays(wanted, today);
  return fits ? null : conflict('days-invalid');
}

function judgeSeat({ tag, role }: WantedRole, { seats }: RoleWorld): RoleRefusal | null {
  return role.mersisNo !== null && seats.has(seatKey(tag, role.mersisNo)) ? conflict('holds-seat') : null;
}

function judgeHeld(wanted: WantedRole, world: RoleWorld): RoleRefusal | null {
  const held = ofPerson(wanted.tag, world);
  if (held.some((one) => isSame(one, wanted.role) && overlap(one, wanted))) return conflict('already-held');
  const pair = held.map((one) => forbiddenPair(one.role, wanted.role.role)).find((found) => found !== null);
  return pair === undefined
    ? null
    : { ...conflict('pair-forbidden'), message: `${pair.one} and ${pair.other}: ${pair.why}` };
}

/** Somebody must be left who grants, and somebody else who can be the second person. */
function judgeLast(
  { role }: WantedRole,
  gone: readonly HeldRole[],
  { roles }: RoleWorld,
): RoleRefusal | null {
  if (!TWO_PERSON_ROLES.includes(role.role)) return null;
  const left = roles.filter((held) => !gone.includes(held));
  if (role.role === 'administrator' && holders(['administrator'], left).size === 0)
    return conflict('last-administrator');
  return holders(SECOND_PERSON_ROLES, left).size > 1 ? null : conflict('last-second-person');
}

/** A role that is over binds nobody. */
function ofPerson(tag: string, { roles, today }: RoleWorld): readonly HeldRole[] {
  return roles.filter((held) => held.tag === tag && (held.to === null || held.to > today));
}

function holders(names: readonly string[], roles: readonly HeldRole[]): ReadonlySet<string> {
  return new Set(roles.filter(({ role }) => names.includes(role)).map(({ tag }) => tag));
}

function isSame(held: HeldRole, { role, ministry, il, mersisNo }: NamedRole): boolean {
  return held.role === role && held.ministry === ministry && held.il === il && held.mersisNo === mersisNo;
}
