import { z } from 'zod';
import type { Appender } from '../../audit/appender.js';
import type { Settled } from '../../audit/lane.js';
import { istanbulQuarter } from '../../calendar/istanbul-day.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import type { Proposal } from '../../proposals/proposal.js';
import { settleProposal } from '../../proposals/propose.js';
import { deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { formatCount, formatTl } from '../kurus.js';
import { readUses } from './read-uses.js';
import { type Budget, NO_USE, stopPercent } from './stop.js';

/** An account as the settings have it; `budget` null: nothing ever stops it. */
interface BudgetedAccount {
  readonly id: string;
  readonly budget: Budget | null;
}

/** What decisions about a stop are made with. */
export interface LiftTools {
  readonly accounts: readonly BudgetedAccount[];
  /** How long a proposal waits for the second person. */
  readonly hours: number;
  readonly ports: DeedPorts;
}

/** A hundred budgets: beyond it somebody means altogether. */
export const MAX_LIFT_PERCENT = 10_000;

/** How far a stop is to be lifted for the rest of the quarter: percent of the budget; null: altogether. `reason` stands in clear. */
export interface LiftWish {
  readonly account: string;
  readonly toPercent: number | null;
  readonly reason: string | null;
  readonly officer: ActingOfficer;
}

/** A proposal as it stands now. */
export interface LiftProposed {
  readonly proposal: string;
  readonly quarter: string;
  readonly expiresAt: Date;
  readonly leafIndex: bigint;
}

const termsSchema = z.strictObject({
  account: z.string(),
  quarter: z.string(),
  toPercent: z.int().min(1).nullable(),
  budget: z.strictObject({
    quarterKurus: z.int().nullable(),
    quarterQueries: z.int().nullable(),
    stopAtPercent: z.int(),
  }),
});

/** What is proposed, with the budget that it was looked at against. */
export type LiftTerms = z.output<typeof termsSchema>;

/** The terms of a proposal about a stop; null where they are none: no bridge wrote the row so. */
export function liftTermsOf({ terms }: Pick<Proposal, 'terms'>): LiftTerms | null {
  return termsSchema.safeParse(terms).data ?? null;
}

/** In words; null: lifted altogether. */
function percentText(percent: number | null): string {
  return percent === null ? 'no stop' : `${percent} %`;
}

function budgetText({ quarterKurus, quarterQueries }: Budget): string {
  const parts = [
    quarterKurus === null ? null : formatTl(BigInt(quarterKurus)),
    quarterQueries === null ? null : `${formatCount(quarterQueries)} queries`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

async function settleWish(
  tx: Transaction,
  { account: id, officer, reason, toPercent }: LiftWish,
  { accounts, hours, ports }: LiftTools,
  now: Date,
): Promise<Settled<Verdict<LiftProposed>>> {
  const account = accounts.find((one) => one.id === id);
  if (account === undefined) return refused('NOT_FOUND', 'no such account');
  if (account.budget === null)
    return refused('STATE_CONFLICT', 'the account has no budget: nothing stops it');
  const { quarterKurus, quarterQueries, stopAtPercent } = account.budget;
  const quarter = istanbulQuarter(now);
  const use = (await readUses(tx, [id], quarter)).get(id) ?? NO_USE;
  const stop = stopPercent(account.budget, use.lift);
  if (stop === null) return refused('STATE_CONFLICT', `the stop is lifted altogether for ${quarter} already`);
  if (toPercent !== null && toPercent <= stop)
    return refused('REQUEST_INVALID', `the stop stands at ${stop} % already: a lift goes beyond it`);
  const terms: LiftTerms = {
    account: id,
    quarter,
    toPercent,
    budget: { quarterKurus, quarterQueries, stopAtPercent },
  };
  const wish = {
    what: 'fees.stop',
    subject: `${id}/${quarter}`,
    terms,
    changes: [
      { field: 'stop', before: percentText(stop), after: percentText(toPercent) },
      { field: 'budget', before: budgetText(account.budget), after: budgetText(account.budget) },
    ],
    reason,
    hours,
    officer,
  } as const;
  const settled = await settleProposal(tx, wish, ports, now);
  if (!settled.ok) return refused(settled.code, settled.message);
  return done(settled.entries, settled.effects, (receipts) => {
    const leafIndex = receipts.at(-1)?.leafIndex ?? -1n;
    return { proposal: settled.id, quarter, expiresAt: settled.expiresAt, leafIndex };
  });
}

/**
 * Proposes that the stop of an account's budget is lifted for the rest of the current quarter; nothing is changed by it. `log` needs
 * `FEE_APPLIERS`. Refused: `NOT_FOUND` (account), `STATE_CONFLICT` (no budget, lifted altogether, a proposal is open), `REQUEST_INVALID` (not
 * beyond the stop as it stands), `TOKEN_INVALID`. Errors: those of `Appender`.
 */
export function proposeLift(log: Appender, tools: LiftTools, wish: LiftWish): Promise<Verdict<LiftProposed>> {
  const lane = deedLane<LiftWish, LiftProposed>('5-fees-stop-propose', (tx, item, now) =>
    settleWish(tx, item, tools, now),
  );
  return log.submit(lane, wish);
}
