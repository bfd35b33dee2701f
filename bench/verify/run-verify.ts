import type { Cleanup } from '../common/cleanup.js';
import { writeResults } from '../common/results.js';
import type { VerifyOptions } from '../options.js';
import { type Caller, startCaller } from './caller.js';
import { WAYS } from './job.js';
import { jobsOf } from './jobs.js';
import { summarise, summaryText } from './report.js';
import { measure, type Run } from './round.js';
import { startTown, type Town } from './town.js';
import { askWitnesses, requireAgreement } from './witnesses.js';

/**
 * Not counted: in these calls V8 compiles the hot code and connections and prepared statements are made. Measured: after
 * 3,000 calls the bridge's CPU for each call falls no further. A short run is a drill and warms up for four rounds only.
 */
const WARM_UP_CALLS = 3000;
const WARM_UP_ROUNDS = 4;

/** `npm run bench -- verify`. Throws where a call was answered wrongly or the witnesses count otherwise. */
export async function runVerify(
  options: VerifyOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<void> {
  const town = await startTown(options.people, cleanup, say);
  const jobFor = await jobsOf(town, options.concurrency);
  await town.stopSigningIn();
  const callers: Caller[] = [];
  for (const way of WAYS) callers.push(await startCaller(jobFor(way), cleanup));
  const ms = options.seconds * 1000;

  say('warming up …');
  const warm: Run[] = [];
  for (const caller of callers) warm.push(await measure(caller, town, ms * WARM_UP_ROUNDS, WARM_UP_CALLS));
  const rounds: Run[][] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const runs = await oneRound(callers, town, ms);
    rounds.push(runs);
    const perCall = runs.map((run) => `${run.way} ${(run.workerUs / run.calls).toFixed(0)} µs`);
    say(`round ${round} of ${options.rounds}: ${perCall.join(', ')}`);
  }

  const all = [warm, ...rounds].flat();
  const count = (runs: readonly Run[]) => runs.reduce((sum, run) => sum + run.calls, 0);
  const witnesses = await askWitnesses(town);
  requireAgreement(witnesses, { all: count(all), bridge: count(all.filter((run) => run.way === 'bridge')) });
  const summary = summarise(rounds);
  say(`\n${summaryText(summary)}`);
  say(
    `every call was a match; witnesses agree: ${witnesses.seen} queries seen by KPS, ${witnesses.entries} entries, ` +
      `${witnesses.feeLines} fee lines, ${witnesses.personKeys} keys of persons`,
  );
  const { bench: _bench, ...asked } = options;
  say(`written to ${writeResults('verify', { options: asked, ...summary, witnesses })}`);
}

/** a b c, one after the other: what slows the machine down for a while slows all three. */
async function oneRound(callers: readonly Caller[], town: Town, ms: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (const caller of callers) runs.push(await measure(caller, town, ms));
  return runs;
}
