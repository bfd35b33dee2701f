import type { DataOf } from '../audit/catalogue/catalogue.js';
import type { Transaction } from '../storage/database.js';
import type { DeedPorts } from './officer.js';
import type { Proposal } from './proposal.js';
import { heldTermsSha256 } from './terms-hash.js';

/** What stands in the log where the row says that it was proposed. */
interface Line {
  readonly kind: string;
  readonly data: DataOf<'proposal.made'>;
}

const ENTRY = 'SELECT line FROM bridge.entry WHERE leaf_index = $1';

/**
 * Whether a proposal's row is what its `proposal.made` recorded: matter, subject, terms, time and who proposed it. The row can be written by
 * whoever holds the application's role, the log only added to: who approves must approve what the first person proposed. False also where the
 * entry is not at hand; a proposal is gone long before a range is detached.
 */
export async function isAsRecorded(
  tx: Transaction,
  proposal: Proposal,
  { isSessionOf }: Pick<DeedPorts, 'isSessionOf'>,
): Promise<boolean> {
  const { rows } = await tx.query<{ line: string }>({ text: ENTRY, values: [proposal.proposedLeaf] });
  if (rows[0] === undefined) return false;
  const { data, kind } = JSON.parse(rows[0].line) as Line;
  return (
    kind === 'proposal.made' &&
    saysTheSame(data, proposal) &&
    (await isSessionOf(tx, data.actor.session, proposal.proposerTag))
  );
}

/** Whether a `proposal.made` says what the row says: matter, subject, terms and time. By whom is for the session that it names to show. */
export function saysTheSame(data: DataOf<'proposal.made'>, proposal: Proposal): boolean {
  return (
    data.proposal === proposal.id &&
    data.what === proposal.what &&
    data.subject === proposal.subject &&
    data.expiresAt === proposal.expiresAt.toISOString() &&
    data.termsSha256 === heldTermsSha256(proposal.terms)
  );
}
