import { parsePartialDate } from '../../src/person/partial-date.js';
import { normaliseName } from '../../src/person/turkish-name.js';
import { type FieldChecks, firstProblem, isOneOf, isText, type Patched } from './patched.js';
import { LEVEL_PASSWORD, LEVEL_TWO_STEP, PERSON_STATES, type Person, type Population } from './population.js';
import { isRole, isSeatRole, orderedRoles } from './roles.js';

/** No sandbox person needs more; a list without end would go through every later reading. */
const MAX_ROLES = 500;
const TOTP_SECRET = /^[A-Z2-7]{32}$/;
const LEVEL = /^[0-9A-Za-z.-]{1,20}$/;

/**
 * Changes fields of one person as a registry would (CONTRACT §3 `PATCH /people/<kimlikNo>`), all or none. Values stay as
 * given; names must be such as the bridge can read. `kimlikNo` may be repeated, never changed. Roles that follow from
 * boards are changed through the cooperative's `board`: in `is` they must be those that the boards give.
 * A changed `edevletTotp` takes `level` along unless the change names one.
 */
export function patchPerson(
  population: Population,
  kimlikNo: string,
  change: unknown,
  today: string,
): Patched {
  const person = population.people.find((one) => one.kimlikNo === kimlikNo);
  if (person === undefined) return { ok: false, problem: 'not-found' };
  const problem = firstProblem(change, fieldChecks(population, person, today));
  if (problem !== null) return problem;
  const changed: Person = {
    ...person,
    ...levelOf(change as Partial<Person>),
    ...(change as Partial<Person>),
  };
  const ordered = { ...changed, is: orderedRoles(changed.is) };
  const people = population.people.map((one) => (one === person ? ordered : one));
  return { ok: true, population: { ...population, people } };
}

function fieldChecks(population: Population, person: Person, today: string): FieldChecks {
  return {
    kimlikNo: (value) => value === person.kimlikNo,
    ad: (value) => normaliseName(value, { allowEmpty: false }).ok,
    soyad: (value) => normaliseName(value, { allowEmpty: true }).ok,
    dogumTarihi: (value) => parsePartialDate(value, today).ok,
    durum: (value) => isOneOf(PERSON_STATES, value),
    password: (value) => isText(value, 200),
    edevletTotp: isTotp,
    stepUpTotp: isTotp,
    level: (value) => typeof value === 'string' && LEVEL.test(value),
    is: (value) => areRoles(value, person, population),
  };
}

function isTotp(value: unknown): boolean {
  return value === null || (typeof value === 'string' && TOTP_SECRET.test(value));
}

function areRoles(value: unknown, person: Person, population: Population): boolean {
  if (!Array.isArray(value) || value.length > MAX_ROLES) return false;
  if (!value.every((role): role is string => typeof role === 'string' && isRole(role, population)))
    return false;
  if (value.includes('nobody') && value.length > 1) return false;
  const seats = (roles: readonly string[]) => [...new Set(roles.filter(isSeatRole))].sort().join();
  return seats(value) === seats(person.is);
}

function levelOf({ edevletTotp }: Partial<Person>): Partial<Person> {
  if (edevletTotp === undefined) return {};
  return { level: edevletTotp === null ? LEVEL_PASSWORD : LEVEL_TWO_STEP };
}
