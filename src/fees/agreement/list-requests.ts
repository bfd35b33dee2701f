import type { Queryable } from '../../storage/database.js';
import type { AgreementRequest } from './read-agreements.js';

/** `before`: the last one of the page before. `unanswered`: those alone that NVİ has not answered. */
export interface RequestFilter {
  readonly limit: number;
  readonly before?: string | null;
  readonly unanswered?: boolean;
}

const COLUMNS = `request_id AS request, account_id AS account, kind, wanted, document_no AS "documentNo",
    to_char(requested_on, 'YYYY-MM-DD') AS "requestedOn", decision, to_char(decided_on, 'YYYY-MM-DD') AS "decidedOn"`;
const LIST = `SELECT ${COLUMNS} FROM bridge.fee_agreement_request
  WHERE ($2::uuid IS NULL OR leaf < (SELECT leaf FROM bridge.fee_agreement_request WHERE request_id = $2))
    AND NOT ($3::boolean AND decision IS NOT NULL)
  ORDER BY leaf DESC LIMIT $1`;
const FIND = `SELECT ${COLUMNS} FROM bridge.fee_agreement_request WHERE request_id = $1`;

/** Requests of every account, the newest first. */
export async function listRequests(
  db: Queryable,
  { before = null, limit, unanswered = false }: RequestFilter,
): Promise<readonly AgreementRequest[]> {
  return (await db.query<AgreementRequest>({ text: LIST, values: [limit, before, unanswered] })).rows;
}

/** A request; null where there is none of this id. */
export async function findRequest(db: Queryable, id: string): Promise<AgreementRequest | null> {
  return (await db.query<AgreementRequest>({ text: FIND, values: [id] })).rows[0] ?? null;
}
