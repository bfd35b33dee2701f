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
import { type PreparedRows, readRows } from './prepared-rows.js';
import { type Round, summarise, summaryText } from './report.js';

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
  const bench = new Bench(await startServer(cleanup), options);
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
  const summary = summarise(rounds);
  say(`\n${summaryText(summary)}`);
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('audit', { options: asked, ...summary })}`);
}

async function startServer(cleanup: Cleanup): Promise<EmbeddedServer> {
  const directory = join(makeWorkplace(cleanup), 'database');
  cleanup.add(() => removeEmbedded({ directory }));
  const server = await startEmbedded({ directory });
  cleanup.add(() => server.stop());
  return server;
}

class Bench {
  readonly #server: EmbeddedServer;
  readonly #options: AuditOptions;
  readonly #ms: number;

  constructor(server: EmbeddedServer, options: AuditOptions) {
    this.#server = server;
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
