import type { Appender } from '../../audit/appender.js';
import type { Settled } from '../../audit/lane.js';
import { type DecisionWish, settleDecision } from '../../proposals/decide.js';
import type { Proposal } from '../../proposals/proposal.js';
import { actedBy, deedLane, done, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { type RoleDecision, settleRoles } from './decide-roles.js';
import { type GrantTools, grantTermsOf } from './propose-grant.js';
import { type GrantUnsealed, openPersons } from './sealed-grant.js';

/** What a second person decides on a proposed grant. */
export type GrantDecision = Omit<DecisionWish, 'what'>;

/** How it ended. `roleIds`: the role, where it was granted. */
export interface GrantDecided {
  readonly roleIds: readonly string[];
  readonly leafIndex: bigint;
}

async function settleProposed(
  tx: Transaction,
  wish: GrantDecision,
  tools: GrantTools,
  now: Date,
): Promise<Settled<Verdict<GrantDecided>>> {
  const ended = await settleDecision(tx, { ...wish, what: 'roles.decide' }, tools.ports, now);
  if (!ended.ok) return refused(ended.code, ended.message);
  const unsealed: GrantUnsealed = { kind: 'role-proposal-ended', id: ended.proposal.id };
  const effects = [...ended.effects, unsealed];
  // Whoever refuses or withdraws is not held to what stands there.
  if (wish.decision !== 'approved')
    return done(ended.entries, effects, (receipts) => {
      return { roleIds: [], leafIndex: receipts.at(-1)?.leafIndex ?? -1n };
    });
  const decision = await decisionOf(tx, ended.proposal, wish, tools);
  if (decision === null) return refused('STATE_CONFLICT', 'the terms of the proposal are not readable');
  // That both may act was asked for the proposal: the one who decides by session and role, who proposed by the role alone.
  const granted = await settleRoles(tx, decision, { ...tools, stillSignedIn: async () => true }, now);
  if (!granted.ok) {
    const [row] = granted.rows;
    return refused(row?.code ?? 'STATE_CONFLICT', row?.message ?? 'nothing was decided', row?.reason);
  }
  const { entries, own, roleIds } = granted;
  return done([...ended.entries, ...entries], [...effects, ...granted.effects], (receipts) => {
    return { roleIds, leafIndex: receipts[ended.entries.length + own - 1]?.leafIndex ?? -1n };
  });
}

/** The decision that both persons have made; null where terms or persons are not what a bridge wrote. */
async function decisionOf(
  tx: Transaction,
  proposal: Proposal,
  { officer }: GrantDecision,
  { masterKeys, osUser, tagger }: GrantTools,
): Promise<RoleDecision | null> {
  const terms = grantTermsOf(proposal);
  if (terms === null) return null;
  const persons = await openPersons(tx, masterKeys, proposal.id, terms.personsSha256);
  if (persons === null) return null;
  const { letter, named: role, reason } = terms;
  const { person, proposer, session } = persons;
  return {
    ...{ kind: 'grant', letter, reason, osUser },
    actor: { person: proposer, tag: proposal.proposerTag, session },
    second: { person: officer.person, tag: officer.tag, session: actedBy(officer).actor },
    roles: [{ person, tag: tagger.tag('authority', person), role, from: null, to: null }],
  };
}

/**
 * Ends a proposed grant; approved, the role is there in the same transaction, by the rules and with the entries of `decideRoles`. `log` needs
 * `rolesApplier`, `PROPOSAL_APPLIERS` and `ROLE_PROPOSAL_APPLIERS`. Refused: as `settleDecision`, as `judgeGrant`, and `STATE_CONFLICT` where
 * what was proposed is not readable. Errors: those of `Appender`.
 */
export function decideGrant(
  log: Appender,
  tools: GrantTools,
  decision: GrantDecision,
): Promise<Verdict<GrantDecided>> {
  const lane = deedLane<GrantDecision, GrantDecided>('5-roles-decide-proposed', (tx, item, now) =>
    settleProposed(tx, item, tools, now),
  );
  return log.submit(lane, decision);
}
