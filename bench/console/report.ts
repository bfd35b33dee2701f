import { table } from '../common/figures.js';
import { writeResults } from '../common/results.js';
import type { ConsoleOptions } from '../options.js';
import type { Measured } from './measure.js';
import { ROWS_RULE } from './rows-rule.js';

/** What every page answers within at the 95th percentile. */
const TARGET_MS = 300;

/**
 * Prints pages and actions, slowest first, and writes them down. Throws where a page has loaded more rows than it shows; a missed time is
 * only said.
 */
export function report(
  { actions, gets }: { readonly gets: readonly Measured[]; readonly actions: readonly Measured[] },
  options: ConsoleOptions,
  say: (text: string) => void,
): void {
  const pages = gets.filter(({ isFile }) => !isFile);
  const files = gets.filter(({ isFile }) => isFile);
  say(`\n${tableOf('page', pages)}`);
  say(`\nFILES, no pages, by themselves:\n${tableOf('file', files)}`);
  say(`\nFORMS, by themselves:\n${tableOf('form', actions)}`);
  const all = [...gets, ...actions];
  const late = pages.filter(({ p95 }) => p95 > TARGET_MS).map(({ page }) => page);
  const slowest = Math.max(...pages.map(({ p95 }) => p95));
  say(
    `\nevery page of the table of access was visited: ${pages.length} pages and ways of opening one, ${files.length} files, ${actions.length} forms`,
  );
  say(`slowest p95 to ${TARGET_MS} ms: ratio ${(slowest / TARGET_MS).toFixed(2)} (target ≤ 1.00)`);
  if (late.length > 0) say(`target missed: ${late.join(', ')}`);
  say(ROWS_RULE);
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('console', { options: asked, measured: gets, actions })}`);
  const faults = all.flatMap(({ fault }) => (fault === null ? [] : [fault]));
  if (faults.length > 0) throw new Error(`pages that load more rows than they show:\n${faults.join('\n')}`);
  say('no page has loaded more rows than it shows');
}

function tableOf(name: string, measured: readonly Measured[]): string {
  const slowest = [...measured].sort((a, b) => b.p95 - a.p95);
  const head = [name, 'p50 ms', 'p95 ms', `p95/${TARGET_MS}`, 'kB', 'rows shown', 'rows read'];
  const body = slowest.map(({ kb, p50, p95, page, read, shown }) => [
    page,
    p50.toFixed(1),
    p95.toFixed(1),
    (p95 / TARGET_MS).toFixed(2),
    kb.toFixed(0),
    shown === null ? '–' : String(shown),
    String(read),
  ]);
  return table([head, ...body]);
}
