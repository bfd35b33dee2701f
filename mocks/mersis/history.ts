import type { Cooperative, Person, Population } from '../population/population.js';
import { type Random, randomStream } from '../population/random.js';
import { withRolesOf } from '../population/roles.js';
import { isPending, monthsAgo, seatsInForce } from './history/board.js';
import {
  appointTrustee,
  type Circumstances,
  correct,
  deleteFromRegister,
  elect,
  endTerm,
  type HistoryStep,
  liquidate,
  merge,
  register,
  resign,
} from './history/events.js';

/** What can happen to a cooperative in a month. Closed. */
type HistoryEvent =
  | 'elected'
  | 'registered'
  | 'resigned'
  | 'term-ended'
  | 'corrected'
  | 'liquidation'
  | 'deletion'
  | 'merger'
  | 'trustee';

/** One event: which month (counted since the world began), its day, and the cooperative after it. */
export interface HistoryChange {
  readonly month: number;
  readonly day: string;
  readonly mersisNo: string;
  readonly what: HistoryEvent;
  readonly now: Cooperative;
}

export interface HistoryOptions {
  readonly seed: string;
  readonly count: number;
  /** The day of the last of these months; each one before it lies thirty days earlier. */
  readonly today: string;
}

const STEPS: Readonly<Record<HistoryEvent, HistoryStep>> = {
  elected: elect,
  registered: register,
  resigned: resign,
  'term-ended': endTerm,
  corrected: correct,
  liquidation: liquidate,
  deletion: deleteFromRegister,
  merger: merge,
  trustee: appointTrustee,
};
/** Of 10,000 working cooperatives with a board in force, so many a month. A term of four years gives 208 elections; the rest is guessed. */
const MONTHLY: readonly (readonly [HistoryEvent, number])[] = [
  ['elected', 200],
  ['resigned', 120],
  ['term-ended', 25],
  ['corrected', 80],
  ['liquidation', 30],
  ['merger', 15],
  ['trustee', 15],
];
const OF = 10_000;
/** A board whose term is over, or that a trustee stands in for, is elected within some months. */
const ELECTED_WITHOUT_BOARD = 7_000;
const ELECTED_UNDER_TRUSTEE = 2_000;
const DELETED = 100;
/** Draws for one person that nobody excluded, before a population counts as too small. */
const MAX_DRAWS = 200;
/** Beside these somebody may come onto a board; offices and appointments are kept apart from it. */
const MAY_BE_ELECTED = ['board', 'elected', 'former', 'denetci', 'member', 'nobody'];

/**
 * The events of `count` months, in order: elections (elected first, registered a month later), resignations, ends of
 * terms, corrections, liquidations, deletions, mergers, trustees. Pure: the same population, seed and day give the same.
 * A change by `PATCH` at one cooperative draws nothing away from another.
 */
export function* simulateMonths(
  population: Population,
  { seed, count, today }: HistoryOptions,
): Generator<HistoryChange> {
  const cooperatives = new Map(population.cooperatives.map((one) => [one.mersisNo, one]));
  const electable = population.people.filter(mayBeElected).map(({ kimlikNo }) => kimlikNo);
  for (let at = 1; at <= count; at += 1) {
    const month = (population.months ?? 0) + at;
    const day = monthsAgo(today, count - at);
    const fates = randomStream(seed, `month-${month}`);
    for (const { mersisNo } of population.cooperatives) {
      const before = cooperatives.get(mersisNo) as Cooperative;
      const what = eventOf(before, day, fates.below(OF));
      if (what === null) continue;
      const random = randomStream(seed, `month-${month}-${mersisNo}`);
      const now = STEPS[what](before, {
        day,
        today,
        random,
        people: (wanted, not) => drawPeople(electable, wanted, not, random),
        successors: () => successorsOf(before, cooperatives),
      } satisfies Circumstances);
      if (now === null) continue;
      cooperatives.set(mersisNo, now);
      yield { month, day, mersisNo, what, now };
    }
  }
}

/** The world after these months, `is` of everybody concerned included, and what happened. */
export function moveMonths(
  population: Population,
  options: HistoryOptions,
): { readonly population: Population; readonly changes: readonly Omit<HistoryChange, 'now'>[] } {
  const after = new Map<string, Cooperative>();
  const changes: Omit<HistoryChange, 'now'>[] = [];
  for (const { now, ...change } of simulateMonths(population, options)) {
    after.set(change.mersisNo, now);
    changes.push(change);
  }
  const cooperatives = population.cooperatives.map((one) => after.get(one.mersisNo) ?? one);
  const pairs = population.cooperatives.flatMap((before) => {
    const now = after.get(before.mersisNo);
    return now === undefined ? [] : [{ before, now }];
  });
  const people = withRolesOf(population.people, pairs, options.today);
  const months = (population.months ?? 0) + options.count;
  return { population: { ...population, people, cooperatives, months }, changes };
}

/** A seed that follows from the population's own: its first cooperative's number. */
export function historySeedOf({ cooperatives }: Population): string {
  return `history-${cooperatives[0]?.mersisNo ?? ''}`;
}

function eventOf(cooperative: Cooperative, day: string, fate: number): HistoryEvent | null {
  const { durum, board } = cooperative;
  if (durum === 'tasfiye') return fate < DELETED ? 'deletion' : null;
  if (durum !== 'faal') return null;
  if (board.some((seat) => isPending(seat, day))) return 'registered';
  if (seatsInForce(cooperative, day, 'kayyım').length > 0)
    return fate < ELECTED_UNDER_TRUSTEE ? 'elected' : null;
  if (seatsInForce(cooperative, day, 'yönetim kurulu üyesi').length === 0)
    return fate < ELECTED_WITHOUT_BOARD ? 'elected' : null;
  let upTo = 0;
  for (const [what, share] of MONTHLY) {
    upTo += share;
    if (fate < upTo) return what;
  }
  return null;
}

function mayBeElected({ kimlikNo, durum, dogumTarihi, soyad, is }: Person): boolean {
  const plain = durum === 'açık' && !kimlikNo.startsWith('9') && !dogumTarihi.endsWith('-00') && soyad !== '';
  return plain && is.every((role) => MAY_BE_ELECTED.includes(role.split(':')[0] ?? ''));
}

function drawPeople(
  electable: readonly string[],
  count: number,
  not: ReadonlySet<string>,
  random: Random,
): readonly string[] | null {
  const drawn = new Set<string>();
  for (let draws = 0; electable.length > 0 && drawn.size < count && draws < MAX_DRAWS; draws += 1) {
    const one = random.pick(electable);
    if (!not.has(one)) drawn.add(one);
  }
  return drawn.size < count ? null : [...drawn];
}

function successorsOf(
  { mersisNo, ilgiliBakanlik }: Cooperative,
  cooperatives: ReadonlyMap<string, Cooperative>,
): readonly Cooperative[] {
  return [...cooperatives.values()].filter(
    (one) =>
      one.durum === 'faal' &&
      one.seviye === 'birim' &&
      one.ilgiliBakanlik === ilgiliBakanlik &&
      one.mersisNo !== mersisNo,
  );
}
