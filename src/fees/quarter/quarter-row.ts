import { createHash } from 'node:crypto';
import { entriesAt } from '../../audit/check/entries-at.js';
import { quarterBounds } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import type { Queryable, Transaction } from '../../storage/database.js';
import type { StatementDocument } from '../statement/statement-document.js';
import type { QuarterState } from './states.js';

/** What stands of a quarter that somebody has begun to close. */
export interface QuarterRow {
  readonly state: Exclude<QuarterState, 'open'>;
  readonly proposal: string | null;
  /** Null while it collects. */
  readonly kept: KeptStatement | null;
}

/** The statement as it was frozen: canonical JSON (RFC 8785) and the SHA-256 of its UTF-8 bytes. */
export interface KeptStatement {
  readonly text: string;
  readonly hash: Buffer;
  readonly leaf: bigint;
}

interface Row {
  readonly state: Exclude<QuarterState, 'open'>;
  readonly proposal_id: string | null;
  readonly statement: string | null;
  readonly statement_hash: Buffer | null;
  readonly frozen_leaf: bigint | null;
}

const SELECT =
  'SELECT state, proposal_id, statement, statement_hash, frozen_leaf FROM bridge.fee_quarter WHERE quarter = $1';

/** The row of a quarter; null where nobody has begun to close it. */
export async function readQuarterRow(db: Queryable, quarter: string): Promise<QuarterRow | null> {
  return rowOf((await db.query<Row>({ text: SELECT, values: [quarter] })).rows[0]);
}

/** The same, locked. Where there is none yet, the exclusive batch alone keeps others away. */
export async function lockQuarterRow(tx: Transaction, quarter: string): Promise<QuarterRow | null> {
  return rowOf((await tx.query<Row>({ text: `${SELECT} FOR UPDATE`, values: [quarter] })).rows[0]);
}

function rowOf(row: Row | undefined): QuarterRow | null {
  if (row === undefined) return null;
  const { frozen_leaf: leaf, proposal_id: proposal, state, statement: text, statement_hash: hash } = row;
  return {
    state,
    proposal,
    kept: text === null || hash === null || leaf === null ? null : { text, hash, leaf },
  };
}

/** The state of a quarter at `now`: what its row says, else the clock. */
export function stateAt(row: QuarterRow | null, quarter: string, now: Date): QuarterState {
  if (row !== null) return row.state;
  return now.getTime() < quarterBounds(quarter).to.getTime() ? 'open' : 'collecting';
}

/** SHA-256 of a statement's bytes, as they are kept. */
export function statementHash(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/**
 * The frozen statement, once its bytes are those that were frozen: by the hash beside them, and by the one in the log as long as its entry is in
 * the database (a range that was taken out is `audit verify`'s to look at). Errors: `LOG_INCONSISTENT`: somebody has changed it.
 */
export async function openKept(db: Queryable, kept: KeptStatement): Promise<StatementDocument> {
  const hash = statementHash(kept.text);
  const entry = (await entriesAt(db, [kept.leaf])).get(kept.leaf);
  const isLogged =
    entry === undefined ||
    (entry.kind === 'fees.quarter-frozen' && entry.data.statementSha256 === hash.toString('hex'));
  if (!hash.equals(kept.hash) || !isLogged)
    throw new BridgeError(
      'LOG_INCONSISTENT',
      'the statement of a closed quarter is not the one that was frozen',
    );
  return JSON.parse(kept.text) as StatementDocument;
}
