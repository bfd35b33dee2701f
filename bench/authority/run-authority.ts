import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createPersonTagger } from '../../src/audit/person-tags.js';
import { MIGRATIONS } from '../../src/house/open-storage.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { type EmbeddedServer, startEmbedded } from '../../src/storage/embedded/start.js';
import { migrate } from '../../src/storage/migrate.js';
import type { Cleanup } from '../common/cleanup.js';
import { writeResults } from '../common/results.js';
import { makeWorkplace } from '../common/workplace.js';
import type { AuthorityOptions } from '../options.js';
import { runThroughApi } from './api-run.js';
import { type DecidingChild, startDeciding } from './deciding-child.js';
import { fillAuthority } from './fill.js';
import { type Loaded, WAYS } from './messages.js';
import { type Round, summarise, summaryText } from './report.js';
import type { Size } from './size.js';

/** Questions whose decisions are held against each other before anything is measured. */
const COMPARED = 5_000;

/** `npm run bench -- authority`. Throws where memory and tables decide differently, or a call is not answered with decisions. */
export async function runAuthority(
  options: AuthorityOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<void> {
  const size: Size = { cooperatives: options.cooperatives, seats: options.seats };
  const ms = options.seconds * 1000;
  const { child, load } = await startFilled(size, cleanup, say);
  const { same, granted } = await child.ask({ type: 'compare', count: COMPARED }, 'compared');
  say(`${same} decisions are the same from memory and by SQL, ${granted} of them yes`);
  const rounds: Round[] = [];
  // The first round warms up and does not count.
  for (let round = 0; round <= options.rounds; round += 1) {
    const measured = await oneRound(child, ms);
    if (round > 0) rounds.push(measured);
    say(round === 0 ? 'warmed up' : `round ${round} of ${options.rounds} done`);
  }
  const api = options.api
    ? await runThroughApi({ size, ms, concurrency: options.concurrency }, cleanup, say)
    : [];
  const summary = summarise(load, rounds, api);
  say(`\n${summaryText(summary)}`);
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('authority', { options: asked, compared: { same, granted }, ...summary })}`);
}

async function startFilled(
  size: Size,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<{ readonly child: DecidingChild; readonly load: Loaded }> {
  const server = await startServer(cleanup);
  await migrate({ url: server.ownerUrl, directory: MIGRATIONS() });
  const tagKey = randomBytes(32);
  const from = performance.now();
  const { pathname } = new URL(server.ownerUrl);
  const databaseUrl = Object.assign(new URL(server.adminUrl), { pathname }).href;
  await fillAuthority(databaseUrl, size, createPersonTagger({ id: 1, key: tagKey }));
  const seconds = ((performance.now() - from) / 1000).toFixed(0);
  say(`${size.cooperatives} cooperatives and ${size.seats} seats made in ${seconds} s`);
  const child = startDeciding(cleanup);
  const { type: _type, ...load } = await child.ask(
    { type: 'load', url: server.appUrl, tagKey, size },
    'loaded',
  );
  return { child, load };
}

async function startServer(cleanup: Cleanup): Promise<EmbeddedServer> {
  const directory = join(makeWorkplace(cleanup), 'database');
  cleanup.add(() => removeEmbedded({ directory }));
  const server = await startEmbedded({ directory });
  cleanup.add(() => server.stop());
  return server;
}

/** All ways, one after the other: what slows the machine down for a while slows all of them. */
async function oneRound(child: DecidingChild, ms: number): Promise<Round> {
  const runs: Partial<Record<(typeof WAYS)[number], Round['memory']>> = {};
  for (const way of WAYS) runs[way] = await child.ask({ type: 'decide', way, ms }, 'decided');
  return runs as Round;
}
