import { median, percentile, sum, table } from '../common/figures.js';
import type { ApiRun } from './api-run.js';
import { type Decided, type Loaded, WAYS, type Way } from './messages.js';

/** The targets of issue 5. */
const TARGET_P99_MS = 0.1;
const TARGET_PER_SECOND = 100_000;

export type Round = Readonly<Record<Way, Decided>>;

interface Figures {
  readonly decisions: number;
  readonly perSecond: number;
  /** Of one decision; with `sql-batch` of one reading of a hundred. Microseconds. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
}

export interface Summary {
  readonly load: Loaded;
  readonly ways: Readonly<Record<Way, Figures>>;
  /** Decisions a second from memory to those by SQL, of each round and their median. */
  readonly ratios: Readonly<
    Record<'sql' | 'sql-batch', { readonly median: number; readonly byRound: readonly number[] }>
  >;
  readonly targets: { readonly p99Met: boolean; readonly perSecondMet: boolean };
  readonly api: readonly ApiRun[];
}

const perSecond = ({ decisions, ms }: Pick<Decided, 'decisions' | 'ms'>) => (decisions / ms) * 1000;

/** Sums up all rounds. */
export function summarise(load: Loaded, rounds: readonly Round[], api: readonly ApiRun[]): Summary {
  const ways = Object.fromEntries(
    WAYS.map((way) => [way, figuresOf(rounds.map((round) => round[way]))]),
  ) as Summary['ways'];
  const ratio = (way: 'sql' | 'sql-batch') => {
    const byRound = rounds.map((round) => perSecond(round.memory) / perSecond(round[way]));
    return { median: median(byRound), byRound };
  };
  const { perSecond: rate, p99Us } = ways.memory;
  const targets = { p99Met: p99Us <= TARGET_P99_MS * 1000, perSecondMet: rate >= TARGET_PER_SECOND };
  return { load, ways, ratios: { sql: ratio('sql'), 'sql-batch': ratio('sql-batch') }, targets, api };
}

/** Percentiles by round, then their median; the longest of all rounds. */
function figuresOf(runs: readonly Decided[]): Figures {
  const us = (share: number) =>
    median(runs.map(({ latencies }) => percentile(latencies as unknown as number[], share))) * 1000;
  const decisions = sum(runs.map((run) => run.decisions));
  return {
    decisions,
    perSecond: perSecond({ decisions, ms: sum(runs.map(({ ms }) => ms)) }),
    p50Us: us(0.5),
    p99Us: us(0.99),
    maxUs:
      Math.max(
        ...runs.map(({ latencies }) => latencies.reduce((longest, one) => Math.max(longest, one), 0)),
      ) * 1000,
  };
}

const NAMES: Readonly<Record<Way, string>> = {
  memory: 'from memory',
  sql: 'SQL, one a reading',
  'sql-batch': 'SQL, 100 a reading',
};

/** The summary as it is printed. */
export function summaryText({ load, ways, ratios, targets, api }: Summary): string {
  const mb = (bytes: number) => `${(bytes / 1_048_576).toFixed(0)} MB`;
  const rows = WAYS.map((way) => {
    const { decisions, perSecond: rate, p50Us, p99Us, maxUs } = ways[way];
    return [
      NAMES[way],
      String(decisions),
      rate.toFixed(0),
      p50Us.toFixed(1),
      p99Us.toFixed(1),
      maxUs.toFixed(0),
    ];
  });
  const ratioLine = (way: 'sql' | 'sql-batch') =>
    `decisions/s, from memory to ${NAMES[way]}: ${ratios[way].median.toFixed(0)}  (rounds ${ratios[way].byRound.map((r) => r.toFixed(0)).join(' ')})`;
  const met = (isMet: boolean) => (isMet ? 'met' : 'NOT met');
  return [
    `start-up: loaded in ${(load.ms / 1000).toFixed(2)} s; heap ${mb(load.heapBytes)}, RSS ${mb(load.rssBytes)} (before ${mb(load.rssBeforeBytes)})`,
    '',
    table([['', 'decisions', 'decisions/s', 'p50 µs', 'p99 µs', 'max µs'], ...rows]),
    '',
    ratioLine('sql'),
    ratioLine('sql-batch'),
    `target p99 ≤ ${TARGET_P99_MS} ms: ${met(targets.p99Met)}`,
    `target ≥ ${TARGET_PER_SECOND} decisions/s: ${met(targets.perSecondMet)}`,
    ...(api.length === 0 ? [] : ['', apiTable(api)]),
  ].join('\n');
}

function apiTable(api: readonly ApiRun[]): string {
  const rows = api.map(({ name, calls, decisionsPerSecond, p50Ms, p99Ms, bridgeUs }) => {
    return [
      name,
      String(calls),
      decisionsPerSecond.toFixed(0),
      p50Ms.toFixed(1),
      p99Ms.toFixed(1),
      bridgeUs.toFixed(0),
    ];
  });
  return table([
    ['through the API', 'calls', 'decisions/s', 'p50 ms', 'p99 ms', 'bridge CPU µs/decision'],
    ...rows,
  ]);
}
