import { isDay } from './calendar.js';
import { cooperativeKind } from './cooperative-kinds.js';
import { type FieldChecks, firstProblem, isObject, isOneOf, isText, type Patched } from './patched.js';
import {
  COOPERATIVE_STATES,
  type Cooperative,
  DUTIES,
  LEVELS_OF_UNION,
  type Population,
} from './population.js';
import { PROVINCES } from './provinces.js';
import { isSeatRole, orderedRoles, rolesOfBoard } from './roles.js';

/** Present, past and elected seats together; the largest real boards have far fewer. */
const MAX_SEATS = 200;

/**
 * Changes fields of one cooperative as a registry would (CONTRACT §3 `PATCH /cooperatives/<mersisNo>`), all or none.
 * `board` replaces the whole board; the `is` lists of everybody on the old or the new one follow, as of `today`.
 * A changed `tur` takes `kanun` and `ilgiliBakanlik` along; given beside it, or alone, they must be those of the kind.
 * `mersisNo` and `vkn` may be repeated, never changed.
 */
export function patchCooperative(
  population: Population,
  mersisNo: string,
  change: unknown,
  today: string,
): Patched {
  const cooperative = population.cooperatives.find((one) => one.mersisNo === mersisNo);
  if (cooperative === undefined) return { ok: false, problem: 'not-found' };
  const tur = isObject(change) && Object.hasOwn(change, 'tur') ? change.tur : cooperative.tur;
  const kind = typeof tur === 'string' ? cooperativeKind(tur) : null;
  const problem = firstProblem(change, {
    ...fieldChecks(population, cooperative),
    tur: () => kind !== null,
    kanun: (value) => kind !== null && value === kind.kanun,
    ilgiliBakanlik: (value) => kind !== null && value === kind.ilgiliBakanlik,
  });
  if (problem !== null) return problem;
  const ofKind = kind === null ? {} : { kanun: kind.kanun, ilgiliBakanlik: kind.ilgiliBakanlik };
  const changed: Cooperative = { ...cooperative, ...(change as Partial<Cooperative>), ...ofKind };
  const cooperatives = population.cooperatives.map((one) => (one === cooperative ? changed : one));
  return { ok: true, population: withRolesOf({ ...population, cooperatives }, cooperative, changed, today) };
}

function fieldChecks(population: Population, cooperative: Cooperative): FieldChecks {
  return {
    mersisNo: (value) => value === cooperative.mersisNo,
    vkn: (value) => value === cooperative.vkn,
    unvan: (value) => isText(value, 300),
    seviye: (value) => isOneOf(LEVELS_OF_UNION, value),
    il: (value) => isOneOf(PROVINCES, value),
    durum: (value) => isOneOf(COOPERATIVE_STATES, value),
    board: (value) => isBoard(value, new Set(population.people.map(({ kimlikNo }) => kimlikNo))),
  };
}

function isBoard(value: unknown, people: ReadonlySet<string>): boolean {
  return Array.isArray(value) && value.length <= MAX_SEATS && value.every((seat) => isSeat(seat, people));
}

function isSeat(seat: unknown, people: ReadonlySet<string>): boolean {
  if (!isObject(seat)) return false;
  const checks: FieldChecks = {
    kimlikNo: (value) => typeof value === 'string' && people.has(value),
    gorev: (value) => isOneOf(DUTIES, value),
    baslangic: isDay,
    bitis: (value) => isDay(value) && isDay(seat.baslangic) && value >= seat.baslangic,
    tescil: isDay,
  };
  return (
    ['kimlikNo', 'gorev', 'baslangic'].every((name) => Object.hasOwn(seat, name)) &&
    firstProblem(seat, checks) === null
  );
}

/** The `is` lists of those on the board before or now: what this board gave goes, what it gives comes, the rest stays. */
function withRolesOf(
  population: Population,
  before: Cooperative,
  now: Cooperative,
  today: string,
): Population {
  const concerned = new Set([...before.board, ...now.board].map(({ kimlikNo }) => kimlikNo));
  const given = rolesOfBoard(now, today);
  const people = population.people.map((person) => {
    if (!concerned.has(person.kimlikNo)) return person;
    const rest = person.is.filter((role) => !(isSeatRole(role) && role.endsWith(`:${now.mersisNo}`)));
    return { ...person, is: orderedRoles([...rest, ...(given.get(person.kimlikNo) ?? [])]) };
  });
  return { ...population, people };
}
