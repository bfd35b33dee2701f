import { addDays } from '../../calendar/add-days.js';
import { type Kurus, kurus, NOTHING, timesUnits } from '../kurus.js';

/** Named kinds of a difference, in the order in which they are shown. */
export const DIFFERENCE_CLASSES = [
  'day-boundary',
  'unknown-outcome',
  'only-with-us',
  'only-with-them',
  'tariff-differs',
  'rounding',
] as const;
export type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number];

/** What a figure is about; null: the whole period, every service. */
export interface Place {
  readonly day: string | null;
  readonly service: string | null;
}

/** The book about a place. Units: queries counted as charged, corrections included. */
export interface OurCell extends Place {
  readonly units: number;
  readonly amountKurus: Kurus;
  /** Of the units: unknown outcomes that nobody has settled. */
  readonly unknown: number;
  /** Sent and not counted (SOAP fault, HTTP error): they may be counted there. */
  readonly uncounted: number;
  /** Counted lines so near to the day's beginning that the other side may have them on the day before; near its end, on the next. */
  readonly early: number;
  readonly late: number;
  /** Least and greatest price of a counted line; null where there is none. */
  readonly price: { readonly least: Kurus; readonly most: Kurus } | null;
}

/** Their figure about a place. */
export interface TheirCell extends Place {
  readonly queries: number;
  readonly amountKurus: Kurus | null;
}

/** A difference, theirs minus ours. `behind`: entries that it can come from. */
export interface Difference extends Place {
  readonly class: DifferenceClass;
  readonly queries: number;
  readonly amountKurus: Kurus;
  readonly behind: number;
}

/** What an amount may be off by and still be a matter of rounding: less than the price of any query. */
const ROUNDING_KURUS = 1n;

/** Both sides of a place, and what of its lack or excess is explained so far. */
interface Pair extends Place {
  readonly ours: OurCell;
  readonly queries: number;
  /** Null where amounts are not compared. */
  readonly amountKurus: bigint | null;
  readonly parts: Map<DifferenceClass, number>;
  left: number;
}

/**
 * Holds their figures against the book: each difference with its class. Their deltas add up exactly to the whole delta in queries and in
 * kuruş; where both sides are equal there is none, but unknown outcomes always have one (they are settled then as counted). Amounts are
 * compared where every figure of theirs has one, and are zero otherwise. Pure; both lists hold a place once, of one and the same detail.
 */
export function classify(ours: readonly OurCell[], theirs: readonly TheirCell[]): readonly Difference[] {
  const pairs = pairUp(ours, theirs);
  explainDayBoundaries(pairs);
  for (const pair of pairs.values()) {
    const { unknown } = pair.ours;
    if (unknown > 0) explain(pair, 'unknown-outcome', -Math.min(unknown, Math.max(0, -pair.left)));
    if (pair.left < 0) explain(pair, 'only-with-us', pair.left);
    if (pair.left > 0) explain(pair, 'only-with-them', pair.left);
  }
  return [...pairs.values()].flatMap((pair) => differencesOf(pair, pairs));
}

function keyOf({ day, service }: Place): string {
  return `${day ?? ''} ${service ?? ''}`;
}

function pairUp(ours: readonly OurCell[], theirs: readonly TheirCell[]): ReadonlyMap<string, Pair> {
  const compared = theirs.every(({ amountKurus }) => amountKurus !== null);
  const mine = new Map(ours.map((cell) => [keyOf(cell), cell]));
  const yours = new Map(theirs.map((cell) => [keyOf(cell), cell]));
  const keys = [...new Set([...mine.keys(), ...yours.keys()])].sort();
  const pairs = keys.map((key): [string, Pair] => {
    const { day, service } = (mine.get(key) ?? yours.get(key)) as Place;
    const cell = mine.get(key) ?? { ...NO_CELL, day, service };
    const their = yours.get(key);
    const queries = (their?.queries ?? 0) - cell.units;
    const amountKurus = compared ? (their?.amountKurus ?? 0n) - cell.amountKurus : null;
    return [key, { day, service, ours: cell, queries, amountKurus, parts: new Map(), left: queries }];
  });
  return new Map(pairs);
}

