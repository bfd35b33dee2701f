import { addDays } from '../../calendar/add-days.js';
import { type Kurus, kurus } from '../kurus.js';

/** What was sent on one day (Europe/Istanbul), and what it costs. A day without a row had nothing. */
export interface DayUse {
  readonly day: string;
  readonly queries: number;
  readonly units: number;
  readonly amountKurus: Kurus;
}

/** What a forecast is made from. */
export interface ForecastParts {
  /** First day that counts: of the quarter, or the account's very first where that is later. */
  readonly since: string;
  /** Not over yet. */
  readonly today: string;
  /** The day after the quarter's last one. */
  readonly end: string;
  readonly days: readonly DayUse[];
  /** What is billed in the quarter so far: by its days, and what was sent in another quarter and is billed in this one. */
  readonly used: Omit<DayUse, 'day'>;
  isWorkingDay(day: string): boolean;
}

/**
 * What the whole quarter comes to. `basis`: the mean of its working days and that of the other days so far, each over the days of its kind
 * that are left; or none, since too few days are over (`days` of the `needed`). `since`: the first day that counts.
 */
export type Forecast =
  | {
      readonly basis: 'mean-of-days';
      readonly since: string;
      readonly days: number;
      readonly queries: number;
      readonly units: number;
      readonly amountKurus: Kurus;
    }
  | {
      readonly basis: 'too-few-days';
      readonly since: string;
      readonly days: number;
      readonly needed: number;
    };

/** A week: each kind of day was there. */
const NEEDED_DAYS = 7;

interface Split {
  readonly past: bigint;
  readonly pastDays: bigint;
  readonly leftDays: bigint;
}

/**
 * The quarter's use, projected from the days that are over. Whole numbers all the way, halves rounded up; today counts as a day that is
 * left, but never as less than it already has. What prices will be is not guessed: money goes on as it went. Pure.
 */
export function forecast(parts: ForecastParts): Forecast {
  const { days, end, since, today, used } = parts;
  const over = daysBetween(since, today);
  if (over.length < NEEDED_DAYS)
    return { basis: 'too-few-days', since, days: over.length, needed: NEEDED_DAYS };
  const left = daysBetween(today, end);
  const inside = days.filter(({ day }) => day >= since && day < end);
  const project = (pick: (one: DayUse) => bigint): bigint => {
    const split = (isKind: (day: string) => boolean): Split => ({
      past: sumOf(inside.filter(({ day }) => day < today && isKind(day)).map(pick)),
      pastDays: BigInt(over.filter(isKind).length),
      leftDays: BigInt(left.filter(isKind).length),
    });
    const isWorking = (day: string) => parts.isWorkingDay(day);
    const all = split(() => true);
    const kinds = [split(isWorking), split((day) => !isWorking(day))];
    const rest = kinds.reduce((sum, kind) => sum + restOf(kind, all), 0n);
    const usualToday = meanOf(kinds[isWorking(today) ? 0 : 1] ?? all, all);
    const soFarToday = sumOf(inside.filter(({ day }) => day === today).map(pick));
    // What other quarters brought came once: it is billed, and no day to come brings it again.
    const once = pick({ day: since, ...used }) - sumOf(inside.map(pick));
    return once + all.past + rest + (soFarToday > usualToday ? soFarToday - usualToday : 0n);
  };
  return {
    basis: 'mean-of-days',
    since,
    days: over.length,
    queries: Number(project((one) => BigInt(one.queries))),
    units: Number(project((one) => BigInt(one.units))),
    amountKurus: kurus(project((one) => one.amountKurus)),
  };
}

/** What the days left of a kind will bring; a kind that has not been there yet is taken for any other day. */
function restOf(kind: Split, all: Split): bigint {
  const { past, pastDays } = kind.pastDays === 0n ? all : kind;
  return divided(past * kind.leftDays, pastDays);
}

function meanOf(kind: Split, all: Split): bigint {
  return restOf({ ...kind, leftDays: 1n }, all);
}

/** Rounded, halves up. Corrections may make a sum negative. */
function divided(amount: bigint, by: bigint): bigint {
  const doubled = 2n * amount + by;
  const floor = doubled / (2n * by);
  return doubled < 0n && doubled % (2n * by) !== 0n ? floor - 1n : floor;
}

function sumOf(values: readonly bigint[]): bigint {
  return values.reduce((sum, one) => sum + one, 0n);
}

/** Every day from `from` to the one before `to`. */
function daysBetween(from: string, to: string): readonly string[] {
  const days: string[] = [];
  // A quarter has 92 days at the most: the loop ends.
  for (let day = from; day < to && days.length < 100; day = addDays(day, 1)) days.push(day);
  return days;
}
