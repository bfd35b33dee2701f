import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { requestApplier } from './record-request.js';

/** NVİ's answer to a request. `decidedOn`: the day of the answer. */
export interface AnswerWish {
  readonly request: string;
  readonly decision: 'granted' | 'refused';
  readonly decidedOn: string;
  readonly officer: ActingOfficer;
}

/** What was recorded. `service`: a further one was granted; the settings have to name it before it can be asked. */
export interface RecordedAnswer {
  readonly account: string;
  readonly service: string | null;
  readonly leafIndex: bigint;
}

interface AnswerEffect extends Effect {
  readonly kind: 'fee-agreement-answer';
  readonly request: string;
  readonly decision: 'granted' | 'refused';
  readonly decidedOn: string;
}

interface Row {
  account: string;
  kind: string;
  wanted: string;
  requested_on: string;
  decision: string | null;
}

const LOCK = `SELECT account_id AS account, kind, wanted, to_char(requested_on, 'YYYY-MM-DD') AS requested_on, decision
  FROM bridge.fee_agreement_request WHERE request_id = $1 FOR UPDATE`;

/**
 * Records NVİ's answer. It changes no setting: what is granted is asked only once `accounts` says so. `log` needs `AGREEMENT_APPLIERS`. Refused:
 * `TOKEN_INVALID`, `NOT_FOUND`, `REQUEST_INVALID` (a day before the request's, or in the future), `STATE_CONFLICT` (answered already).
 * Errors: those of `Appender`.
 */
export function recordAnswer(
  log: Appender,
  ports: DeedPorts,
  wish: AnswerWish,
): Promise<Verdict<RecordedAnswer>> {
  const lane = deedLane<AnswerWish, RecordedAnswer>('5-fees-agreement-answer', (tx, item, now) =>
    settleAnswer(tx, item, ports, now),
  );
  return log.submit(lane, wish);
}

async function settleAnswer(
  tx: Transaction,
  { decidedOn, decision, officer, request }: AnswerWish,
  ports: DeedPorts,
  now: Date,
): Promise<Settled<Verdict<RecordedAnswer>>> {
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  const { rows } = await tx.query<Row>({ text: LOCK, values: [request] });
  const [row] = rows;
  if (row === undefined) return refused('NOT_FOUND', 'there is no such request');
  if (row.decision !== null) return refused('STATE_CONFLICT', 'the request was answered already');
  if (decidedOn < row.requested_on || decidedOn > istanbulDay(now))
    return refused(
      'REQUEST_INVALID',
      'the answer’s day must be neither before the request’s nor in the future',
    );
  const { actor, personal } = actedBy(officer);
  const { instance, osUser } = ports;
  const data = { actor, decidedOn, decision, instance, osUser, request };
  const effect: AnswerEffect = { kind: 'fee-agreement-answer', request, decision, decidedOn };
  const service = row.kind === 'service' && decision === 'granted' ? row.wanted : null;
  return done([draftOf('fees.agreement-answered', now, data, personal)], [effect], ([receipt]) => {
    return { account: row.account, service, leafIndex: receipt?.leafIndex ?? -1n };
  });
}

const UPDATE =
  'UPDATE bridge.fee_agreement_request SET decision = $2, decided_on = $3, decided_leaf = $4 WHERE request_id = $1';

const answerApplier: EffectApplier<AnswerEffect> = {
  kind: 'fee-agreement-answer',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      const { decidedOn, decision, request } = effect;
      await tx.query({ text: UPDATE, values: [request, decision, decidedOn, receipt.leafIndex] });
    }
  },
};

/** For whoever records requests and answers. */
export const AGREEMENT_APPLIERS = [requestApplier, answerApplier] as readonly EffectApplier[];
