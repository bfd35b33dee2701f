import { median, table } from '../common/figures.js';
import type { Speed } from './clocked.js';
import { SHAPES, type Shape } from './drafts.js';

/** The three ways of one round, each in a database of its own. */
export interface Round {
  readonly appender: Speed;
  readonly multiRow: Speed;
  readonly oneByOne: Speed;
}

interface Ratio {
  readonly median: number;
  readonly byRound: readonly number[];
}

/** The figures of one shape: medians over the rounds, ratios of entries a second within a round. */
interface ShapeFigures {
  readonly ways: Readonly<Record<keyof Round, Omit<Speed, 'entries'>>>;
  readonly toOneByOne: Ratio;
  readonly toMultiRow: Ratio;
  readonly met: { readonly toOneByOne: boolean; readonly toMultiRow: boolean };
}

export interface Summary {
  readonly shapes: Readonly<Record<Shape, ShapeFigures>>;
  readonly targets: { readonly toOneByOne: number; readonly toMultiRow: number };
}

const TARGETS = { toOneByOne: 3, toMultiRow: 0.7 };
const NAMES: Readonly<Record<keyof Round, string>> = {
  appender: 'appender',
  multiRow: '(ii) multi-row inserts',
  oneByOne: '(i) one by one',
};
const WAYS = ['appender', 'multiRow', 'oneByOne'] as const;

/** Sums up all rounds of all shapes. */
export function summarise(rounds: Readonly<Record<Shape, readonly Round[]>>): Summary {
  const shapes = Object.fromEntries(
    SHAPES.map((shape) => [shape, figuresOf(rounds[shape])]),
  ) as unknown as Summary['shapes'];
  return { shapes, targets: TARGETS };
}

function figuresOf(rounds: readonly Round[]): ShapeFigures {
  const middle = (way: keyof Round, pick: (speed: Speed) => number) =>
    median(rounds.map((round) => pick(round[way])));
  const ways = Object.fromEntries(
    WAYS.map((way) => [
      way,
      {
        entriesPerSecond: middle(way, (speed) => speed.entriesPerSecond),
        nodeUs: middle(way, (speed) => speed.nodeUs),
        postgresUs: middle(way, (speed) => speed.postgresUs),
      },
    ]),
  ) as unknown as ShapeFigures['ways'];
  const ratio = (way: keyof Round): Ratio => {
    const byRound = rounds.map((round) => round.appender.entriesPerSecond / round[way].entriesPerSecond);
    return { median: median(byRound), byRound };
  };
  const toOneByOne = ratio('oneByOne');
  const toMultiRow = ratio('multiRow');
  const met = {
    toOneByOne: toOneByOne.median >= TARGETS.toOneByOne,
    toMultiRow: toMultiRow.median >= TARGETS.toMultiRow,
  };
  return { ways, toOneByOne, toMultiRow, met };
}

/** The summary as it is printed. */
export function summaryText({ shapes }: Summary): string {
  const rows = SHAPES.flatMap((shape) =>
    WAYS.map((way) => {
      const { entriesPerSecond, nodeUs, postgresUs } = shapes[shape].ways[way];
      const figures = [entriesPerSecond, nodeUs, postgresUs].map((value) => value.toFixed(0));
      return [`${shape}: ${NAMES[way]}`, ...figures, ratioTo(shapes[shape], way)];
    }),
  );
  return [
    table([['', 'entries/s', 'node µs', 'PostgreSQL µs', 'appender to this'], ...rows]),
    '',
    ...SHAPES.map((shape) => verdict(shape, shapes[shape])),
  ].join('\n');
}

function verdict(shape: Shape, { met }: ShapeFigures): string {
  const word = (holds: boolean) => (holds ? 'met' : 'NOT met');
  return `${shape}: target ≥ ${TARGETS.toOneByOne} × (i) ${word(met.toOneByOne)}, target ≥ ${TARGETS.toMultiRow} × (ii) ${word(met.toMultiRow)}`;
}

function ratioTo(figures: ShapeFigures, way: keyof Round): string {
  if (way === 'appender') return '';
  const { median: middle, byRound } = way === 'oneByOne' ? figures.toOneByOne : figures.toMultiRow;
  return `${middle.toFixed(2)} (${byRound.map((value) => value.toFixed(2)).join(' ')})`;
}
