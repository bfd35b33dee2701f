import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StatementFormat } from '../../src/fees/export/port.js';
import type { Database } from '../../src/storage/database.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { type EmbeddedServer, startEmbedded } from '../../src/storage/embedded/start.js';
import { inFreshDatabase } from '../audit/fresh-database.js';
import type { Cleanup } from '../common/cleanup.js';
import { writeResults } from '../common/results.js';
import { makeWorkplace } from '../common/workplace.js';
import type { FeesOptions } from '../options.js';
import { type BookSize, sortsFor } from './book-size.js';
import { openClosing } from './close-run.js';
import { exportInChild } from './export-child.js';
import { countSums, fillBook, settleBook } from './fill-book.js';
import { type FoldRun, runFold } from './fold-run.js';
import { rebuildRound, writeLog } from './rebuild-run.js';
import { type CloseRound, type ExportPair, type Measured, summarise, summaryText } from './report.js';

/** The small book has a hundredth of the large one. */
const SMALLER = 100;
/** More rows than one sheet of a workbook is given: a million, as the claim has it. */
const MOST_EXPORTED = 1_000_000;
/** Details that a PDF prints (`pdf/write-pdf.ts`); of more it only says how many there are. */
const MOST_PRINTED = 10_000;
/** Entries of the log that the book is rebuilt from. */
const MOST_ENTRIES = 200_000;
const MOST_REBUILDS = 3;

type Say = (text: string) => void;

/** Where everything is done. */
interface Place {
  readonly server: EmbeddedServer;
  readonly folder: string;
  readonly cleanup: Cleanup;
  readonly say: Say;
}

/** `npm run bench -- fees`. Throws where a line is missing in the sums, a close is refused, or the rebuilt book is another one. */
export async function runFees(options: FeesOptions, cleanup: Cleanup, say: Say): Promise<void> {
  const folder = makeWorkplace(cleanup);
  const place = { server: await startServer(folder, cleanup), folder, cleanup, say };
  const books = await measureBooks(place, options);
  const log = await measureRebuild(place, options);
  const summary = summarise({ ...books, log });
  say(`\n${summaryText(summary)}`);
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('fees', { options: asked, ...summary })}`);
}

async function startServer(folder: string, cleanup: Cleanup): Promise<EmbeddedServer> {
  const directory = join(folder, 'database');
  cleanup.add(() => removeEmbedded({ directory }));
  const server = await startEmbedded({ directory });
  cleanup.add(() => server.stop());
  return server;
}

/** Both books stand side by side in one server, so that whatever else the machine does meets both. */
function measureBooks(place: Place, { queries, rounds }: FeesOptions): Promise<Omit<Measured, 'log'>> {
  const smallest = Math.floor(queries / SMALLER);
  const sortsPerDay = sortsFor(smallest);
  return inFreshDatabase(place.server, 'fees_small', (small) =>
    inFreshDatabase(place.server, 'fees_large', async (large) => {
      const made = {
        small: await makeBook(place, small, 'fees_small', { queries: smallest, sortsPerDay }),
        large: await makeBook(place, large, 'fees_large', { queries, sortsPerDay }),
      };
      const sums = { small: made.small.sums, large: made.large.sums };
      // The claim is about books whose sums have the same number of rows.
      if (sums.small.rollup !== sums.large.rollup) throw new Error('the two books differ in rows of sums');
      const closed = await measureClose({ small, large }, rounds, place.say);
      const exports = await measureExports(place, Math.min(MOST_EXPORTED, Math.floor(queries / 10)));
      return { sums, ...closed, fold: made.large.fold, exports };
    }),
  );
}

async function makeBook({ server, say }: Place, db: Database, name: string, size: BookSize) {
  const [adminUrl, ownerUrl] = [server.adminUrl, server.ownerUrl].map((url) => databaseOf(url, name));
  if (adminUrl === undefined || ownerUrl === undefined) throw new Error('no database');
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
  await fillBook(ownerUrl, size, (done) => {
    if (done % 2_000_000 === 0) say(`${done} of ${size.queries} lines made after ${seconds()}`);
  });
  await settleBook(adminUrl);
  say(`${size.queries} lines made in ${seconds()}`);
  const fold: FoldRun = await runFold(db, adminUrl);
  await settleBook(adminUrl);
  const sums = await countSums(adminUrl, size.queries);
  say(`folded in ${(fold.ms / 1000).toFixed(1)} s into ${sums.rollup} rows`);
  return { fold, sums };
}

function databaseOf(url: string, name: string): string {
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

async function measureClose(
  books: { readonly small: Database; readonly large: Database },
  rounds: number,
  say: Say,
) {
  const small = await openClosing(books.small);
  const large = await openClosing(books.large);
  try {
    const close: CloseRound[] = [];
    // The first round warms caches and compiled code, and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      const first = round % 2 === 0 ? small : large;
      const ms = [await first.freezeAndReopen(), await (first === small ? large : small).freezeAndReopen()];
      const [one = 0, other = 0] = first === small ? ms : ms.reverse();
      if (round > 0) close.push({ small: one, large: other });
    }
    say(`frozen ${rounds} times`);
    return { close, whole: { small: await small.close(), large: await large.close() } };
  } finally {
    await small.end();
    await large.end();
  }
}

async function measureExports({ cleanup, folder, say, server }: Place, most: number): Promise<ExportPair[]> {
  const url = databaseOf(server.appUrl, 'fees_large');
  const wishes: readonly (readonly [name: string, format: StatementFormat, rows: number])[] = [
    ['csv', 'csv', most],
    ['xlsx', 'xlsx', most],
    ['pdf', 'pdf', Math.min(most, MOST_PRINTED)],
    [`pdf, ${MOST_PRINTED} printed`, 'pdf', most],
  ];
  const pairs: ExportPair[] = [];
  for (const [name, format, large] of wishes) {
    const file = join(folder, `statement.${format}`);
    const one = (rows: number) => exportInChild({ url, format, rows, file }, cleanup);
    const pair = { name, small: await one(large / 10), large: await one(large) };
    rmSync(file);
    pairs.push(pair);
    say(`${name} of ${large} rows in ${(pair.large.ms / 1000).toFixed(1)} s`);
  }
  return pairs;
}

function measureRebuild({ say, server }: Place, { queries, rounds }: FeesOptions): Promise<Measured['log']> {
  const entries = Math.min(MOST_ENTRIES, 2 * Math.floor(queries / 20));
  return inFreshDatabase(server, 'fees_log', async (db) => {
    const perSecond = await writeLog(db, entries / 2);
    await settleBook(databaseOf(server.adminUrl, 'fees_log'));
    say(`${entries} entries written at ${perSecond.toFixed(0)}/s`);
    const measured = [];
    for (let round = 0; round <= Math.min(rounds, MOST_REBUILDS); round += 1) {
      const one = await rebuildRound(db, entries, round);
      if (round > 0) measured.push(one);
    }
    return { entries, rounds: measured };
  });
}
