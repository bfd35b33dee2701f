import type { Queryable } from '../storage/database.js';
import {
  isProposalId,
  PROPOSAL_COLUMNS,
  type Proposal,
  type ProposalRow,
  type ProposalWhat,
  proposalOf,
} from './proposal.js';

/** `open`: true for those that nobody has ended, expired ones among them; false for the others; absent for all. */
export interface ProposalFilter {
  readonly what?: ProposalWhat;
  readonly open?: boolean;
  readonly limit: number;
}

const LIST = `SELECT ${PROPOSAL_COLUMNS} FROM bridge.proposal
  WHERE ($1::text IS NULL OR what = $1) AND ($2::boolean IS NULL OR (decision IS NULL) = $2) ORDER BY proposed_leaf DESC LIMIT $3`;

/** The newest proposals. Who made them is a keyed hash alone. */
export async function listProposals(db: Queryable, filter: ProposalFilter): Promise<readonly Proposal[]> {
  const { limit, open = null, what = null } = filter;
  const { rows } = await db.query<ProposalRow>({ text: LIST, values: [what, open, limit] });
  return rows.map(proposalOf);
}

const FIND = `SELECT ${PROPOSAL_COLUMNS} FROM bridge.proposal WHERE proposal_id = $1 AND what = $2`;

/** One proposal, ended or not; null where there is none of this id about such a matter. */
export async function findProposal(db: Queryable, id: string, what: ProposalWhat): Promise<Proposal | null> {
  if (!isProposalId(id)) return null;
  const { rows } = await db.query<ProposalRow>({ text: FIND, values: [id, what] });
  return rows[0] === undefined ? null : proposalOf(rows[0]);
}
