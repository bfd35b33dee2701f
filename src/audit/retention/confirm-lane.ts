import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import type { Lane, Settled } from '../lane.js';
import { sideTag } from '../person-keys.js';
import { destroyKeys, holdsOn, type KeysDestroyed } from './destroy-keys.js';
import { recordedBy } from './destruction-record.js';
import { done, exclusiveLane, refused, retentionEntry, type Verdict } from './exclusive-lane.js';
import type { HoldLifted } from './holds.js';
import { type ActingOfficer, actorNumber, proposerNumber } from './officer.js';
import {
  lockProposal,
  type OpenProposal,
  type ProposalEnded,
  type ProposalTerms,
  type ProposalWhat,
} from './proposals.js';
import { refusedEntry } from './refuse-lane.js';
import { type RetentionStateChanged, readState } from './state.js';
import type { RetentionTools } from './tools.js';

/** What a second officer confirms. `whats`: what the command that asks is for; another proposal is not found by it. */
export interface Confirmation {
  readonly officer: ActingOfficer;
  readonly proposal: string;
  readonly whats: readonly ProposalWhat[];
  /** Whom the second officer believes it to be about, where the officer says so: a typing error would destroy another's data. */
  readonly subject: KimlikNo | null;
}

/** What was done. */
export interface Confirmed {
  readonly what: ProposalWhat;
  readonly leafIndex: bigint;
  readonly keys: number;
  readonly searchRows: number;
  readonly keptForRecords: number;
}

interface Case {
  readonly officer: ActingOfficer;
  readonly proposal: OpenProposal;
  readonly proposer: KimlikNo;
  readonly subject: KimlikNo | null;
  readonly ended: ProposalEnded;
}

const NO_KEYS = { keys: 0, searchRows: 0, keptForRecords: 0 };

/**
 * The second officer's yes. Refused, and written down: `SECOND_PERSON_REQUIRED`, `LEGAL_HOLD`, `STATE_CONFLICT` for a proposal
 * that is void by time. Refused: `TOKEN_INVALID`, `NOT_FOUND`, `STATE_CONFLICT` (ended, or the world has changed since).
 */
export function createConfirmLane(tools: RetentionTools): Lane<Confirmation, Verdict<Confirmed>> {
  return exclusiveLane('5-retention-confirm', async (tx, confirmation, now) => {
    const { officer } = confirmation;
    if (!(await tools.stillActs(tx, officer, now)))
      return refused('TOKEN_INVALID', 'the session or the role of the officer has ended');
    const proposal = await lockProposal(tx, confirmation.proposal);
    if (proposal === 'ended') return refused('STATE_CONFLICT', 'the proposal has ended');
    if (proposal === null || !confirmation.whats.includes(proposal.terms.what))
      return refused('NOT_FOUND', 'no such proposal');
    const ended: ProposalEnded = { kind: 'proposal-ended', id: proposal.id };
    if (proposal.expiresAt <= now)
      return refused(
        'STATE_CONFLICT',
        'the proposal is void: nobody confirmed it in time',
        [refusedEntry(proposal, 'expired', tools.instance, officer, null, now)],
        [ended],
      );
    const { proposer, subject } = proposal.persons(tools.masterKeys);
    if (proposal.proposerTag.equals(officer.tag) || proposer.equals(officer.person))
      return refused('SECOND_PERSON_REQUIRED', 'whoever proposed it cannot confirm it', [
        refusedEntry(proposal, 'same-person', tools.instance, officer, null, now),
      ]);
    if (confirmation.subject !== null && subject?.equals(confirmation.subject) !== true)
      return refused('STATE_CONFLICT', 'the proposal is about another person');
    return confirm(tx, { officer, proposal, proposer, subject, ended }, tools, now);
  });
}

function confirm(
  tx: Transaction,
  found: Case,
  tools: RetentionTools,
  now: Date,
): Promise<Settled<Verdict<Confirmed>>> {
  const { terms } = found.proposal;
  switch (terms.what) {
    case 'destroy':
      return confirmDestruction(tx, found, terms, tools, now);
    case 'lift-hold':
      return confirmLift(tx, found, terms, tools, now);
    case 'shorter-term':
      return confirmTerm(tx, found, terms, tools, now);
  }
}

type Terms<W extends ProposalWhat> = Extract<ProposalTerms, { what: W }>;

