import type { Queryable } from '../../storage/database.js';

/** What was asked of NVİ about an agreement. `service`: a further one (ek servis talebi). */
export const REQUEST_KINDS = [
  'service',
  'static-ip',
  'administrative-user',
  'technical-user',
  'renewal',
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** A request and NVİ's answer to it; `decision` null: none yet. Days. */
export interface AgreementRequest {
  readonly request: string;
  readonly account: string;
  readonly kind: RequestKind;
  readonly wanted: string;
  readonly documentNo: string;
  readonly requestedOn: string;
  readonly decision: 'granted' | 'refused' | null;
  readonly decidedOn: string | null;
}

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
