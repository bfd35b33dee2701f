import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Lane, Settled } from '../../audit/lane.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import type { SealedQuarter } from './appliers.js';
import type { CloseTools } from './close-tools.js';
import type { DecidedQuarter } from './decide.js';
import { lockQuarterRow, openKept, stateAt } from './quarter-row.js';
import { transitionOf } from './states.js';

/** Two persons have decided: any of them, or a third one where they were interrupted, seals. */
export interface SealOrder {
  readonly quarter: string;
  readonly officer: ActingOfficer;
}

function sealLane({ ports }: CloseTools): Lane<SealOrder, Verdict<DecidedQuarter>> {
  return deedLane('6-fees-quarter-seal', (tx, order, now) => settleSeal(tx, order, ports, now));
}

async function settleSeal(
  tx: Transaction,
  { officer, quarter }: SealOrder,
  ports: CloseTools['ports'],
  now: Date,
): Promise<Settled<Verdict<DecidedQuarter>>> {
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  const row = await lockQuarterRow(tx, quarter);
  const state = stateAt(row, quarter, now);
  if (transitionOf(state, 'seal') === null || row === null || row.kept === null)
    return refused('STATE_CONFLICT', `${quarter} is ${state}: only an approved quarter is sealed`);
  await openKept(tx, row.kept);
  const { actor, personal } = actedBy(officer);
  const statementSha256 = row.kept.hash.toString('hex');
  const { instance, osUser } = ports;
  const entry = draftOf(
    'fees.quarter-sealed',
    now,
    { actor, instance, osUser, quarter, statementSha256 },
    personal,
  );
  const effect: SealedQuarter = { kind: 'fee-quarter-sealed', entryId: entry.id, quarter };
  return done([entry], [effect], (receipts) => {
    return { statementSha256, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
  });
}

/**
 * Seals an approved quarter: nothing of it changes any more. `log` needs `FEE_APPLIERS`. Refused: `TOKEN_INVALID`, `STATE_CONFLICT`. Errors:
 * `LOG_INCONSISTENT` where the kept statement was changed, and those of `Appender`.
 */
export function sealQuarter(
  log: Appender,
  tools: CloseTools,
  order: SealOrder,
): Promise<Verdict<DecidedQuarter>> {
  return log.submit(sealLane(tools), order);
}
