import type { JsonObject } from '../audit/canonical-json.js';
import type { EntryDraft } from '../audit/entry.js';
import type { Effect } from '../audit/lane.js';
import type { ErrorCode } from '../errors/bridge-error.js';
import type { Transaction } from '../storage/database.js';

/** Whose decision it is. */
export type ProposalWhat = 'fees.tariff' | 'fees.stop' | 'fees.quarter' | 'mersis.release' | 'roles.decide';

export type ProposalDecision = 'approved' | 'refused' | 'withdrawn' | 'expired';

/** What one officer proposes and another decides. `terms`: what the room that brings it needs to carry it out; nothing personal. */
export interface Proposal {
  readonly id: string;
  readonly what: ProposalWhat;
  readonly subject: string;
  readonly terms: JsonObject;
  readonly proposerTag: Buffer;
  readonly proposedAt: Date;
  readonly proposedLeaf: bigint;
  /** From then on nobody can decide it. */
  readonly expiresAt: Date;
  /** How it ended; null: it has not, though its time may be over. */
  readonly decision: ProposalDecision | null;
  readonly endedLeaf: bigint | null;
}

/** What a deed on a proposal hands to the log; the lane adds its own entries and effects. */
export interface Written {
  readonly entries: readonly EntryDraft[];
  readonly effects: readonly Effect[];
}

/** A rule said no: nothing is written. `message`: English, nothing personal. */
export interface No {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface ProposalRow {
  proposal_id: string;
  what: ProposalWhat;
  subject: string;
  terms: JsonObject;
  proposer_tag: Buffer;
  proposed_at: Date;
  proposed_leaf: bigint;
  expires_at: Date;
  decision: ProposalDecision | null;
  ended_leaf: bigint | null;
}

export const PROPOSAL_COLUMNS =
  'proposal_id, what, subject, terms, proposer_tag, proposed_at, proposed_leaf, expires_at, decision, ended_leaf';

export function proposalOf(row: ProposalRow): Proposal {
  return {
    id: row.proposal_id,
    what: row.what,
    subject: row.subject,
    terms: row.terms,
    proposerTag: row.proposer_tag,
    proposedAt: row.proposed_at,
    proposedLeaf: row.proposed_leaf,
    expiresAt: row.expires_at,
    decision: row.decision,
    endedLeaf: row.ended_leaf,
  };
}

/** True once nobody can decide it any more for its age. */
export function isExpired({ expiresAt }: Pick<Proposal, 'expiresAt'>, now: Date): boolean {
  return expiresAt.getTime() <= now.getTime();
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What PostgreSQL would refuse as an id names nothing. */
export function isProposalId(text: string): boolean {
  return UUID.test(text);
}

const LOCK = `SELECT ${PROPOSAL_COLUMNS} FROM bridge.proposal WHERE proposal_id = $1 AND what = $2 FOR UPDATE`;

/** The proposal, locked; null where there is none of this id about such a matter. */
export async function lockProposal(
  tx: Transaction,
  id: string,
  what: ProposalWhat,
): Promise<Proposal | null> {
  if (!isProposalId(id)) return null;
  const { rows } = await tx.query<ProposalRow>({ text: LOCK, values: [id, what] });
  return rows[0] === undefined ? null : proposalOf(rows[0]);
}
