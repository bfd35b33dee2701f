import { setTimeout as sleep } from 'node:timers/promises';
import { createLeaderLock, ownConnection } from '../../house/mersis/leader-lock.js';
import { openMersisSource } from '../../house/mersis/open-source.js';
import { MERSIS_COMMAND_APPLIERS, pollerOf } from '../../house/mersis/poll-parts.js';
import { pollSettingsOf } from '../../house/mersis/poll-settings.js';
import { createKnownWindows } from '../../maintenance/known-windows.js';
import { createLead } from '../../mersis/poll/leader.js';
import { releaseClaims } from '../../mersis/poll/release-claims.js';
import { openRun, type SyncEnd, type SyncTools, waitForRun } from '../../mersis/poll/sync.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { actingOfficer, type House, inHouse } from '../house.js';
import { progressOn } from '../progress.js';
import { MERSIS_OFFICERS, mersisOf } from './mersis-house.js';
import { countsOf, runDocument } from './status.js';

/** `bridge mersis sync`: what is due is read now, by whichever instance leads, else by this command. */
export const mersisSyncCommand: Command = {
  usage: 'mersis sync [--all] [--token-file F] [--json]',
  summary:
    'reads what is due (--all: every cooperative) and waits for the end of the run. An administrator or a security officer',
  run: async (args, terminal) => {
    const options = { all: { type: 'boolean', default: false }, 'token-file': { type: 'string' } } as const;
    const { values } = parseCommand(mersisSyncCommand, args, options, 0);
    const end = await inHouse(terminal, 'mersis sync', MERSIS_COMMAND_APPLIERS, async (house) => {
      const file = values['token-file'];
      await actingOfficer(house, terminal, { file }, MERSIS_OFFICERS, { operation: null });
      return sync(house, terminal, values.all);
    });
    return tell(end, values.json, terminal);
  },
};

async function sync(house: House, terminal: Terminal, all: boolean): Promise<SyncEnd> {
  const { config, db, log } = house;
  const mersis = mersisOf(config);
  let odd = 0;
  const source = await openMersisSource(mersis, {
    warn: () => {
      odd += 1;
    },
  });
  const now = () => new Date();
  const maintenance = createKnownWindows(db, now);
  const poller = pollerOf({
    config,
    mersis,
    db,
    log,
    source,
    instance: config.instance,
    isSound: () => true,
    isStopping: () => false,
    maintenance,
    observe: () => undefined,
  });
  const lead = createLead({
    lock: createLeaderLock(ownConnection(config)),
    step: () => poller.step(),
    onLead: async (leads) => void (leads && (await releaseClaims(db, new Date()))),
  });
  const progress = progressOn(terminal, 'cooperatives');
  const tools: SyncTools = {
    db,
    settings: pollSettingsOf(mersis, config.instance),
    lead,
    openRun: () => poller.openRun('sync'),
    now,
    // Read before each turn: who polls here knows what stands in the database.
    maintenanceUntil: async () => {
      await maintenance.refresh();
      return maintenance.currentWindow('mersis', now())?.endsAt ?? null;
    },
    sleep: (ms) => sleep(ms),
    onProgress: (done, of) => progress(BigInt(done), BigInt(of)),
  };
  try {
    const runId = await openRun(tools, all);
    return runId === null ? { kind: 'nothing-due' } : await waitForRun(tools, runId);
  } finally {
    await lead.close();
    await source.close();
    if (odd > 0) terminal.err(`warning: in ${odd} answers check digits of numbers do not hold`);
  }
}

function tell(end: SyncEnd, json: boolean, terminal: Terminal): number {
  if (end.kind === 'nothing-due') {
    terminal.out(json ? JSON.stringify({ run: null, end: end.kind }) : 'nothing is due');
    return EXIT.ok;
  }
  const { run } = end;
  terminal.out(
    json ? JSON.stringify({ run: runDocument(run), end: end.kind }) : `run ${run.runId}: ${countsOf(run)}`,
  );
  const trouble = troubleOf(end);
  if (trouble !== null) terminal.err(trouble);
  return trouble === null ? EXIT.ok : EXIT.failed;
}

/** What a person must do or know; null where all is well. */
function troubleOf(end: Exclude<SyncEnd, { kind: 'nothing-due' }>): string | null {
  switch (end.kind) {
    case 'stopped':
      return 'the run takes away more than a run may and has stopped; two persons look at it: bridge mersis review';
    case 'refused':
      return `MERSİS refuses us: user name, password, certificate or address (mersis in the settings); asked again after ${end.until.toISOString()}`;
    case 'unavailable':
      return `MERSİS does not answer; the run goes on by itself once it does, asked again after ${end.until.toISOString()}`;
    case 'maintenance':
      return `MERSİS is under planned maintenance; the run goes on by itself after ${end.until.toISOString()}: bridge maintenance list`;
    case 'budget':
      return 'the day’s budget (mersis.poll.dailyBudget) is spent; the run goes on tomorrow';
    default:
      return end.run.failed + end.run.refused > 0
        ? `cooperatives that could not be read: ${end.run.failed}, whose answer was not believed: ${end.run.refused}; they are tried again`
        : null;
  }
}
