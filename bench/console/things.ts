import type { Database } from '../../src/storage/database.js';

/** What a deed or the log has brought about, by the parameter of the paths that names it. */
export interface Things {
  readonly quarter: string;
  readonly previous: string;
  readonly job: string;
  readonly jobFile: string;
  /** Entries whose numbers open. */
  readonly leaves: readonly string[];
  readonly queries: readonly string[];
  readonly proposals: readonly string[];
  readonly signals: readonly string[];
  readonly applications: readonly string[];
  readonly disagreements: readonly string[];
  readonly imports: readonly string[];
  /** Of the import that has most; those with lines of the book behind them first. */
  readonly differences: readonly string[];
  readonly holds: readonly string[];
  readonly letters: readonly string[];
}

const IDS = {
  leaves:
    "SELECT leaf_index::text AS id FROM bridge.log_search WHERE kind = 'query.intent' ORDER BY leaf_index DESC LIMIT 100",
  queries:
    "SELECT query AS id FROM bridge.log_search WHERE kind = 'query.intent' AND leaf_index % 997 = 0 LIMIT 200",
  proposals: `(SELECT proposal_id AS id FROM bridge.proposal WHERE decision IS NULL AND what <> 'roles.decide')
    UNION ALL (SELECT proposal_id FROM bridge.proposal WHERE decision IS NULL AND what = 'roles.decide' LIMIT 5)
    UNION ALL (SELECT proposal_id FROM bridge.retention_proposal WHERE ended_leaf IS NULL ORDER BY what, proposed_leaf LIMIT 40)`,
  signals: '(SELECT signal_id AS id FROM bridge.signal ORDER BY raised_leaf % 7 LIMIT 100)',
  applications:
    "SELECT appointment_id AS id FROM bridge.appointment WHERE state = 'applied' ORDER BY applied_at LIMIT 60",
  disagreements:
    'SELECT told_leaf::text AS id FROM bridge.appointment_disagreement WHERE decision IS NULL ORDER BY told_leaf LIMIT 60',
  imports: 'SELECT import_id AS id FROM bridge.fee_difference GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
  differences: `SELECT difference_id AS id FROM bridge.fee_difference WHERE import_id =
    (SELECT import_id FROM bridge.fee_difference GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) ORDER BY behind DESC, place LIMIT 60`,
  holds: 'SELECT hold_id AS id FROM bridge.legal_hold WHERE lifted_leaf IS NULL LIMIT 50',
  letters: 'SELECT request_id AS id FROM bridge.fee_agreement_request WHERE decision IS NULL LIMIT 50',
};

/** Looks up what is visited. Throws where a deed has brought about nothing. */
export async function findThings(
  db: Database,
  made: Pick<Things, 'quarter' | 'previous' | 'job' | 'jobFile'>,
): Promise<Things> {
  const found: [string, readonly string[]][] = [];
  for (const [name, text] of Object.entries(IDS)) {
    const { rows } = await db.query<{ id: string }>({ text });
    if (rows.length === 0) throw new Error(`there are no ${name}`);
    found.push([name, rows.map(({ id }) => id)]);
  }
  return { ...made, ...(Object.fromEntries(found) as Record<keyof typeof IDS, readonly string[]>) };
}
