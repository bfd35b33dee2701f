import type { AppliedFor } from '../../appointments/apply/apply-for-appointee.js';
import type { Decided } from '../../appointments/decide/settle-verdict.js';

/** The body of a 201 answer to `POST /v1/appointments`; nothing personal. */
export function applicationDocument(applied: AppliedFor): Record<string, unknown> {
  const { appointment, application, registry, queryId, receipt } = applied;
  const { cooperative, decision, from, to } = application;
  return {
    id: appointment,
    state: 'applied',
    cooperative,
    decision: { no: decision.no, date: decision.date },
    from,
    to,
    registry,
    verification: queryId,
    receipt: receiptOf(receipt),
  };
}

/** The body of a 200 answer to `POST /v1/appointments/{id}/decision`. */
export function decisionDocument(decided: Decided): Record<string, unknown> {
  const { appointment, state, seat, disagreements, receipt } = decided;
  return {
    id: appointment,
    state,
    seat: seat === null ? null : { id: seat.seatId, from: seat.startsOn, to: seat.endsOn },
    disagreements,
    receipt: receiptOf(receipt),
  };
}

function receiptOf({ leafIndex, leafHash }: AppliedFor['receipt']): Record<string, unknown> {
  return { leafIndex: Number(leafIndex), leafHash: leafHash.toString('hex') };
}