async function confirmDestruction(
  tx: Transaction,
  { officer, proposal, proposer, subject, ended }: Case,
  terms: Terms<'destroy'>,
  tools: RetentionTools,
  now: Date,
): Promise<Settled<Verdict<Confirmed>>> {
  if (subject === null) return refused('STATE_CONFLICT', 'the proposal names no person');
  const { yearFrom, yearTo, side, decision } = terms;
  const sides = side === 'both' ? (['actor', 'subject'] as const) : ([side] as const);
  const both = (['actor', 'subject'] as const).map((one) => sideTag(tools.tagger, one, subject));
  if ((await holdsOn(tx, both, yearFrom, yearTo)).length > 0)
    return refused('LEGAL_HOLD', 'a legal hold keeps data of this person and these years', [
      refusedEntry(proposal, 'legal-hold', tools.instance, officer, null, now),
    ]);
  const { rows } = await tx.query<{ key_id: string }>({
    text: 'SELECT key_id FROM bridge.person_key WHERE tag = ANY($1::bytea[]) AND year BETWEEN $2 AND $3',
    values: [sides.map((one) => sideTag(tools.tagger, one, subject)), yearFrom, yearTo],
  });
  const { keys, searchRows } = await destroyKeys(
    tx,
    rows.map((row) => row.key_id),
    istanbulDay(now),
  );
  const keptForRecords = rows.length - keys.length;
  const entry = retentionEntry(
    'retention.destroyed',
    {
      actor: officer.session,
      decision,
      instance: tools.instance,
      keptForRecords,
      keys: keys.map((key) => key.keyId),
      legalGround: tools.legalGround,
      proposal: proposal.id,
      rule: 'decision',
      searchRows,
      side,
      yearFrom,
      yearTo,
      years: null,
    },
    [actorNumber(officer.person), proposerNumber(proposer)],
    now,
  );
  const destroyed: KeysDestroyed = { kind: 'keys-destroyed', keys };
  const effects = [destroyed, recordedBy(tools, [officer.person, proposer], now), ended];
  return done([entry], effects, ({ leafIndex }) => ({
    what: 'destroy',
    leafIndex,
    keys: keys.length,
    searchRows,
    keptForRecords,
  }));
}

async function confirmLift(
  tx: Transaction,
  { officer, proposal, proposer, ended }: Case,
  { hold, reason }: Terms<'lift-hold'>,
  tools: RetentionTools,
  now: Date,
): Promise<Settled<Verdict<Confirmed>>> {
  const { rows } = await tx.query({
    text: 'SELECT 1 FROM bridge.legal_hold WHERE hold_id = $1 AND lifted_leaf IS NULL FOR UPDATE',
    values: [hold],
  });
  if (rows.length === 0) return refused('STATE_CONFLICT', 'the hold has been lifted already');
  const entry = retentionEntry(
    'hold.lifted',
    { actor: officer.session, hold, instance: tools.instance, proposal: proposal.id, reason },
    [actorNumber(officer.person), proposerNumber(proposer)],
    now,
  );
  const lifted: HoldLifted = { kind: 'hold-lifted', id: hold };
  return done([entry], [lifted, ended], ({ leafIndex }) => ({ what: 'lift-hold', leafIndex, ...NO_KEYS }));
}

async function confirmTerm(
  tx: Transaction,
  { officer, proposal, proposer, ended }: Case,
  { from, to }: Terms<'shorter-term'>,
  tools: RetentionTools,
  now: Date,
): Promise<Settled<Verdict<Confirmed>>> {
  const state = await readState(tx, true);
  // The term that is confirmed must still be the one in the settings that the confirming officer's command reads.
  if (state === null || state.years !== from || tools.years !== to)
    return refused('STATE_CONFLICT', 'the term has changed since the proposal');
  const entry = retentionEntry(
    'retention.confirmed',
    {
      actor: officer.session,
      instance: tools.instance,
      proposal: proposal.id,
      term: { from, to },
      what: 'shorter-term',
    },
    [actorNumber(officer.person), proposerNumber(proposer)],
    now,
  );
  // The next look runs by the new term at once.
  const changed: RetentionStateChanged = {
    kind: 'retention-state',
    state: { years: to, lastRunAt: null, refusedYears: null },
  };
  return done([entry], [changed, ended], ({ leafIndex }) => ({
    what: 'shorter-term',
    leafIndex,
    ...NO_KEYS,
  }));
}
