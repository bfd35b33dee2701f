import type { Queryable } from '../../storage/database.js';
import { readQuarterRow, stateAt } from './quarter-row.js';
import type { QuarterState } from './states.js';

/** How far the closing of a quarter has come. */
export interface Closing {
  readonly state: QuarterState;
  /** What a second person decides or has decided; null while lines are taken. `proposerTag`: the keyed hash of who froze it. */
  readonly proposal: { readonly id: string; readonly proposerTag: Buffer; readonly expiresAt: Date } | null;
}

interface ProposalRow {
  readonly id: string;
  readonly proposerTag: Buffer;
  readonly expiresAt: Date;
}

const PROPOSAL = `SELECT proposal_id AS id, proposer_tag AS "proposerTag", expires_at AS "expiresAt"
  FROM bridge.proposal WHERE proposal_id = $1`;

/** What whoever goes on with the closing must know, without the statement. */
export async function readClosing(db: Queryable, quarter: string, now: Date): Promise<Closing> {
  const row = await readQuarterRow(db, quarter);
  const state = stateAt(row, quarter, now);
  if (row === null || row.proposal === null) return { state, proposal: null };
  const { rows } = await db.query<ProposalRow>({ text: PROPOSAL, values: [row.proposal] });
  return { state, proposal: rows[0] ?? null };
}
