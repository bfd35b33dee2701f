import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Lane, Settled } from '../../audit/lane.js';
import { settleExpiry } from '../../proposals/expire.js';
import { deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import type { ReopenedQuarter } from './appliers.js';
import { type CloseTools, QUARTER_PROPOSAL } from './close-tools.js';
import { lockQuarterRow, stateAt } from './quarter-row.js';
import { transitionOf } from './states.js';

/** A quarter that nobody approved in time is opened again: the clock does it, whoever comes upon it. */
function expireLane({ ports }: CloseTools): Lane<string, Verdict<null>> {
  return deedLane('6-fees-quarter-expire', (tx, quarter, now) => settleExpired(tx, quarter, ports, now));
}

async function settleExpired(
  tx: Transaction,
  quarter: string,
  ports: CloseTools['ports'],
  now: Date,
): Promise<Settled<Verdict<null>>> {
  const row = await lockQuarterRow(tx, quarter);
  const state = stateAt(row, quarter, now);
  if (transitionOf(state, 'expire') === null || row === null || row.proposal === null || row.kept === null)
    return refused('STATE_CONFLICT', `${quarter} is ${state}: nothing can expire`);
  const { kept, proposal } = row;
  const expiry = await settleExpiry(tx, { proposal, what: QUARTER_PROPOSAL }, ports, now);
  if (!expiry.ok) return refused(expiry.code, expiry.message);
  const { instance, osUser } = ports;
  const statementSha256 = kept.hash.toString('hex');
  const data = { actor: null, instance, osUser, proposal, quarter, statementSha256 };
  const entry = draftOf('fees.quarter-reopened', now, data);
  const effect: ReopenedQuarter = { kind: 'fee-quarter-reopened', entryId: entry.id, quarter };
  return done([...expiry.entries, entry], [...expiry.effects, effect], () => null);
}

/**
 * Opens a frozen quarter again whose proposal has expired, in one transaction with `proposal.ended` and `fees.quarter-reopened`. Refused:
 * `STATE_CONFLICT` (not frozen, or it can still be decided). Errors: those of `Appender`.
 */
export function reopenExpired(log: Appender, tools: CloseTools, quarter: string): Promise<Verdict<null>> {
  return log.submit(expireLane(tools), quarter);
}
