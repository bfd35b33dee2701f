import { fillBoards, planBoards, seatsOf } from './boards.js';
import { isDay } from './calendar.js';
import { castPeople } from './cast.js';
import { drawCooperatives } from './cooperatives.js';
import { drawPeople, drawTraits, traitCount, withoutTwoStep } from './people.js';
import type { Person, Population } from './population.js';
import { withRegistryDetails } from './registry-details.js';
import { orderedRoles, rolesOfBoard } from './roles.js';

/** Below, the roles of CONTRACT §2 would not all find a person of their own. */
const MIN_PEOPLE = 100;
/** Some hundred bytes each are kept in memory and in one file. */
const MAX_PEOPLE = 200_000;
const MAX_COOPERATIVES = 60_000;
const MAX_SEED_CHARACTERS = 200;

export interface PopulationSettings {
  readonly seed: string;
  readonly people: number;
  readonly cooperatives: number;
  /** `YYYY-MM-DD`: terms are in force, and births past, on this day. */
  readonly today: string;
}

/**
 * The sandbox's people and cooperatives: the same settings give the same population, byte for byte, on every machine.
 * Nothing but numbers and lists of words goes in; that a number belongs to somebody cannot be excluded, so numbers and
 * names are drawn apart (facts/kps.md §6). Throws RangeError for settings outside the limits of this file.
 *
 * Order of the people: plain ones first, those without two-step after those with it; then people with one trait (dead,
 * closed, foreign, unknown birth day, no surname), then with several: the first found of a kind is a pure case of it.
 */
export function generatePopulation(settings: PopulationSettings): Population {
  checkSettings(settings);
  const { seed, today } = settings;
  const traits = drawTraits(seed, settings.people);
  const drawn = drawPeople(seed, traits, today);
  const without = drawCooperatives(seed, settings.cooperatives);
  const plans = planBoards(seed, without);

  const indices = (wanted: (index: number) => boolean) => drawn.map((_, index) => index).filter(wanted);
  const traitsOf = traits.map(traitCount);
  const certain = indices((index) => traitsOf[index] !== 0).slice(0, 6);
  const more = indices((index) => traitsOf[index] !== 0).slice(6);
  const seats = plans.reduce((sum, plan) => sum + seatsOf(plan), 0);
  const cast = castPeople(
    seed,
    indices((index) => traitsOf[index] === 0),
    { certain, more },
    without,
    seats,
  );

  const boards = fillBoards(seed, without, plans, cast, drawn, today);
  const cooperatives = withRegistryDetails(seed, boards, today);
  const seatRoles = collectSeatRoles({ people: drawn, cooperatives }, today);
  const people = drawn.map((person, index): Person => {
    const is = orderedRoles([...(cast.roles.get(index) ?? []), ...(seatRoles.get(person.kimlikNo) ?? [])]);
    const stepUpTotp = cast.officials.has(index) ? person.stepUpTotp : null;
    const finished = { ...person, stepUpTotp, is };
    return cast.withoutTwoStep.has(index) ? withoutTwoStep(finished) : finished;
  });
  const rank = (index: number) => (traitsOf[index] as number) * 2 + (cast.withoutTwoStep.has(index) ? 1 : 0);
  const order = indices(() => true).sort((a, b) => rank(a) - rank(b) || a - b);
  return { people: order.map((index) => people[index] as Person), cooperatives };
}

function collectSeatRoles(population: Population, today: string): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const cooperative of population.cooperatives) {
    for (const [kimlikNo, roles] of rolesOfBoard(cooperative, today)) {
      all.set(kimlikNo, [...(all.get(kimlikNo) ?? []), ...roles]);
    }
  }
  return all;
}

function checkSettings({ seed, people, cooperatives, today }: PopulationSettings): void {
  if (typeof seed !== 'string' || seed.length > MAX_SEED_CHARACTERS) {
    throw new RangeError(`seed: a text of at most ${MAX_SEED_CHARACTERS} characters`);
  }
  if (!Number.isInteger(people) || people < MIN_PEOPLE || people > MAX_PEOPLE) {
    throw new RangeError(`people: a whole number from ${MIN_PEOPLE} to ${MAX_PEOPLE}`);
  }
  if (!Number.isInteger(cooperatives) || cooperatives < 1 || cooperatives > MAX_COOPERATIVES) {
    throw new RangeError(`cooperatives: a whole number from 1 to ${MAX_COOPERATIVES}`);
  }
  if (!isDay(today)) throw new RangeError('today: a date YYYY-MM-DD');
}
