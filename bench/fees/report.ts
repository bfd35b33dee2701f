import { median, table } from '../common/figures.js';
import type { Exported } from './export-messages.js';
import type { SumsHeld } from './fill-book.js';
import type { FoldRun } from './fold-run.js';
import type { RebuildRound } from './rebuild-run.js';

/** Freezing both books in one round, ms. */
export interface CloseRound {
  readonly small: number;
  readonly large: number;
}

/** The whole close, once, ms. */
interface WholeClose {
  readonly freezeMs: number;
  readonly approveMs: number;
  readonly sealMs: number;
}

/** Two files of one form, of which the second has ten times the rows. */
export interface ExportPair {
  readonly name: string;
  readonly small: Exported;
  readonly large: Exported;
}

/** Everything that one run measured. */
export interface Measured {
  readonly sums: { readonly small: SumsHeld; readonly large: SumsHeld };
  readonly close: readonly CloseRound[];
  readonly whole: { readonly small: WholeClose; readonly large: WholeClose };
  readonly fold: FoldRun;
  readonly log: { readonly entries: number; readonly rounds: readonly RebuildRound[] };
  readonly exports: readonly ExportPair[];
}

const CLOSE_TARGET = 1.5;

/** Medians and ratios over the rounds. */
export function summarise(measured: Measured) {
  const { close, exports, fold, log } = measured;
  const small = median(close.map((one) => one.small));
  const large = median(close.map((one) => one.large));
  const foldPerSecond = median(fold.pairs.map((one) => one.foldPerSecond));
  const copyPerSecond = median(fold.pairs.map((one) => one.copyPerSecond));
  const rebuildPerSecond = median(log.rounds.map((one) => one.rebuildPerSecond));
  const readPerSecond = median(log.rounds.map((one) => one.readPerSecond));
  return {
    sums: measured.sums,
    close: { small, large, ratio: large / small, target: CLOSE_TARGET, met: large / small <= CLOSE_TARGET },
    closeByRound: close,
    whole: measured.whole,
    fold: {
      foldPerSecond,
      copyPerSecond,
      ratio: foldPerSecond / copyPerSecond,
      allPerSecond: (fold.lines / fold.ms) * 1000,
      pairs: fold.pairs,
    },
    rebuild: {
      entries: log.entries,
      rebuildPerSecond,
      readPerSecond,
      ratio: rebuildPerSecond / readPerSecond,
      rounds: log.rounds,
    },
    exports: exports.map((pair) => ({
      ...pair,
      peakRatio: pair.large.peakRssBytes / pair.small.peakRssBytes,
    })),
  };
}

type Summary = ReturnType<typeof summarise>;

const whole = (value: number) => Math.round(value).toLocaleString('en-GB');
const megabytes = (bytes: number) => whole(bytes / 1_000_000);
const perSecond = ({ ms, rows }: Exported) => whole((rows / ms) * 1000);

/** For people. */
export function summaryText(summary: Summary): string {
  return [closeText(summary), foldText(summary), rebuildText(summary), exportText(summary)].join('\n\n');
}

function closeText({ close, sums, whole: once }: Summary): string {
  const row = (name: string, size: 'small' | 'large') => {
    const { byActor, byCooperative, lines, rollup } = sums[size];
    const { approveMs, freezeMs, sealMs } = once[size];
    const times = [close[size].toFixed(1), (freezeMs + approveMs + sealMs).toFixed(1)];
    return [name, whole(lines), whole(rollup), whole(byCooperative), whole(byActor), ...times];
  };
  const head = [
    'close',
    'queries',
    'rollup rows',
    'by cooperative',
    'by user',
    'freeze ms',
    'whole close ms',
  ];
  const verdict = `freeze, large to small: ${close.ratio.toFixed(2)} (target ≤ ${close.target}: ${close.met ? 'met' : 'NOT MET'})`;
  return `${table([head, row('small', 'small'), row('large', 'large')])}\n${verdict}`;
}

function foldText({ fold }: Summary): string {
  const { allPerSecond, copyPerSecond, foldPerSecond, ratio } = fold;
  return `fold ${whole(foldPerSecond)} lines/s (over all ${whole(allPerSecond)}), INSERT … SELECT of the same lines ${whole(copyPerSecond)}/s: ratio ${ratio.toFixed(2)}`;
}

function rebuildText({ rebuild }: Summary): string {
  const { entries, ratio, readPerSecond, rebuildPerSecond } = rebuild;
  return `rebuild of the book from ${whole(entries)} entries: ${whole(rebuildPerSecond)} entries/s, reading the same lines ${whole(readPerSecond)}/s: ratio ${ratio.toFixed(2)}`;
}

function exportText({ exports }: Summary): string {
  const rows = exports.map(({ large, name, peakRatio, small }) => [
    name,
    whole(small.rows),
    perSecond(small),
    megabytes(small.peakRssBytes),
    whole(large.rows),
    perSecond(large),
    megabytes(large.peakRssBytes),
    megabytes(large.bytes),
    peakRatio.toFixed(2),
  ]);
  const head = [
    'export',
    'rows',
    'rows/s',
    'peak MB',
    'rows',
    'rows/s',
    'peak MB',
    'file MB',
    'peak to peak',
  ];
  return table([head, ...rows]);
}
