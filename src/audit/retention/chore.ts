import { type RunTools, runRetention } from './periodic-run.js';
import { expiredProposals } from './proposals.js';
import { createExpireLane } from './refuse-lane.js';
import type { RunReport } from './run-lanes.js';

/** Proposals that are ended in one look; there are a handful in a year. */
const EXPIRED_AT_ONCE = 100;

/** What one look did. `run`: null where no run was due. */
export interface RetentionLook {
  readonly expired: number;
  readonly run: RunReport | null;
}

/** One look of the bridge's clockwork: ends proposals whose time has run out, then the periodic run, if one is due. */
export async function lookAfterRetention(tools: RunTools): Promise<RetentionLook> {
  const { db, appender, rules } = tools;
  let expired = 0;
  for (const id of await expiredProposals(db, tools.now(), EXPIRED_AT_ONCE)) {
    if (await appender.submit(createExpireLane(rules.instance), id)) expired += 1;
  }
  return { expired, run: await runRetention(tools) };
}
