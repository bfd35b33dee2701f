import { join } from 'node:path';
import { foldDays } from '../../src/audit/day/fold-days.js';
import { istanbulDay, quarterOfDay } from '../../src/calendar/istanbul-day.js';
import type { Database } from '../../src/storage/database.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { startEmbedded } from '../../src/storage/embedded/start.js';
import { inFreshDatabase } from '../audit/fresh-database.js';
import type { Cleanup } from '../common/cleanup.js';
import { percentile, table } from '../common/figures.js';
import { writeResults } from '../common/results.js';
import { makeWorkplace } from '../common/workplace.js';
import type { ConsoleOptions } from '../options.js';
import { countRows, type RowCount } from './count-rows.js';
import { fillConsole } from './fill-console.js';
import { benchConfig, type ServedConsole, serveConsole } from './serve-console.js';
import { type Visit, visitsOf } from './visits.js';

/** What every page answers within at the 95th percentile. */
const TARGET_MS = 300;
/** Rows that a page may read for one that it shows; sums, roles and settings are read beside the list. */
const MOST_ROWS = 1_000;

interface Measured {
  readonly page: string;
  readonly p50: number;
  readonly p95: number;
  readonly kb: number;
  readonly rows: number;
}

/** `npm run bench -- console`. Throws where a page does not answer 200. */
export async function runConsole(
  options: ConsoleOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<void> {
  const folder = makeWorkplace(cleanup);
  const directory = join(folder, 'database');
  cleanup.add(() => removeEmbedded({ directory }));
  const server = await startEmbedded({ directory });
  cleanup.add(() => server.stop());
  const config = await benchConfig(folder);
  await inFreshDatabase(server, 'console', async (db) => {
    const adminUrl = Object.assign(new URL(server.adminUrl), { pathname: '/console' }).href;
    const begun = performance.now();
    await fillConsole(db, adminUrl, options, say);
    await foldDays(db);
    say(
      `${options.entries} entries and ${options.users} users made in ${((performance.now() - begun) / 1000).toFixed(0)} s`,
    );
    const counted = countRows(db);
    const served = await serveConsole(counted.db, config, cleanup);
    const quarter = quarterOfDay(istanbulDay(new Date()));
    const queries = await someQueries(db);
    const measured: Measured[] = [];
    for (const [page, visitOf] of visitsOf(options, quarter, queries))
      measured.push(await measure(page, visitOf, served, counted, options.rounds));
    report(measured, options, say);
  });
}

async function forgetQuota(db: Database): Promise<void> {
  await db.query({ text: 'DELETE FROM bridge.quota_use' });
}

async function someQueries(db: Database): Promise<readonly string[]> {
  const { rows } = await db.query<{ query: string }>({
    text: "SELECT query FROM bridge.log_search WHERE kind = 'query.intent' AND leaf_index % 997 = 0 LIMIT 200",
  });
  return rows.map(({ query }) => query);
}

async function measure(
  page: string,
  visitOf: (n: number) => Visit,
  served: ServedConsole,
  counted: RowCount,
  rounds: number,
): Promise<Measured> {
  const times: number[] = [];
  let bytes = 0;
  let rows = 0;
  // The first visits compile and warm, and do not count.
  for (let n = -5; n < rounds; n += 1) {
    // A person may search sixty times a minute: what is measured is one page, not how often it may be asked for.
    await forgetQuota(counted.db);
    const { ms, size, read } = await visit(visitOf(n + 5), served, counted);
    if (n < 0) continue;
    times.push(ms);
    bytes = Math.max(bytes, size);
    rows = Math.max(rows, read);
  }
  return { page, p50: percentile(times, 0.5), p95: percentile(times, 0.95), kb: bytes / 1024, rows };
}

async function visit({ form, path }: Visit, { csrf, origin }: ServedConsole, counted: RowCount) {
  const at = form === undefined ? path : await lookAt(form, path, csrf, origin);
  counted.reset();
  const from = performance.now();
  const answer = await fetch(`${origin}${at}`, { redirect: 'manual' });
  const html = await answer.text();
  const ms = performance.now() - from;
  if (answer.status !== 200) throw new Error(`${at} answered ${answer.status}`);
  return { ms, size: Buffer.byteLength(html), read: counted.most() };
}

/** The page that a form's answer leads to. */
async function lookAt(
  form: Readonly<Record<string, string>>,
  path: string,
  csrf: string,
  origin: string,
): Promise<string> {
  const answer = await fetch(`${origin}${path}`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ csrf, ...form }),
  });
  const to = answer.headers.get('location');
  if (answer.status !== 303 || to === null) throw new Error(`${path} answered ${answer.status} to a form`);
  return to;
}

function report(measured: readonly Measured[], options: ConsoleOptions, say: (text: string) => void): void {
  const slowest = [...measured].sort((a, b) => b.p95 - a.p95);
  const head = ['page', 'p50 ms', 'p95 ms', `p95/${TARGET_MS}`, 'kB', 'rows'];
  const body = slowest.map(({ kb, p50, p95, page, rows }) => [
    page,
    p50.toFixed(1),
    p95.toFixed(1),
    (p95 / TARGET_MS).toFixed(2),
    kb.toFixed(0),
    String(rows),
  ]);
  say(`\n${table([head, ...body])}`);
  const late = slowest.filter(({ p95 }) => p95 > TARGET_MS).map(({ page }) => page);
  const greedy = slowest.filter(({ rows }) => rows > MOST_ROWS).map(({ page }) => page);
  say(
    `\nslowest p95 to ${TARGET_MS} ms: ratio ${((slowest[0]?.p95 ?? Number.NaN) / TARGET_MS).toFixed(2)} (target ≤ 1.00)`,
  );
  if (late.length > 0) say(`target missed: ${late.join(', ')}`);
  if (greedy.length > 0) say(`more than ${MOST_ROWS} rows from one statement: ${greedy.join(', ')}`);
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('console', { options: asked, measured })}`);
}
