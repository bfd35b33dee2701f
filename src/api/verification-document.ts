import type { RecordedQuery } from '../verification/recorded-query.js';
import { OUTCOME_TEXTS } from './outcome-texts.js';
import { PROBLEMS } from './problem-texts.js';

/** The body of a 200 answer to `POST /v1/identity/verifications` (CONTRACT §4). */
export function verificationDocument(recorded: RecordedQuery): Record<string, unknown> {
  return {
    id: recorded.queryId,
    outcome: recorded.outcome,
    text: recorded.outcome === null ? null : OUTCOME_TEXTS[recorded.outcome],
    units: recorded.units,
    checkedAt: recorded.checkedAt.toISOString(),
    receipt: { leafIndex: Number(recorded.leafIndex), leafHash: recorded.leafHash.toString('hex') },
  };
}

/** The body of `GET /v1/identity/verifications/{id}`: the same, with `state`, and `code` where there is no outcome. */
export function recordedDocument(recorded: RecordedQuery): Record<string, unknown> {
  const document = { state: recorded.state, ...verificationDocument(recorded) };
  if (recorded.problem === null) return document;
  const { tr, en } = PROBLEMS[recorded.problem];
  return { ...document, code: recorded.problem, text: { tr, en } };
}
