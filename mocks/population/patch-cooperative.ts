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
import { withRolesOf } from './roles.js';

/** Present, past and elected seats together; the largest real boards have far fewer. */
const MAX_SEATS = 200;
/** As long as a registry's own word for the signature rule may be. */
const MAX_REPRESENTATION = 40;
const MAX_UNVAN = 300;

/**
 * Changes fields of one cooperative as a registry would (CONTRACT §3 `PATCH /cooperatives/<mersisNo>`), all or none.
 * `board` replaces the whole board; the `is` lists of everybody on the old or the new one follow, as of `today`.
 * A changed `tur` takes `kanun` and `ilgiliBakanlik` along; given beside it, or alone, they must be those of the kind.
 * Another `durum` without `durumTarihi` begins `today`; `halef`, another cooperative of this world, stands with `birleşme` alone.
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
  const wanted: Cooperative = { ...cooperative, ...(change as Partial<Cooperative>), ...ofKind };
  const now = withStatusDay(wanted, cooperative, change as Partial<Cooperative>, today);
  if (Object.hasOwn(change as object, 'halef') && now.halef === undefined)
    return { ok: false, problem: 'bad-value', field: 'halef' };
  const cooperatives = population.cooperatives.map((one) => (one === cooperative ? now : one));
  const people = withRolesOf(population.people, [{ before: cooperative, now }], today);
  return { ok: true, population: { ...population, people, cooperatives } };
}

/** Another status begins today unless the change names its day; a successor goes with the merger. */
function withStatusDay(
  wanted: Cooperative,
  before: Cooperative,
  { durumTarihi }: Partial<Cooperative>,
  today: string,
): Cooperative {
  const { halef, ...rest } = wanted;
  const begun = wanted.durum !== before.durum && durumTarihi === undefined ? { durumTarihi: today } : {};
  return {
    ...rest,
    ...begun,
    ...(wanted.durum === 'birleşme' && halef !== undefined ? { halef } : {}),
  };
}

function fieldChecks(population: Population, cooperative: Cooperative): FieldChecks {
  return {
    mersisNo: (value) => value === cooperative.mersisNo,
    vkn: (value) => value === cooperative.vkn,
    unvan: (value) => isText(value, MAX_UNVAN),
    seviye: (value) => isOneOf(LEVELS_OF_UNION, value),
    il: (value) => isOneOf(PROVINCES, value),
    durum: (value) => isOneOf(COOPERATIVE_STATES, value),
    durumTarihi: isDay,
    halef: (value) => value !== cooperative.mersisNo && isCooperative(value, population),
    board: (value) => isBoard(value, new Set(population.people.map(({ kimlikNo }) => kimlikNo))),
  };
}

function isCooperative(value: unknown, { cooperatives }: Population): boolean {
  return cooperatives.some(({ mersisNo }) => mersisNo === value);
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
    temsil: (value) => isText(value, MAX_REPRESENTATION),
    tuzelKisi: isLegalPerson,
  };
  return (
    ['kimlikNo', 'gorev', 'baslangic'].every((name) => Object.hasOwn(seat, name)) &&
    firstProblem(seat, checks) === null
  );
}

function isLegalPerson(value: unknown): boolean {
  const checks: FieldChecks = {
    vkn: (vkn) => typeof vkn === 'string' && /^\d{10}$/.test(vkn),
    unvan: (unvan) => isText(unvan, MAX_UNVAN),
  };
  return (
    isObject(value) &&
    Object.keys(checks).every((name) => Object.hasOwn(value, name)) &&
    firstProblem(value, checks) === null
  );
}
