import { sum, table } from '../common/figures.js';
import type { Synced } from './messages.js';
import { rowsOf, type Written } from './written.js';

export interface Sync extends Synced {
  readonly written: Written;
}

interface Given {
  readonly all: number;
  readonly changed: number;
  readonly first: Sync;
  readonly second: Sync;
}

/** Rows of these are written for each reading, whatever it says: when it was read, and when it is due again. */
const BOOKKEEPING: readonly string[] = ['mersis_cooperative', 'mersis_run', 'mersis_budget'];
/** Memory is flat where the end is no more than so much above the middle. */
const FLAT_RATIO = 1.25;
/** The same work for each change, whether all or a thousandth has changed. */
const PROPORTIONAL_RATIO = 2;

export interface Summary extends Given {
  /** Rows of what decides (seats, history, events, entries of changes) for each changed cooperative; readings renewed are none. */
  readonly rowsForEachChange: { readonly first: number; readonly second: number };
  readonly flat: boolean;
  readonly proportional: boolean;
}

export function summarise(given: Given): Summary {
  const { all, changed, first, second } = given;
  const rowsForEachChange = {
    first: decidingRows(first.written, 0) / all,
    // One update of each cooperative that has not changed renews its time of reading.
    second: decidingRows(second.written, all - changed) / changed,
  };
  const isFlat = ({ rss }: Sync) => at(rss, 100) <= FLAT_RATIO * at(rss, 50);
  const proportional = rowsForEachChange.second <= PROPORTIONAL_RATIO * rowsForEachChange.first;
  return { ...given, rowsForEachChange, flat: isFlat(first) && isFlat(second), proportional };
}

function decidingRows({ tables }: Written, renewed: number): number {
  const rows = Object.entries(tables)
    .filter(([name]) => name.startsWith('authority_'))
    .map(([, writes]) => rowsOf(writes));
  return sum(rows) - renewed;
}

function at(rss: Synced['rss'], percent: number): number {
  return rss.find((one) => one.percent === percent)?.bytes ?? Number.NaN;
}

/** The summary as it is printed. */
export function summaryText(summary: Summary): string {
  const { all, changed, first, second, rowsForEachChange, flat, proportional } = summary;
  const row = (name: string, { asked, ms, cpuUs, rss, written }: Sync) => [
    name,
    String(asked),
    (ms / 1000).toFixed(1),
    ((asked / ms) * 1000).toFixed(0),
    (cpuUs / asked).toFixed(0),
    ...[10, 50, 100].map((percent) => (at(rss, percent) / 1_048_576).toFixed(0)),
    String(sum(Object.values(written.entries))),
    (written.wal / 1_048_576).toFixed(0),
  ];
  const head = [
    '',
    'requests',
    's',
    'requests/s',
    'CPU µs/request',
    'RSS MB at 10 %',
    '50 %',
    '100 %',
    'entries',
    'WAL MB',
  ];
  const each = ({ first: one, second: other }: Summary['rowsForEachChange']) =>
    `${one.toFixed(1)} and ${other.toFixed(1)}`;
  return [
    table([head, row(`all ${all} new`, first), row(`${changed} changed`, second)]),
    '',
    writesText(first.written, second.written),
    '',
    `rows of authority for each changed cooperative: ${each(rowsForEachChange)}; in the same proportion: ${proportional ? 'yes' : 'NO'}`,
    `memory flat (100 % ≤ ${FLAT_RATIO} × 50 %): ${flat ? 'yes' : 'NO'}`,
    `written for each reading alone: ${BOOKKEEPING.join(', ')}, and the time of reading in authority_cooperative`,
  ].join('\n');
}

function writesText(first: Written, second: Written): string {
  const names = [...new Set([...Object.keys(first.tables), ...Object.keys(second.tables)])].sort();
  const cells = ({ tables }: Written, name: string) => {
    const { inserted, updated, deleted } = tables[name] ?? { inserted: 0, updated: 0, deleted: 0 };
    return [inserted, updated, deleted].map(String);
  };
  const kinds = [...new Set([...Object.keys(first.entries), ...Object.keys(second.entries)])].sort();
  const none = ['', '', ''];
  return table([
    ['rows written', 'all: ins', 'upd', 'del', 'changed: ins', 'upd', 'del'],
    ...names.map((name) => [name, ...cells(first, name), ...cells(second, name)]),
    ['entries', ...none, ...none],
    ...kinds.map((kind) => {
      return [
        `  ${kind}`,
        String(first.entries[kind] ?? 0),
        '',
        '',
        String(second.entries[kind] ?? 0),
        '',
        '',
      ];
    }),
  ]);
}
