import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../audit/canonical-json.js';
import { draftOf } from '../audit/draft.js';
import type { Transaction } from '../storage/database.js';
import type { ProposalMade } from './appliers.js';
import { endExpired } from './expire.js';
import type { ActingOfficer, DeedPorts } from './officer.js';
import {
  isExpired,
  type No,
  PROPOSAL_COLUMNS,
  type Proposal,
  type ProposalRow,
  type ProposalWhat,
  proposalOf,
  type Written,
} from './proposal.js';
import { termsSha256 } from './terms-hash.js';
import { actedBy } from './verdict.js';

/** One thing that will change, in words a person can judge; null: nothing stands there. */
export interface ProposedChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * What an officer proposes. `id`: a fresh one where it is absent. `subject`: the one thing it is about, of which there is one open proposal
 * at a time. `reason` stands in the log in clear. `hours`: how long it waits for the second person.
 */
export interface ProposalWish {
  readonly id?: string;
  readonly what: ProposalWhat;
  readonly subject: string;
  readonly terms: JsonObject;
  readonly changes: readonly ProposedChange[];
  readonly reason: string | null;
  readonly hours: number;
  readonly officer: ActingOfficer;
}

export interface ProposalSettled extends Written {
  readonly ok: true;
  readonly id: string;
  readonly expiresAt: Date;
}

const HOUR_MS = 3_600_000;
const OPEN = `SELECT ${PROPOSAL_COLUMNS} FROM bridge.proposal WHERE what = $1 AND subject = $2 AND decision IS NULL FOR UPDATE`;

/**
 * Entries and effects of a new proposal, for an exclusive lane (`deedLane`); writes nothing itself. An open one about the same subject whose
 * time is over is ended first, by an entry of its own. Refused: `TOKEN_INVALID` (session or role has ended), `STATE_CONFLICT` (one is open).
 */
export async function settleProposal(
  tx: Transaction,
  wish: ProposalWish,
  ports: DeedPorts,
  now: Date,
): Promise<ProposalSettled | No> {
  const { officer, subject, what } = wish;
  if (!(await ports.stillActs(tx, officer, now)))
    return { ok: false, code: 'TOKEN_INVALID', message: 'the session or the role of who acts has ended' };
  const { rows } = await tx.query<ProposalRow>({ text: OPEN, values: [what, subject] });
  const open = rows[0] === undefined ? null : proposalOf(rows[0]);
  if (open !== null && !isExpired(open, now)) {
    const message = `proposal ${open.id} about the same is open: it is decided or withdrawn first`;
    return { ok: false, code: 'STATE_CONFLICT', message };
  }
  return made(wish, open, ports, now);
}

function made(wish: ProposalWish, old: Proposal | null, ports: DeedPorts, now: Date): ProposalSettled {
  const { changes, hours, id = randomUUID(), officer, reason, subject, terms, what } = wish;
  const { instance, osUser } = ports;
  const expiresAt = new Date(now.getTime() + hours * HOUR_MS);
  const { actor, personal } = actedBy(officer);
  const data = {
    actor,
    changes: changes.map(({ after, before, field }) => ({ after, before, field })),
    expiresAt: expiresAt.toISOString(),
    instance,
    osUser,
    proposal: id,
    reason,
    subject,
    termsSha256: termsSha256(terms),
    what,
  };
  const entry = draftOf('proposal.made', now, data, personal);
  const effect: ProposalMade = {
    kind: 'deed-proposal-made',
    entryId: entry.id,
    id,
    what,
    subject,
    terms,
    proposerTag: officer.tag,
    proposedAt: now,
    expiresAt,
  };
  const before = old === null ? { entries: [], effects: [] } : endExpired(old, ports, now);
  return {
    ok: true,
    id,
    expiresAt,
    entries: [...before.entries, entry],
    effects: [...before.effects, effect],
  };
}
