import { randomUUID } from 'node:crypto';
import { istanbulYear } from '../../calendar/istanbul-day.js';
import type { KimlikNo } from '../../person/kimlik-no.js';
import type { Transaction } from '../../storage/database.js';
import type { DataOf } from '../catalogue/catalogue.js';
import type { Lane, Settled } from '../lane.js';
import { sideTag } from '../person-keys.js';
import { holdsOn } from './destroy-keys.js';
import { done, exclusiveLane, refused, retentionEntry, type Verdict } from './exclusive-lane.js';
import { type ActingOfficer, actorNumber, subjectNumber } from './officer.js';
import { type ProposalOpened, type ProposalTerms, personsText, proposalPlace } from './proposals.js';
import { readState } from './state.js';
import type { RetentionTools } from './tools.js';

/** What one officer proposes. `subject`: the person whose data are to be destroyed, null for what concerns no one. */
export interface NewProposal {
  readonly officer: ActingOfficer;
  readonly terms: ProposalTerms;
  readonly subject: KimlikNo | null;
  readonly reason: string;
}

/** The proposal as it stands now. */
export interface Proposed {
  readonly id: string;
  readonly leafIndex: bigint;
  readonly expiresAt: Date;
}

const DAY_MS = 86_400_000;

/**
 * Proposals of officers. Refused: `TOKEN_INVALID` (session or role ended meanwhile), `REQUEST_INVALID` (years), `LEGAL_HOLD`
 * (written down), `NOT_FOUND` (no such hold), `STATE_CONFLICT` (a term that is not shorter than the one in force; a lifting that is
 * proposed already).
 */
export function createProposeLane(tools: RetentionTools): Lane<NewProposal, Verdict<Proposed>> {
  return exclusiveLane('5-retention-propose', async (tx, proposal, now) => {
    const { officer, terms, subject } = proposal;
    if (!(await tools.stillActs(tx, officer, now)))
      return refused('TOKEN_INVALID', 'the session or the role of the officer has ended');
    const obstacle = await obstacleOf(tx, proposal, tools, now);
    if (obstacle !== null) return obstacle;
    const id = randomUUID();
    const expiresAt = new Date(now.getTime() + tools.proposalDays * DAY_MS);
    const place = proposalPlace(id, terms, officer.tag);
    const effect: ProposalOpened = {
      kind: 'proposal-opened',
      id,
      terms,
      proposerTag: officer.tag,
      box: tools.masterKeys.wrap(personsText({ proposer: officer.person, subject }), place),
      masterKeyId: tools.masterKeys.activeId,
      expiresAt,
    };
    const personal = [actorNumber(officer.person), ...(subject === null ? [] : [subjectNumber(subject)])];
    const entry = retentionEntry('retention.proposed', dataOf(proposal, id, expiresAt, tools), personal, now);
    return done([entry], [effect], ({ leafIndex }) => ({ id, leafIndex, expiresAt }));
  });
}

async function obstacleOf(
  tx: Transaction,
  { officer, terms, subject }: NewProposal,
  tools: RetentionTools,
  now: Date,
): Promise<Settled<Verdict<Proposed>> | null> {
  if (terms.what === 'lift-hold') return liftObstacle(tx, terms.hold, now);
  if (terms.what === 'shorter-term') {
    const state = await readState(tx, true);
    const fits = state !== null && terms.from === state.years && terms.to < terms.from;
    return fits ? null : refused('STATE_CONFLICT', 'the settings have no shorter term than the one in force');
  }
  if (subject === null || terms.yearFrom > terms.yearTo || terms.yearTo > istanbulYear(now))
    return refused('REQUEST_INVALID', 'a person, and years up to the present one, are needed');
  const tags = [sideTag(tools.tagger, 'actor', subject), sideTag(tools.tagger, 'subject', subject)];
  if ((await holdsOn(tx, tags, terms.yearFrom, terms.yearTo)).length === 0) return null;
  const entry = retentionEntry(
    'retention.refused',
    {
      actor: officer.session,
      code: 'legal-hold',
      ended: false,
      instance: tools.instance,
      proposal: null,
      reason: null,
      term: null,
      what: 'destroy',
    },
    [actorNumber(officer.person), subjectNumber(subject)],
    now,
  );
  return refused('LEGAL_HOLD', 'a legal hold keeps data of this person and these years', [entry]);
}

const LIFT_OPEN = `SELECT 1 FROM bridge.retention_proposal WHERE what = 'lift-hold' AND ended_leaf IS NULL
  AND expires_at > $2 AND proposal->>'hold' = $1 LIMIT 1`;

async function liftObstacle(
  tx: Transaction,
  hold: string,
  now: Date,
): Promise<Settled<Verdict<Proposed>> | null> {
  const standing = await tx.query({
    text: 'SELECT 1 FROM bridge.legal_hold WHERE hold_id = $1 AND lifted_leaf IS NULL',
    values: [hold],
  });
  if (standing.rows.length === 0) return refused('NOT_FOUND', 'no such hold');
  const open = await tx.query({ text: LIFT_OPEN, values: [hold, now] });
  return open.rows.length === 0
    ? null
    : refused('STATE_CONFLICT', 'a proposal to lift this hold is open: it is decided or withdrawn first');
}

function dataOf(
  { officer, terms, reason }: NewProposal,
  id: string,
  expiresAt: Date,
  tools: RetentionTools,
): DataOf<'retention.proposed'> {
  const destroy = terms.what === 'destroy' ? terms : null;
  return {
    actor: officer.session,
    decision: destroy?.decision ?? null,
    expiresAt: expiresAt.toISOString(),
    hold: terms.what === 'lift-hold' ? terms.hold : null,
    instance: tools.instance,
    proposal: id,
    reason,
    side: destroy?.side ?? null,
    term: terms.what === 'shorter-term' ? { from: terms.from, to: terms.to } : null,
    what: terms.what,
    yearFrom: destroy?.yearFrom ?? null,
    yearTo: destroy?.yearTo ?? null,
  };
}
