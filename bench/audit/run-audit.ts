import { join } from 'node:path';
import type { Database } from '../../src/storage/database.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { type EmbeddedServer, startEmbedded } from '../../src/storage/embedded/start.js';
import type { Cleanup } from '../common/cleanup.js';
import { writeResults } from '../common/results.js';
import { makeWorkplace } from '../common/workplace.js';
import type { AuditOptions } from '../options.js';
import { runAppender } from './appender-run.js';
import type { Speed } from './clocked.js';
import { draftsOf, introductionsOf, SHAPES, type Shape } from './drafts.js';
import { inFreshDatabase } from './fresh-database.js';
import { runMultiRow, runOneByOne } from './insert-runs.js';
import { type LiveRun, runLive } from './live-run.js';
import { type PreparedRows, readRows } from './prepared-rows.js';
import { type LiveRound, type Round, summarise, summaryText } from './report.js';

/**
 * Drafts and rows are made for these rates: somewhat more than a machine like ours writes, so that the clock ends a
 * measurement, and not much more, since all of them lie in the memory that is collected meanwhile.
 */
const MOST_PER_SECOND: Readonly<Record<Shape, number>> = {
  plain: 60_000,
  intent: 20_000,
  'intent-new': 15_000,
};

/** The rows of a shape with the sizes of the transactions that they were written in. */
interface Prepared {
  readonly rows: PreparedRows;
  readonly batches: readonly number[];
}

/** `npm run bench -- audit`. Throws where a row is missing afterwards. */
export async function runAudit(
  options: AuditOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<void> {
  const folder = makeWorkplace(cleanup);
  const bench = new Bench(await startServer(folder, cleanup), folder, options);
  const rounds: Record<Shape, Round[]> = { plain: [], intent: [], 'intent-new': [] };
  for (const shape of SHAPES) {
    // Also what warms up: the same code has run for longer than one measurement before the first that counts.
    const prepared = await bench.prepare(shape);
    for (let round = 1; round <= options.rounds; round += 1) {
      const speeds = await bench.round(shape, prepared, round);
      rounds[shape].push(speeds);
      const rates = Object.entries(speeds).map(
        ([way, speed]: [string, Speed]) => `${way} ${speed.entriesPerSecond.toFixed(0)}/s`,
      );
      say(`${shape}, round ${round} of ${options.rounds}: ${rates.join(', ')}`);
    }
  }
  const live: LiveRound[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const times = await bench.live(round);
    live.push(times);
    const told = [times.alone, times.published].map(({ waitP99Ms }) => waitP99Ms.toFixed(1));
    say(
      `at 1,000/s, round ${round} of ${options.rounds}: p99 wait ${told.join(' ms alone, ')} ms published, covered p99 ${times.published.coveredP99Ms?.toFixed(0)} ms`,
    );
  }
  const summary = summarise(rounds, live);
  say(`\n${summaryText(summary)}`);
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('audit', { options: asked, ...summary })}`);
}

async function startServer(folder: string, cleanup: Cleanup): Promise<EmbeddedServer> {
  const directory = join(folder, 'database');
  cleanup.add(() => removeEmbedded({ directory }));
  const server = await startEmbedded({ directory });
  cleanup.add(() => server.stop());
  return server;
}

class Bench {
  readonly #server: EmbeddedServer;
  readonly #folder: string;
  readonly #options: AuditOptions;
  readonly #ms: number;

  constructor(server: EmbeddedServer, folder: string, options: AuditOptions) {
    this.#server = server;
    this.#folder = folder;
    this.#options = options;
    this.#ms = options.seconds * 1000;
  }

  /** Lets the appender write rows once, and takes them out of the database as they are. */
  prepare(shape: Shape): Promise<Prepared> {
    return this.#fresh(`prepare_${shape}`, async (db) => {
      const { batches } = await this.#append(db, shape, 2 * this.#ms);
      const rows = await readRows(db, BigInt(introductionsOf(shape).length));
      return { rows, batches };
    });
  }

  /** All three ways, one after the other, each in a database of its own; the order turns with the round. */
  async round(shape: Shape, { rows, batches }: Prepared, round: number): Promise<Round> {
    const { pid } = this.#server;
    const ways = {
      appender: async (db: Database) => (await this.#append(db, shape, this.#ms)).speed,
      multiRow: (db: Database) => runMultiRow(db, pid, rows, batches, this.#ms),
      oneByOne: (db: Database) => runOneByOne(db, pid, rows, this.#ms),
    };
    const names = ['appender', 'multiRow', 'oneByOne'] as const;
    const speeds: Partial<Record<keyof Round, Speed>> = {};
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length] as (typeof names)[number];
      speeds[name] = await this.#fresh(`${name}_${shape}`, ways[name]);
    }
    return speeds as Round;
  }

  /** `intent` entries at a steady rate, with and without the publisher; who is first turns with the round. */
  async live(round: number): Promise<LiveRound> {
    const run = (name: string, folder: string | null): Promise<LiveRun> =>
      this.#fresh(`live_${name}`, (db) => {
        const drafts = draftsOf('intent', 2 * this.#ms);
        return runLive(db, { drafts, introductions: introductionsOf('intent'), ms: 2 * this.#ms }, folder);
      });
    const runs: Partial<Record<keyof LiveRound, LiveRun>> = {};
    const names = round % 2 === 0 ? (['alone', 'published'] as const) : (['published', 'alone'] as const);
    for (const name of names) runs[name] = await run(name, name === 'alone' ? null : this.#folder);
    return runs as LiveRound;
  }

  #append(db: Database, shape: Shape, ms: number) {
    const drafts = draftsOf(shape, Math.ceil((MOST_PER_SECOND[shape] * ms) / 1000));
    return runAppender(db, this.#server.pid, {
      drafts,
      introductions: introductionsOf(shape),
      concurrency: this.#options.concurrency,
      ms,
    });
  }

  #fresh<T>(name: string, work: (db: Database) => Promise<T>): Promise<T> {
    return inFreshDatabase(this.#server, name.toLowerCase().replaceAll('-', '_'), work);
  }
}
