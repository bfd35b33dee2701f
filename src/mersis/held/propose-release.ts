import { z } from 'zod';
import type { Appender } from '../../audit/appender.js';
import type { Settled } from '../../audit/lane.js';
import type { ActingOfficer as HeldActor } from '../../audit/retention/officer.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import type { Proposal } from '../../proposals/proposal.js';
import { settleProposal } from '../../proposals/propose.js';
import { actedBy, deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { lockStopped } from './lock-stopped.js';
import type { RunDecision } from './release-run.js';
import { reviewOf } from './review-run.js';

/** What proposals about stopped runs are made with. */
export interface ReleaseTools {
  /** How long a proposal waits for the second person. */
  readonly hours: number;
  readonly ports: DeedPorts;
  /** For `mersis.reviewed` and `mersis.released`: whoever runs the process, where nobody is at a command line. */
  readonly osUser: string;
}

/** What an officer wants done with a stopped run. `seenAt`: until when that officer has seen what it holds. `reason` stands in clear. */
export interface ReleaseWish {
  readonly runId: string;
  readonly decision: RunDecision;
  readonly seenAt: Date;
  readonly reason: string;
  readonly officer: ActingOfficer;
}

/** A proposal as it stands now. `cooperatives`: that it is about; `lost`: their seats. */
export interface ReleaseProposed {
  readonly proposal: string;
  readonly cooperatives: number;
  readonly lost: number;
  readonly expiresAt: Date;
  readonly leafIndex: bigint;
}

const termsSchema = z.strictObject({
  cooperatives: z.int().min(0),
  decision: z.enum(['released', 'rejected']),
  lost: z.int().min(0),
  reason: z.string(),
  seenAt: z.iso.datetime(),
});

/** What is proposed about a run; which one, the subject says. */
export type ReleaseTerms = z.output<typeof termsSchema>;

/** The terms of a proposal about a stopped run; null where they are none: no bridge wrote the row so. */
export function releaseTermsOf({ terms }: Pick<Proposal, 'terms'>): ReleaseTerms | null {
  return termsSchema.safeParse(terms).data ?? null;
}

/** An officer as entries about runs name who acts. */
export function heldActorOf(officer: ActingOfficer): HeldActor {
  const { person, tag } = officer;
  return { person, tag, session: actedBy(officer).actor };
}

async function settleWish(
  tx: Transaction,
  { decision, officer, reason, runId, seenAt }: ReleaseWish,
  { hours, osUser, ports }: ReleaseTools,
  now: Date,
): Promise<Settled<Verdict<ReleaseProposed>>> {
  const run = await lockStopped(tx, runId);
  if (run === null)
    return refused('STATE_CONFLICT', 'no such run stands stopped: it has been decided on, or never was');
  const until = seenAt > now ? now : seenAt;
  const held = run.held.filter((one) => one.seenAt.getTime() <= until.getTime());
  const look = { officer: heldActorOf(officer), osUser, seenAt: until };
  const { effects, entry, lost } = await reviewOf(tx, { ...run, held }, look, ports, now);
  const cooperatives = held.length;
  const terms: ReleaseTerms = { cooperatives, decision, lost, reason, seenAt: until.toISOString() };
  const before = `${cooperatives} cooperatives, ${lost} seats held`;
  const settled = await settleProposal(
    tx,
    {
      ...{ what: 'mersis.release', subject: runId, terms, reason, hours, officer },
      changes: [{ field: 'run', before, after: decision }],
    },
    ports,
    now,
  );
  if (!settled.ok) return refused(settled.code, settled.message);
  return done([entry, ...settled.entries], [...effects, ...settled.effects], (receipts) => {
    const leafIndex = receipts.at(-1)?.leafIndex ?? -1n;
    return { proposal: settled.id, cooperatives, lost, expiresAt: settled.expiresAt, leafIndex };
  });
}

/**
 * Proposes what is to be done with a stopped run; nothing is changed by it but that the officer has reviewed it (`mersis.reviewed`, in the
 * same transaction). `log` needs `HELD_APPLIERS` and `PROPOSAL_APPLIERS`. Refused: `STATE_CONFLICT` (it does not stand stopped, or a
 * proposal about it is open), `TOKEN_INVALID`. Errors: those of `Appender`.
 */
export function proposeRelease(
  log: Appender,
  tools: ReleaseTools,
  wish: ReleaseWish,
): Promise<Verdict<ReleaseProposed>> {
  const lane = deedLane<ReleaseWish, ReleaseProposed>('5-mersis-release-propose', (tx, item, now) =>
    settleWish(tx, item, tools, now),
  );
  return log.submit(lane, wish);
}