const NO_CELL: Omit<OurCell, keyof Place> = {
  units: 0,
  amountKurus: NOTHING,
  unknown: 0,
  uncounted: 0,
  early: 0,
  late: 0,
  price: null,
};

function explain(pair: Pair, how: DifferenceClass, queries: number): void {
  pair.parts.set(how, (pair.parts.get(how) ?? 0) + queries);
  pair.left -= queries;
}

/** A lack on one day and an excess on the next one (or the other way round), as far as our lines near midnight can account for it. */
function explainDayBoundaries(pairs: ReadonlyMap<string, Pair>): void {
  for (const pair of pairs.values()) {
    const next = neighbour(pairs, pair, 1);
    if (next === undefined) continue;
    const forward = Math.min(Math.max(0, -pair.left), Math.max(0, next.left), pair.ours.late);
    const back = Math.min(Math.max(0, pair.left), Math.max(0, -next.left), next.ours.early);
    const moved = forward - back;
    if (moved === 0) continue;
    explain(pair, 'day-boundary', -moved);
    explain(next, 'day-boundary', moved);
  }
}

function neighbour(
  pairs: ReadonlyMap<string, Pair>,
  { day, service }: Place,
  days: number,
): Pair | undefined {
  return day === null ? undefined : pairs.get(keyOf({ day: addDays(day, days), service }));
}

function differencesOf(pair: Pair, pairs: ReadonlyMap<string, Pair>): readonly Difference[] {
  const { day, service } = pair;
  const { amounts, rest } = amountsOf(pair);
  const parts = new Map(
    [...pair.parts].map(([how, queries], i) => [how, { queries, amount: amounts[i] ?? 0n }]),
  );
  if (rest !== 0n) {
    const isRounding = rest >= -ROUNDING_KURUS && rest <= ROUNDING_KURUS;
    parts.set(isRounding ? 'rounding' : 'tariff-differs', { queries: 0, amount: rest });
  }
  return DIFFERENCE_CLASSES.flatMap((name) => {
    const part = parts.get(name);
    if (part === undefined) return [];
    const behind = behindOf(name, pair, pairs);
    return [{ class: name, day, service, queries: part.queries, amountKurus: kurus(part.amount), behind }];
  });
}

/**
 * What each part makes in money at our prices, and the rest, which the price must have made. Where the place has several prices, whatever
 * lies between their least and greatest is no matter of the price. Without any line of ours there is none to compare with.
 */
function amountsOf({ amountKurus, ours: { price }, parts, queries }: Pair): {
  readonly amounts: readonly bigint[];
  readonly rest: bigint;
} {
  const counts = [...parts.values()];
  if (amountKurus === null) return { amounts: counts.map(() => 0n), rest: 0n };
  const heaviest = counts.findIndex((count) => count !== 0);
  if (heaviest === -1) return { amounts: counts.map(() => 0n), rest: amountKurus };
  const least = price?.least ?? NOTHING;
  const amounts: bigint[] = counts.map((count) => timesUnits(least, count));
  const over = amountKurus - timesUnits(least, queries);
  const spread = price === null ? over : (price.most - price.least) * BigInt(queries);
  const taken = clamp(over, spread < 0n ? spread : 0n, spread > 0n ? spread : 0n);
  amounts[heaviest] = (amounts[heaviest] ?? 0n) + taken;
  return { amounts, rest: over - taken };
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  if (value < least) return least;
  return value > most ? most : value;
}

/** How many entries `behind.ts` lists, by the same rules. */
function behindOf(name: DifferenceClass, pair: Pair, pairs: ReadonlyMap<string, Pair>): number {
  const { early, late, uncounted, unknown, units } = pair.ours;
  if (name === 'unknown-outcome') return unknown;
  if (name === 'only-with-us') return units - unknown;
  if (name === 'only-with-them') return uncounted;
  if (name !== 'day-boundary') return units;
  const [before, after] = [neighbour(pairs, pair, -1), neighbour(pairs, pair, 1)];
  return (before?.ours.late ?? 0) + early + late + (after?.ours.early ?? 0);
}
