import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Child } from '../../mocks/sandbox/child.js';
import { freePortRow } from '../../mocks/sandbox/free-ports.js';
import { type Layout, layoutOf, PORT_COUNT } from '../../mocks/sandbox/layout.js';
import { prepareSandbox } from '../../mocks/sandbox/prepare.js';
import { processesOf } from '../../mocks/sandbox/processes.js';
import { attachEmbedded } from '../../src/storage/embedded/attach.js';
import { removeEmbedded } from '../../src/storage/embedded/remove.js';
import { asAdmin } from '../../src/storage/embedded/roles.js';
import type { Cleanup } from '../common/cleanup.js';
import { writeResults } from '../common/results.js';
import { makeWorkplace } from '../common/workplace.js';
import type { MersisOptions } from '../options.js';
import { changeWorld } from './change-world.js';
import { countSeen } from './count-seen.js';
import { type PollingChild, startPolling } from './polling-child.js';
import { type Sync, summarise, summaryText } from './report.js';
import { unpace } from './settings.js';
import { readWritten, type Written, writtenBetween } from './written.js';

const STOP_MS = 60_000;
/** The compiled programs, `dist/`: two folders above this one. */
const BUILT = fileURLToPath(new URL('../..', import.meta.url));

interface Register {
  readonly layout: Layout;
  readonly mersisNos: readonly string[];
  readonly polling: PollingChild;
  readonly adminUrl: string;
  /** Lets `change` work on the world while nobody serves it. */
  withoutStandIn<T>(change: () => T): Promise<T>;
}

/** `npm run bench -- mersis`. Throws where the witnesses count otherwise, or a change was not taken in. */
export async function runMersis(
  options: MersisOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<void> {
  const register = await openRegister(options, cleanup, say);
  const all = register.mersisNos.length;
  say(`first reading of ${all} cooperatives …`);
  const first = await measure(register, await readWritten(register.adminUrl));
  await requireTaken(register, { cooperatives: all, changed: all });
  const changed = await register.withoutStandIn(() => changeWorld(register.layout.worldFile));
  say(`second reading, ${changed} of them changed …`);
  const second = await measure(register, first.written);
  await requireTaken(register, { cooperatives: all, changed });
  const summary = summarise({ all, changed, first: first.sync, second: second.sync });
  say(`\n${summaryText(summary)}`);
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('mersis', { options: asked, ...summary })}`);
}

async function openRegister(
  { people, cooperatives }: MersisOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<Register> {
  const layout = layoutOf(makeWorkplace(cleanup), await freePortRow(PORT_COUNT));
  say(`population of ${people} people and ${cooperatives} cooperatives …`);
  const { population } = await prepareSandbox(layout, { people, cooperatives, seed: 'bench' });
  unpace(layout.configFile);
  cleanup.add(async () => {
    if (existsSync(layout.database)) await removeEmbedded({ directory: layout.database });
  });
  const { standIns } = processesOf(layout, BUILT, (child) => cleanup.add(() => child.stop(STOP_MS)));
  let running: Child = await standIns();
  const polling = await startPolling(layout.configFile, cleanup);
  const { adminUrl } = await attachEmbedded({ directory: layout.database });
  return {
    layout,
    mersisNos: population.cooperatives.map(({ mersisNo }) => mersisNo),
    polling,
    adminUrl: Object.assign(new URL(adminUrl), { pathname: '/bridge' }).href,
    withoutStandIn: async (change) => {
      await running.stop(STOP_MS);
      const changed = change();
      running = await standIns();
      return changed;
    },
  };
}

async function measure(
  { layout, mersisNos, polling, adminUrl }: Register,
  before: Written,
): Promise<{ readonly sync: Sync; readonly written: Written }> {
  const control = `http://127.0.0.1:${layout.ports.control}`;
  const seenBefore = await countSeen(control);
  const synced = await polling.sync(mersisNos);
  const seen = (await countSeen(control)) - seenBefore;
  if (seen !== synced.asked) throw new Error(`counts differ: ${synced.asked} asked, ${seen} seen by MERSİS`);
  const written = await readWritten(adminUrl);
  return { sync: { ...synced, written: writtenBetween(before, written) }, written };
}

/** The last run has changed what was different, and refused and lost nothing. */
async function requireTaken(
  { adminUrl }: Register,
  expected: { readonly cooperatives: number; readonly changed: number },
): Promise<void> {
  const sql = `SELECT (SELECT count(*)::int FROM bridge.authority_cooperative WHERE as_of IS NOT NULL) AS cooperatives, changed, refused,
      failed, losses
    FROM bridge.mersis_run ORDER BY started_at DESC LIMIT 1`;
  type Row = Record<'cooperatives' | 'changed' | 'refused' | 'failed' | 'losses', number>;
  const [row] = await asAdmin(adminUrl, (ask) => ask<Row>(sql));
  const wanted = { ...expected, refused: 0, failed: 0, losses: 0 };
  if (JSON.stringify(row) !== JSON.stringify(wanted))
    throw new Error(`the run ended otherwise: ${JSON.stringify(row)}, and not ${JSON.stringify(wanted)}`);
}
