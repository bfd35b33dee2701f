import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { entriesAt } from '../../audit/check/entries-at.js';
import type { RoleName } from '../../authority/roles/role-list.js';
import type { BothLanguages } from '../../pages/views.js';
import type { OfficerDecision } from '../../proposals/decide.js';
import { findProposal, listProposals } from '../../proposals/list.js';
import { isExpired, type Proposal, type ProposalWhat } from '../../proposals/proposal.js';
import type { ProposedChange } from '../../proposals/propose.js';
import { saysTheSame } from '../../proposals/recorded.js';
import type { StepUpOperation } from '../../sign-in/step-up/policy.js';
import type { Queryable } from '../../storage/database.js';
import type { ConsoleCall, ConsolePerson } from '../frame/call.js';
import { ConsoleRefusal } from '../frame/console-problem.js';
import type { Part, Text } from '../frame/parts.js';
import type { Decision, DecisionDesk, DecisionState, ShownChange, WaitingDecision } from './port.js';

/** A session, and whose it is said to be (tag in the domain `authority`). */
interface SessionOfPerson {
  readonly session: string;
  readonly tag: Buffer;
}

/** Where the desks of proposals read. */
export interface ProposalDeskPorts {
  readonly db: Queryable;
  /** Those of these sessions, ended or not, that are the person's. */
  sessionsOf(pairs: readonly SessionOfPerson[]): Promise<ReadonlySet<string>>;
  now(): Date;
}

/** What a room says about its matter, so that it has a desk. */
export interface ProposalMatter {
  readonly what: ProposalWhat;
  readonly name: BothLanguages;
  readonly roles: readonly [RoleName, ...RoleName[]];
  readonly operation: StepUpOperation;
  /** What a proposal is about, in words; its terms may be unreadable. */
  subjectText(proposal: Proposal): Text;
  /** Changes of `proposal.made` in words; absent: as they stand there. */
  changesOf?(changes: readonly ProposedChange[], proposal: Proposal): readonly ShownChange[];
  /** Anything else to look at before deciding. */
  partsOf?(proposal: Proposal): Promise<readonly Part[]>;
  /** Whether it is for this person's eyes; absent: it is for all who hold a role of the desk. */
  concerns?(person: ConsolePerson, proposal: Proposal): boolean;
  /** As a desk's. */
  refusalText?(code: string, reason: string | null): BothLanguages | null;
  /** The room's lane: one transaction with `proposal.ended`. Errors: its refusals, as `BridgeError`. */
  decide(
    call: ConsoleCall,
    proposal: Proposal,
    decision: OfficerDecision,
    reason: string | null,
  ): Promise<unknown>;
}

/** Open at once; there are a handful in a year. */
const SHOWN = 200;
const DECISIONS: Readonly<Record<Decision, OfficerDecision>> = {
  approve: 'approved',
  refuse: 'refused',
  withdraw: 'withdrawn',
};

type Entries = Awaited<ReturnType<typeof entriesAt>>;

/** A desk over `bridge.proposal`: what will change and why is read from the log, never from the row. */
export function proposalDesk(ports: ProposalDeskPorts, matter: ProposalMatter): DecisionDesk {
  const { concerns = () => true, name, operation, roles, what } = matter;
  const { db } = ports;
  const findOwn = async (person: ConsolePerson, id: string) => {
    const proposal = await findProposal(db, id, what);
    return proposal !== null && concerns(person, proposal) ? proposal : null;
  };
  return {
    ...{ what, name, roles, operation },
    waiting: async (person) => {
      const found = (await listProposals(db, { what, open: true, limit: SHOWN })).filter((one) =>
        concerns(person, one),
      );
      const made = await readMade(ports, found, new Map());
      return found.map((one) => waitingOf(one, made.get(one.id), person, matter, ports.now()));
    },
    find: async (person, id) => {
      const proposal = await findOwn(person, id);
      return proposal === null ? null : shownOf(proposal, person, matter, ports);
    },
    ...(matter.refusalText === undefined ? {} : { refusalText: matter.refusalText }),
    decide: async (call, id, decision, reason) => {
      const proposal = await findOwn(call.person, id);
      if (proposal === null) throw new ConsoleRefusal('NOT_FOUND');
      await matter.decide(call, proposal, DECISIONS[decision], reason);
    },
  };
}

type Made = DataOf<'proposal.made'>;

/** The entries that proposed these, by the id of the proposal: only of those whose row is what was recorded. */
async function readMade(
  { db, sessionsOf }: ProposalDeskPorts,
  proposals: readonly Proposal[],
  known: Entries,
): Promise<ReadonlyMap<string, Made>> {
  if (proposals.length === 0) return new Map();
  const leaves = proposals.map(({ proposedLeaf }) => proposedLeaf);
  const entries = known.size > 0 ? known : await entriesAt(db, leaves);
  const same = proposals.flatMap((proposal) => {
    const entry = entries.get(proposal.proposedLeaf);
    if (entry?.kind !== 'proposal.made') return [];
    const data = entry.data as unknown as Made;
    return saysTheSame(data, proposal) ? [{ proposal, data }] : [];
  });
  const theirs = await sessionsOf(
    same.map(({ data, proposal }) => ({ session: data.actor.session, tag: proposal.proposerTag })),
  );
  return new Map(
    same.flatMap(({ data, proposal }) => (theirs.has(data.actor.session) ? [[proposal.id, data]] : [])),
  );
}

function waitingOf(
  proposal: Proposal,
  made: Made | undefined,
  { officer }: ConsolePerson,
  { subjectText }: ProposalMatter,
  now: Date,
): WaitingDecision {
  const { expiresAt, id, proposedAt, proposerTag } = proposal;
  return {
    ...{ id, proposedAt, expiresAt },
    subject: subjectText(proposal),
    isOwn: proposerTag.equals(officer.tag),
    state: stateOf(proposal, made, now),
  };
}

function stateOf(proposal: Proposal, made: Made | undefined, now: Date): DecisionState {
  if (proposal.decision !== null) return proposal.decision;
  if (isExpired(proposal, now)) return 'expired';
  return made === undefined ? 'unreadable' : 'open';
}

async function shownOf(
  proposal: Proposal,
  person: ConsolePerson,
  matter: ProposalMatter,
  ports: ProposalDeskPorts,
) {
  const { endedLeaf, proposedLeaf } = proposal;
  const entries = await entriesAt(ports.db, endedLeaf === null ? [proposedLeaf] : [proposedLeaf, endedLeaf]);
  const made = (await readMade(ports, [proposal], entries)).get(proposal.id);
  const changes = (made?.changes ?? []) as readonly ProposedChange[];
  return {
    ...waitingOf(proposal, made, person, matter, ports.now()),
    reason: made?.reason ?? null,
    changes: matter.changesOf?.(changes, proposal) ?? changes,
    parts: (await matter.partsOf?.(proposal)) ?? [],
    proposedLeaf,
    ended: endedLeaf === null ? null : endOf(endedLeaf, entries),
  };
}

function endOf(leaf: bigint, entries: Entries) {
  const entry = entries.get(leaf);
  if (entry?.kind !== 'proposal.ended') return { leaf, at: null, reason: null };
  const { reason } = entry.data as unknown as DataOf<'proposal.ended'>;
  return { leaf, at: entry.at, reason };
}
