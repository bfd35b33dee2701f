import { join } from 'node:path';
import type { Criteria } from '../../src/audit/search/criteria.js';
import { readPage } from '../../src/audit/search/read-page.js';
import type { Database } from '../../src/storage/database.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { type EmbeddedServer, startEmbedded } from '../../src/storage/embedded/start.js';
import { inFreshDatabase } from '../audit/fresh-database.js';
import type { Cleanup } from '../common/cleanup.js';
import { writeResults } from '../common/results.js';
import { makeWorkplace } from '../common/workplace.js';
import type { SearchOptions } from '../options.js';
import { benchTagger, fillLog, readSamples, type Sample } from './fill.js';
import { QUESTIONS, type Question, type Round, summarise, summaryText } from './report.js';

/** Questions of each sort in one round, at each size: enough for a p95 that stands on fifteen values. */
const SAMPLES = 300;
const PAGE = 50;
/** A month of the year that every filled log spans. */
const HALF_MONTH_MS = 15 * 86_400_000;

const NONE: Criteria = {
  person: null,
  actor: null,
  cooperative: null,
  from: null,
  to: null,
  purpose: null,
  outcome: null,
  screen: null,
  service: null,
  reference: null,
  query: null,
  session: null,
  kinds: [],
  code: null,
};

const CRITERIA: Readonly<Record<Question, (sample: Sample) => Criteria>> = {
  person: ({ person }) => ({ ...NONE, person }),
  actor: ({ actor }) => ({ ...NONE, actor }),
  'cooperative and period': ({ cooperative, at }) => ({
    ...NONE,
    cooperative,
    from: new Date(at.getTime() - HALF_MONTH_MS),
    to: new Date(at.getTime() + HALF_MONTH_MS),
  }),
  reference: ({ reference }) => ({ ...NONE, reference }),
};

interface Filled {
  readonly db: Database;
  readonly adminUrl: string;
  readonly entries: number;
}

/** `npm run bench -- search`. Throws where a search does not find what it was asked for. */
export async function runSearch(
  options: SearchOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<void> {
  const server = await startServer(cleanup);
  const large = options.entries;
  const small = Math.max(1000, large / 100);
  const rounds: Round[] = [];
  await inFreshDatabase(server, 'search_small', (smallDb) =>
    inFreshDatabase(server, 'search_large', async (largeDb) => {
      const sizes = {
        small: await fill(server, smallDb, 'search_small', small, say),
        large: await fill(server, largeDb, 'search_large', large, say),
      };
      // The first round warms caches and compiled code, and does not count.
      for (let round = 0; round <= options.rounds; round += 1) {
        const measured = await measureRound(sizes, round);
        if (round > 0) rounds.push(measured);
        say(round === 0 ? 'warmed up' : `round ${round} of ${options.rounds} done`);
      }
    }),
  );
  const summary = summarise(rounds, { small, large });
  say(`\n${summaryText(summary)}`);
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('search', { options: asked, ...summary })}`);
}

async function startServer(cleanup: Cleanup): Promise<EmbeddedServer> {
  const directory = join(makeWorkplace(cleanup), 'database');
  cleanup.add(() => removeEmbedded({ directory }));
  const server = await startEmbedded({ directory });
  cleanup.add(() => server.stop());
  return server;
}

async function fill(
  server: EmbeddedServer,
  db: Database,
  name: string,
  entries: number,
  say: (text: string) => void,
): Promise<Filled> {
  const adminUrl = Object.assign(new URL(server.adminUrl), { pathname: `/${name}` }).href;
  const from = performance.now();
  await fillLog(adminUrl, entries, (done) => {
    if (done % (1 << 20) === 0) say(`${done} of ${entries} entries made`);
  });
  say(`${entries} entries made in ${((performance.now() - from) / 1000).toFixed(0)} s`);
  return { db, adminUrl, entries };
}

/** Every sort of question at both sizes by turns, so that whatever else the machine does meets both. */
async function measureRound(
  sizes: { readonly small: Filled; readonly large: Filled },
  round: number,
): Promise<Round> {
  const [small, large] = await Promise.all(
    [sizes.small, sizes.large].map((one) => readSamples(one.adminUrl, one.entries, SAMPLES, 1000 + round)),
  );
  const times = Object.fromEntries(QUESTIONS.map((q) => [q, { small: [], large: [] }])) as unknown as {
    [Q in Question]: { small: number[]; large: number[] };
  };
  for (let i = 0; i < SAMPLES; i += 1) {
    for (const question of QUESTIONS) {
      const pairs = [
        ['small', sizes.small, small?.[i]],
        ['large', sizes.large, large?.[i]],
      ] as const;
      for (const [size, { db }, sample] of i % 2 === 0 ? pairs : [...pairs].reverse())
        times[question][size].push(await timed(db, CRITERIA[question](sample as Sample)));
    }
  }
  return times;
}

async function timed(db: Database, criteria: Criteria): Promise<number> {
  const from = performance.now();
  const { rows } = await readPage(db, { criteria, before: null, pageSize: PAGE }, [benchTagger]);
  const ms = performance.now() - from;
  // The sample itself is in the log.
  if (rows.length === 0) throw new Error('a search did not find what is there');
  return ms;
}
