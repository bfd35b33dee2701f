import { median, percentile, sum, table } from '../common/figures.js';
import { WAYS, type Way } from './job.js';
import type { Run } from './round.js';

const NAMES: Readonly<Record<Way, string>> = {
  bridge: '(a) bridge',
  soap: '(b) soap, bare',
  template: '(c) template',
};

/** The figures of one way over all rounds; CPU in µs for each call, latency in ms. */
interface Figures {
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly cpuUs: number;
  readonly cpuUsByRound: readonly number[];
  readonly postgresUs: number;
  readonly standInsUs: number;
  readonly callerUs: number;
  readonly p50: number;
  readonly p99: number;
}

/** The ratio of CPU for each call, of each round (its runs stood beside each other) and their median. */
interface Ratio {
  readonly median: number;
  readonly byRound: readonly number[];
}

export interface Summary {
  readonly ways: Readonly<Record<Way, Figures>>;
  readonly ratios: { readonly 'a/b': Ratio; readonly 'a/c': Ratio };
  readonly targetMet: boolean;
}

/** Sums up the rounds; each holds one run of every way. */
export function summarise(rounds: readonly (readonly Run[])[]): Summary {
  const ways = Object.fromEntries(
    WAYS.map((way) => [way, figuresOf(runsOf(rounds, way))]),
  ) as Summary['ways'];
  const ratio = (way: Way): Ratio => {
    const byRound = ways.bridge.cpuUsByRound.map((us, i) => us / (ways[way].cpuUsByRound[i] ?? Number.NaN));
    return { median: median(byRound), byRound };
  };
  const ratios = { 'a/b': ratio('soap'), 'a/c': ratio('template') };
  return { ways, ratios, targetMet: ratios['a/b'].median <= 1 };
}

function runsOf(rounds: readonly (readonly Run[])[], way: Way): Run[] {
  return rounds.flatMap((runs) => runs.filter((run) => run.way === way));
}

function figuresOf(runs: readonly Run[]): Figures {
  const calls = sum(runs.map((run) => run.calls));
  const perCall = (pick: (run: Run) => number) => sum(runs.map(pick)) / calls;
  const latencies = runs.flatMap((run) => [...run.latencies]);
  return {
    calls,
    callsPerSecond: (calls / sum(runs.map((run) => run.ms))) * 1000,
    cpuUs: perCall((run) => run.workerUs),
    cpuUsByRound: runs.map((run) => run.workerUs / run.calls),
    postgresUs: perCall((run) => run.postgresUs),
    standInsUs: perCall((run) => run.standInsUs),
    callerUs: perCall((run) => run.callerUs),
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

/** The summary as it is printed. */
export function summaryText({ ways, ratios, targetMet }: Summary): string {
  const whole = (value: number) => value.toFixed(0);
  const rows = WAYS.map((way) => {
    const f = ways[way];
    const range = `${whole(Math.min(...f.cpuUsByRound))}–${whole(Math.max(...f.cpuUsByRound))}`;
    const beside = [f.postgresUs, f.standInsUs, f.callerUs].map(whole);
    const own = way === 'bridge' ? beside : [beside[0] ?? '', beside[1] ?? '', '(same)'];
    return [
      NAMES[way],
      whole(f.calls),
      whole(f.callsPerSecond),
      whole(f.cpuUs),
      range,
      ...own,
      f.p50.toFixed(1),
      f.p99.toFixed(1),
    ];
  });
  const head = [
    '',
    'calls',
    'calls/s',
    'CPU µs',
    'by round',
    'PostgreSQL µs',
    'stand-in µs',
    'caller µs',
    'p50 ms',
    'p99 ms',
  ];
  const line = (name: 'a/b' | 'a/c') =>
    `CPU for each call, ${name}: ${ratios[name].median.toFixed(2)}  (rounds ${ratios[name].byRound.map((r) => r.toFixed(2)).join(' ')})`;
  return [
    table([head, ...rows]),
    '',
    line('a/b'),
    line('a/c'),
    `target a/b ≤ 1.00: ${targetMet ? 'met' : 'NOT met'}`,
  ].join('\n');
}
