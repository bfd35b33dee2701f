import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Lane, Settled } from '../../audit/lane.js';
import type { ActingOfficer } from '../../proposals/officer.js';
import { settleProposal } from '../../proposals/propose.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { formatCount, formatTl, kurusNumber } from '../kurus.js';
import type { Statement } from '../statement/statement.js';
import type { FrozenQuarter } from './appliers.js';
import { type CloseTools, QUARTER_PROPOSAL } from './close-tools.js';
import { type MadeStatement, makeStatement } from './make-statement.js';
import { openQueries, tooEarly } from './obstacles.js';
import { lockQuarterRow, stateAt, statementHash } from './quarter-row.js';
import { transitionOf } from './states.js';

/** What the first person does. `reason` stands in the log in clear. */
export interface FreezeOrder {
  readonly quarter: string;
  readonly reason: string | null;
  readonly officer: ActingOfficer;
}

/** A quarter that waits for the second person until `expiresAt`. */
export interface Frozen {
  readonly statementSha256: string;
  readonly proposal: string;
  readonly expiresAt: Date;
  readonly leafIndex: bigint;
}

function freezeLane(tools: CloseTools): Lane<FreezeOrder, Verdict<Frozen>> {
  return deedLane('6-fees-quarter-freeze', (tx, order, now) => settleFreeze(tx, order, tools, now));
}

async function settleFreeze(
  tx: Transaction,
  order: FreezeOrder,
  tools: CloseTools,
  now: Date,
): Promise<Settled<Verdict<Frozen>>> {
  const { officer, quarter } = order;
  if (!(await tools.ports.stillActs(tx, officer, now))) return notActing();
  const early = tooEarly(quarter, tools.settings.collectHours, now);
  if (early !== null) return refused('STATE_CONFLICT', early);
  const state = stateAt(await lockQuarterRow(tx, quarter), quarter, now);
  if (transitionOf(state, 'freeze') === null)
    return refused('STATE_CONFLICT', `${quarter} is ${state} already`);
  const open = await openQueries(tx, quarter);
  if (open > 0n)
    return refused(
      'STATE_CONFLICT',
      `${open} queries of ${quarter} or before have not ended: they are closed as unknown when their time is over; try again then`,
    );
  const made = await makeStatement(tx, tools.settings, quarter);
  if (made === null)
    return refused('OVERLOADED', 'the sums of the book are far behind the log: repeat the command');
  return frozen(tx, order, made, tools, now);
}

async function frozen(
  tx: Transaction,
  { officer, quarter, reason }: FreezeOrder,
  { statement, text }: MadeStatement,
  { ports, proposalHours }: CloseTools,
  now: Date,
): Promise<Settled<Verdict<Frozen>>> {
  const hash = statementHash(text);
  const statementSha256 = hash.toString('hex');
  const wish = {
    what: QUARTER_PROPOSAL,
    subject: quarter,
    terms: { statementSha256 },
    changes: changesOf(statement, statementSha256),
    reason,
    hours: proposalHours,
    officer,
  } as const;
  const proposal = await settleProposal(tx, wish, ports, now);
  if (!proposal.ok) return refused(proposal.code, proposal.message);
  const { expiresAt, id } = proposal;
  const { actor, personal } = actedBy(officer);
  const { instance, osUser } = ports;
  const data = {
    actor,
    instance,
    osUser,
    accounts: statement.accounts.map(({ account, amountKurus, feeClass, queries, units }) => {
      return { account, amountKurus: kurusNumber(amountKurus), feeClass, queries, units };
    }),
    logSize: Number(statement.logSize),
    proposal: id,
    quarter,
    statementSha256,
  };
  const entry = draftOf('fees.quarter-frozen', now, data, personal);
  const effect: FrozenQuarter = {
    kind: 'fee-quarter-frozen',
    entryId: entry.id,
    quarter,
    statement: text,
    statementHash: hash,
    proposal: id,
  };
  return done([...proposal.entries, entry], [...proposal.effects, effect], (receipts) => {
    return { statementSha256, proposal: id, expiresAt, leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
  });
}

/** What the second person is asked to let stand. */
function changesOf({ total }: Statement, statementSha256: string) {
  const { amountKurus, queries, units } = total;
  return [
    { field: 'state', before: 'collecting', after: 'sealed' },
    { field: 'statementSha256', before: null, after: statementSha256 },
    { field: 'queries', before: null, after: formatCount(queries) },
    { field: 'units', before: null, after: formatCount(units) },
    { field: 'amount', before: null, after: formatTl(amountKurus) },
  ];
}

/**
 * Freezes a quarter: it takes no more lines, its statement is made and kept, and a proposal asks the second person. One transaction with
 * `proposal.made` and `fees.quarter-frozen`. `foldLines` goes before. `log` needs `FEE_APPLIERS`. Refused: `TOKEN_INVALID`,
 * `STATE_CONFLICT` (not over, still collecting, a query open, frozen already), `OVERLOADED`. Errors: those of `Appender`.
 */
export function freezeQuarter(
  log: Appender,
  tools: CloseTools,
  order: FreezeOrder,
): Promise<Verdict<Frozen>> {
  return log.submit(freezeLane(tools), order);
}
