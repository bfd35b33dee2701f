import { join } from 'node:path';
import { foldDays } from '../../src/audit/day/fold-days.js';
import { catchUp } from '../../src/audit/search/index-entries.js';
import { istanbulQuarter, previousQuarter } from '../../src/calendar/istanbul-day.js';
import { ACCESS, type AccessId } from '../../src/console/access.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { startEmbedded } from '../../src/storage/embedded/start.js';
import { inFreshDatabase } from '../audit/fresh-database.js';
import type { Cleanup } from '../common/cleanup.js';
import { makeWorkplace } from '../common/workplace.js';
import type { ConsoleOptions } from '../options.js';
import { actionsOf } from './actions.js';
import { countRows } from './count-rows.js';
import { answer, applyFor, crowd, keepVersions, settle } from './crowds.js';
import { announce, holdAndDestroy, makeFiles, propose, raiseSignals, recordFigures } from './deeds.js';
import { fillConsole } from './fill-console.js';
import { type Measured, measurePage } from './measure.js';
import { report } from './report.js';
import { benchConfig, serveConsole } from './serve-console.js';
import { findThings } from './things.js';
import { requireEveryPage, type Visits, visitedCooperative, visitsOf } from './visits.js';

/** `npm run bench -- console`. Throws where a page does not answer as it must, is not visited, or loads more rows than it shows. */
export async function runConsole(
  options: ConsoleOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<void> {
  requireEveryPage(options);
  const folder = makeWorkplace(cleanup);
  const directory = join(folder, 'database');
  cleanup.add(() => removeEmbedded({ directory }));
  const server = await startEmbedded({ directory });
  cleanup.add(() => server.stop());
  const config = await benchConfig(folder);
  await inFreshDatabase(server, 'console', async (db) => {
    const adminUrl = Object.assign(new URL(server.adminUrl), { pathname: '/console' }).href;
    const done = stopwatch(say);
    await fillConsole(db, adminUrl, options, say);
    done(`${options.entries} entries and ${options.users} users made`);
    const counted = countRows(db);
    const served = await serveConsole(counted.db, config, cleanup);
    const now = new Date();
    const quarter = istanbulQuarter(now);
    const wish = { db, served, previous: previousQuarter(quarter) };
    for (const deed of [raiseSignals, holdAndDestroy, propose, recordFigures, announce]) await deed(wish);
    const job = await makeFiles(wish);
    done('deeds done through the console');
    await crowd(adminUrl, options, served);
    await applyFor(db, options, served);
    await answer(served);
    await keepVersions(
      db,
      Array.from({ length: 100 }, (_, n) => visitedCooperative(options, n)),
    );
    await catchUp(db);
    await foldDays(db);
    await settle(adminUrl);
    done('rows of years made beside them');
    const things = await findThings(db, { quarter, previous: wish.previous, job, jobFile: job });
    const measure = async (visits: Visits) => {
      const measured: Measured[] = [];
      for (const [page, visitOf] of visits) {
        const rounds = isRow(page) ? options.rounds : Math.ceil(options.rounds / 2);
        measured.push(await measurePage(page, visitOf, served, counted, rounds));
      }
      return measured;
    };
    const gets = await measure(visitsOf(options, things));
    const actions = await measure(actionsOf(options, things));
    report({ gets, actions }, options, say);
  });
}

/** A page by its row of the table of access; forms, files and other ways of opening a page are visited half as often. */
function isRow(name: string): boolean {
  return Object.hasOwn(ACCESS, name) && ACCESS[name as AccessId].method === 'GET' && !name.endsWith('.file');
}

function stopwatch(say: (text: string) => void): (what: string) => void {
  let from = performance.now();
  return (what) => {
    say(`${what} in ${((performance.now() - from) / 1000).toFixed(0)} s`);
    from = performance.now();
  };
}
