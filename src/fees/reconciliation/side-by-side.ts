import { addKurus, type Kurus, kurus, NOTHING } from '../kurus.js';
import type { OurCell, Place, TheirCell } from './classify.js';

/** Counts and money of one side; `amountKurus` null: it tells none. */
interface Side {
  readonly queries: number;
  readonly amountKurus: Kurus | null;
}

/** Both sides of a place, and theirs minus ours. */
export interface SidePair {
  readonly ours: Side;
  readonly theirs: Side;
  readonly delta: Side;
}

export interface PlacedPair extends Place, SidePair {}

/** Both sides, place by place in their order, and all of them added up. Pure; both lists hold a place once. */
export function sideBySide(
  ours: readonly OurCell[],
  theirs: readonly TheirCell[],
): { readonly rows: readonly PlacedPair[]; readonly total: SidePair } {
  const hasAmounts = theirs.every(({ amountKurus }) => amountKurus !== null);
  const mine = new Map(ours.map((cell) => [keyOf(cell), cell]));
  const yours = new Map(theirs.map((cell) => [keyOf(cell), cell]));
  const rows = [...new Set([...mine.keys(), ...yours.keys()])].sort().map((key): PlacedPair => {
    const [our, their] = [mine.get(key), yours.get(key)];
    const { day, service } = (our ?? their) as Place;
    const one = { queries: our?.units ?? 0, amountKurus: our?.amountKurus ?? NOTHING };
    const other = {
      queries: their?.queries ?? 0,
      amountKurus: hasAmounts ? (their?.amountKurus ?? NOTHING) : null,
    };
    return { day, service, ...paired(one, other) };
  });
  const total = paired(
    { queries: sumOf(rows.map((row) => row.ours)), amountKurus: moneyOf(rows.map((row) => row.ours)) },
    {
      queries: sumOf(rows.map((row) => row.theirs)),
      amountKurus: hasAmounts ? moneyOf(rows.map((row) => row.theirs)) : null,
    },
  );
  return { rows, total };
}

/** Both sides with what lies between them. */
function paired(ours: Side, theirs: Side): SidePair {
  const money =
    ours.amountKurus === null || theirs.amountKurus === null
      ? null
      : kurus(theirs.amountKurus - ours.amountKurus);
  return { ours, theirs, delta: { queries: theirs.queries - ours.queries, amountKurus: money } };
}

function sumOf(sides: readonly Side[]): number {
  return sides.reduce((sum, { queries }) => sum + queries, 0);
}

function moneyOf(sides: readonly Side[]): Kurus {
  return addKurus(...sides.map(({ amountKurus }) => amountKurus ?? NOTHING));
}

function keyOf({ day, service }: Place): string {
  return `${day ?? ''} ${service ?? ''}`;
}
