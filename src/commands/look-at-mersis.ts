import type { BridgeConfig } from '../config/schema.js';
import { mersisClientSettings, openMersisSource } from '../house/mersis/open-source.js';
import { type MersisConfig, pollSettingsOf } from '../house/mersis/poll-settings.js';
import { openLog } from '../house/open-log.js';
import { countHeld } from '../mersis/held/count-held.js';
import { knock } from '../mersis/knock.js';
import { type Progress, readProgress } from '../mersis/poll/progress.js';
import type { MersisFault } from '../mersis/port.js';
import { TRY_APPLIERS, tryOne } from '../mersis/try-one.js';
import type { Database } from '../storage/database.js';
import { type Finding, findingOf } from './finding.js';

const HOUR_MS = 3_600_000;
const NAME = 'mersis';
const REFUSED =
  'refuses us: are user name, password and certificate (mersis in the settings) right, is our address on its list?';
const CAUSES = {
  connection: 'cannot be reached: are mersis.url and mersis.extraCa right, may we reach it?',
  timeout: 'no answer in time: is a firewall in between?',
  http: 'answers with an error: are mersis.url and mersis.adapter right? Else its operators must look',
  overloaded: 'not asked: too many calls at once',
} as const;

/**
 * Whether MERSİS answers, and how reading it stands. Asks about one cooperative that is polled anyway, its entry before it; takes nothing
 * in, names nobody. `db` null: it cannot be reached, and without an entry nothing is asked.
 */
export async function lookAtMersis(config: BridgeConfig, db: Database | null): Promise<readonly Finding[]> {
  const { mersis } = config;
  if (mersis === undefined)
    return [{ name: NAME, ok: true, text: 'not set up (mersis): boards are not read from the registry' }];
  if (db === null)
    return [
      { name: NAME, ok: false, text: 'not asked: nothing leaves without its entry; mend the database' },
    ];
  const now = new Date();
  const looks = await readProgress(db, pollSettingsOf(mersis, config.instance), now).then(
    (progress) => [
      lookAtRun(progress),
      lookAtPause(progress),
      lookAtAge(progress, config.authority.staleAfterHours, now),
      lookAtBudget(progress),
    ],
    () => [{ name: 'mersis progress', ok: false, text: 'cannot be read: bridge mersis status' }],
  );
  return [
    await findingOf(NAME, () => tryMersis(config, mersis, db)),
    ...looks,
    await findingOf('mersis held', () => lookAtHeld(db, now)),
  ];
}

async function tryMersis(config: BridgeConfig, mersis: MersisConfig, db: Database): Promise<Finding> {
  const source = await openMersisSource(mersis, { warn: () => undefined });
  const { appender: log } = openLog(config, db, TRY_APPLIERS);
  const { instance } = config;
  try {
    const tried = await tryOne({ log, source, instance, dailyBudget: mersis.poll.dailyBudget });
    if (tried.kind !== 'answered')
      return tried.kind === 'nothing-known'
        ? await knockAt(mersis)
        : { name: NAME, ok: false, text: 'not asked: the day’s budget is spent' };
    const { reply } = tried;
    if (reply.kind === 'fault') return { name: NAME, ok: false, text: faultText(reply.fault) };
    if (reply.kind === 'found') return { name: NAME, ok: true, text: 'answers' };
    const text = 'answers, but does not know a cooperative that is polled: is it the right register?';
    return { name: NAME, ok: false, text };
  } finally {
    await log.close();
    await source.close();
  }
}

/** Before the first cooperative is known there is nothing that could be asked. */
async function knockAt(mersis: MersisConfig): Promise<Finding> {
  const knocked = await knock(await mersisClientSettings(mersis));
  switch (knocked.kind) {
    case 'open':
      return {
        name: NAME,
        ok: true,
        text: 'lets us in; no cooperative is polled yet: bridge mersis register FILE',
      };
    case 'elsewhere':
      return { name: NAME, ok: false, text: `HTTP ${knocked.status}: is mersis.url right?` };
    case 'fault':
      return { name: NAME, ok: false, text: faultText(knocked.fault) };
  }
}

function faultText(fault: MersisFault): string {
  switch (fault.kind) {
    case 'refused':
      return REFUSED;
    case 'invalid':
      return `its answer is not one of the contract (${fault.problem}): is mersis.adapter right? Else its operators must look`;
    case 'unavailable':
      return CAUSES[fault.cause];
  }
}

function lookAtRun({ run }: Progress): Finding {
  const name = 'mersis run';
  if (run === null) return { name, ok: true, text: 'none yet' };
  const since = run.startedAt.toISOString();
  if (run.state !== 'stopped') return { name, ok: true, text: `${run.state}, of ${since}` };
  const text = `of ${since} stands stopped: ${run.losses} of ${run.asked} cooperatives would lose seats; nothing is read until two persons decide: bridge mersis review`;
  return { name, ok: false, text };
}

function lookAtPause({ pause }: Progress): Finding {
  const name = 'mersis pause';
  if (pause === null) return { name, ok: true, text: 'none' };
  const why = pause.reason === 'refused' ? 'MERSİS refused us' : 'MERSİS did not answer';
  const text = `${why}: nothing is read until ${pause.until.toISOString()}, then one is tried; see mersis above`;
  return { name, ok: false, text };
}

function lookAtAge({ neverRead, oldestReadAt }: Progress, staleAfterHours: number, now: Date): Finding {
  const name = 'mersis oldest reading';
  const never = neverRead === 0 ? '' : `; ${neverRead} cooperatives were never read`;
  if (oldestReadAt === null) return { name, ok: true, text: `none${never}` };
  const text = `${oldestReadAt.toISOString()}${never}`;
  if (now.getTime() - oldestReadAt.getTime() <= staleAfterHours * HOUR_MS) return { name, ok: true, text };
  return {
    name,
    ok: false,
    text: `${text}; older than authority.staleAfterHours (${staleAfterHours}): rights shrink there; see bridge mersis status`,
  };
}

function lookAtBudget({ budget: { limit, used } }: Progress): Finding {
  const name = 'mersis budget';
  const text = `${used} of ${limit} requests today`;
  if (used < limit) return { name, ok: true, text };
  return {
    name,
    ok: false,
    text: `${text}: nothing is read until midnight; is mersis.poll.dailyBudget enough?`,
  };
}

async function lookAtHeld(db: Database, now: Date): Promise<Finding> {
  const name = 'mersis held';
  const { forPersons, overdue, waiting } = await countHeld(db, now);
  if (waiting === 0) return { name, ok: true, text: 'no loss waits' };
  const text = `${waiting} losses wait: ${forPersons} for two persons, ${overdue} for a second reading that is overdue`;
  if (forPersons + overdue === 0) return { name, ok: true, text };
  return { name, ok: false, text: `${text}: bridge mersis review` };
}
