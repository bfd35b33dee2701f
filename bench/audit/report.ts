import { median, table } from '../common/figures.js';
import type { Speed } from './clocked.js';
import { SHAPES, type Shape } from './drafts.js';
import type { LiveRun } from './live-run.js';

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
  readonly met: {
    readonly toOneByOne: boolean;
    readonly toMultiRow: boolean;
    readonly entriesPerSecond: boolean;
  };
}

/** The two ways of one round at 1,000 entries a second: with nothing beside, and with the publisher. */
export interface LiveRound {
  readonly alone: LiveRun;
  readonly published: LiveRun;
}

interface LiveFigures {
  readonly waitP99Ms: { readonly alone: number; readonly published: number };
  readonly coveredP99Ms: number;
  readonly byRound: readonly LiveRound[];
  readonly met: { readonly wait: boolean; readonly covered: boolean };
}

export interface Summary {
  readonly live: LiveFigures;
  readonly shapes: Readonly<Record<Shape, ShapeFigures>>;
  readonly targets: typeof TARGETS;
}

const TARGETS = {
  toOneByOne: 3,
  toMultiRow: 0.7,
  entriesPerSecond: 3000,
  waitP99Ms: 25,
  coveredP99Ms: 1000,
};
const NAMES: Readonly<Record<keyof Round, string>> = {
  appender: 'appender',
  multiRow: '(ii) multi-row inserts',
  oneByOne: '(i) one by one',
};
const WAYS = ['appender', 'multiRow', 'oneByOne'] as const;

/** Sums up all rounds of all shapes. */
export function summarise(
  rounds: Readonly<Record<Shape, readonly Round[]>>,
  live: readonly LiveRound[],
): Summary {
  const shapes = Object.fromEntries(
    SHAPES.map((shape) => [shape, figuresOf(rounds[shape])]),
  ) as unknown as Summary['shapes'];
  return { shapes, live: liveFiguresOf(live), targets: TARGETS };
}

function liveFiguresOf(byRound: readonly LiveRound[]): LiveFigures {
  const middle = (pick: (round: LiveRound) => number) => median(byRound.map(pick));
  const waitP99Ms = {
    alone: middle(({ alone }) => alone.waitP99Ms),
    published: middle(({ published }) => published.waitP99Ms),
  };
  const coveredP99Ms = middle(({ published }) => published.coveredP99Ms ?? Number.NaN);
  const met = {
    wait: waitP99Ms.published <= TARGETS.waitP99Ms,
    covered: coveredP99Ms <= TARGETS.coveredP99Ms,
  };
  return { waitP99Ms, coveredP99Ms, byRound, met };
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
    entriesPerSecond: ways.appender.entriesPerSecond >= TARGETS.entriesPerSecond,
  };
  return { ways, toOneByOne, toMultiRow, met };
}

/** The summary as it is printed. */
export function summaryText({ shapes, live }: Summary): string {
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
    ...liveText(live),
  ].join('\n');
}

const word = (holds: boolean) => (holds ? 'met' : 'NOT met');

function liveText({ waitP99Ms, coveredP99Ms, byRound, met }: LiveFigures): string[] {
  const each = (pick: (round: LiveRound) => number) =>
    byRound.map((round) => pick(round).toFixed(1)).join(' ');
  const { alone, published } = waitP99Ms;
  return [
    `p99 wait at 1,000/s: ${published.toFixed(1)} ms (${each((round) => round.published.waitP99Ms)}) with the publisher beside it, ${alone.toFixed(1)} ms (${each((round) => round.alone.waitP99Ms)}) without; target ≤ ${TARGETS.waitP99Ms} ms ${word(met.wait)}`,
    `head covers an entry: p99 ${coveredP99Ms.toFixed(0)} ms after it was acknowledged (${each((round) => round.published.coveredP99Ms ?? Number.NaN)}); target ≤ ${TARGETS.coveredP99Ms} ms ${word(met.covered)}`,
  ];
}

function verdict(shape: Shape, { met }: ShapeFigures): string {
  return `${shape}: target ≥ ${TARGETS.entriesPerSecond} entries/s ${word(met.entriesPerSecond)}, target ≥ ${TARGETS.toOneByOne} × (i) ${word(met.toOneByOne)}, target ≥ ${TARGETS.toMultiRow} × (ii) ${word(met.toMultiRow)}`;
}

function ratioTo(figures: ShapeFigures, way: keyof Round): string {
  if (way === 'appender') return '';
  const { median: middle, byRound } = way === 'oneByOne' ? figures.toOneByOne : figures.toMultiRow;
  return `${middle.toFixed(2)} (${byRound.map((value) => value.toFixed(2)).join(' ')})`;
}
