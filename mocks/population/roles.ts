import { type Cooperative, MINISTRIES, type Person, type Population, type Seat } from './population.js';
import { PROVINCES } from './provinces.js';

/** Kinds of `is` values, in the order in which they stand in a person's list (CONTRACT §2). */
const COOPERATIVE_ROLES = [
  'board',
  'elected',
  'former',
  'denetci',
  'appointee',
  'legacy-appointee',
  'member',
  'ministry-representative',
] as const;
const MINISTRY_ROLES = ['ministry-central', 'ministry-manager'] as const;
const HOUSE_ROLES = ['security-officer', 'log-inspector', 'finance', 'administrator'] as const;
const ORDER: readonly string[] = [
  ...COOPERATIVE_ROLES,
  'directorate',
  ...MINISTRY_ROLES,
  ...HOUSE_ROLES,
  'nobody',
];

/** The kinds that follow from a board and stand in `is` for reading only. */
const SEAT_ROLES = ['board', 'elected', 'former', 'denetci'] as const;
type SeatRole = (typeof SEAT_ROLES)[number];

/** True where `value` is a role that a person of this population may have, its cooperative, ministry or province being known. */
export function isRole(value: string, population: Population): boolean {
  const [kind = '', ...rest] = value.split(':');
  const object = rest.join(':');
  if (rest.length === 0) return kind === 'nobody' || within(HOUSE_ROLES, kind);
  if (within(COOPERATIVE_ROLES, kind))
    return population.cooperatives.some(({ mersisNo }) => mersisNo === object);
  if (within(MINISTRY_ROLES, kind)) return within(MINISTRIES, object);
  const [ministry = '', il = '', ...more] = object.split('/');
  return (
    kind === 'directorate' && within(MINISTRIES, ministry) && PROVINCES.includes(il) && more.length === 0
  );
}

/** True for a role that follows from a board. */
export function isSeatRole(value: string): boolean {
  return within(SEAT_ROLES, value.split(':')[0] ?? '');
}

/**
 * What the board of one cooperative makes of its people on the day `today`: kimlikNo → roles. A board seat is `board`
 * while registered and in term, `former` once the term is over, `elected` before registration or before it starts;
 * of several seats of one person there the strongest counts. An auditor is `denetci` while registered and in term, else
 * nothing; a liquidator and a trustee have no role of their own here.
 */
export function rolesOfBoard(cooperative: Cooperative, today: string): Map<string, string[]> {
  const found = new Map<string, Set<SeatRole>>();
  for (const seat of cooperative.board) {
    const role = roleOfSeat(seat, today);
    if (role !== null) found.set(seat.kimlikNo, (found.get(seat.kimlikNo) ?? new Set()).add(role));
  }
  const roles = new Map<string, string[]>();
  for (const [kimlikNo, all] of found) {
    const strongest = (['board', 'elected', 'former'] as const).find((role) => all.has(role));
    const kept = [strongest, all.has('denetci') ? 'denetci' : undefined].filter((role) => role !== undefined);
    roles.set(
      kimlikNo,
      kept.map((role) => `${role}:${cooperative.mersisNo}`),
    );
  }
  return roles;
}

/** A list without repetition, in the one order; `nobody` exactly where it would be empty. */
export function orderedRoles(values: readonly string[]): string[] {
  const roles = [...new Set(values)].filter((value) => value !== 'nobody');
  if (roles.length === 0) return ['nobody'];
  const rank = (value: string) => ORDER.indexOf(value.split(':')[0] ?? '');
  return roles.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function roleOfSeat(seat: Seat, today: string): SeatRole | null {
  if (seat.gorev === 'tasfiye memuru' || seat.gorev === 'kayyım') return null;
  const over = seat.bitis !== undefined && seat.bitis <= today;
  const registered = seat.tescil !== undefined && seat.tescil <= today;
  const inForce = registered && seat.baslangic <= today && !over;
  if (seat.gorev === 'denetçi') return inForce ? 'denetci' : null;
  if (over) return registered ? 'former' : null;
  return inForce ? 'board' : 'elected';
}

/** The `is` lists of those on a board before or now: what the board gave goes, what it gives now comes, the rest stays. */
export function withRolesOf(
  people: readonly Person[],
  changes: readonly { readonly before: Cooperative; readonly now: Cooperative }[],
  today: string,
): readonly Person[] {
  const gone = new Map<string, Set<string>>();
  const given = new Map<string, string[]>();
  for (const { before, now } of changes) {
    for (const { kimlikNo } of [...before.board, ...now.board])
      gone.set(kimlikNo, (gone.get(kimlikNo) ?? new Set()).add(now.mersisNo));
    for (const [kimlikNo, roles] of rolesOfBoard(now, today))
      given.set(kimlikNo, [...(given.get(kimlikNo) ?? []), ...roles]);
  }
  return people.map((person) => {
    const boards = gone.get(person.kimlikNo);
    if (boards === undefined) return person;
    const rest = person.is.filter((role) => !(isSeatRole(role) && boards.has(role.split(':')[1] ?? '')));
    return { ...person, is: orderedRoles([...rest, ...(given.get(person.kimlikNo) ?? [])]) };
  });
}

function within(list: readonly string[], value: string): boolean {
  return list.includes(value);
}
