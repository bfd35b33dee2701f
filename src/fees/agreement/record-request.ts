import { randomUUID } from 'node:crypto';
import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { clearLineFault } from '../../person/clear-text.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import type { AgreementSetting } from './agreement.js';
import type { RequestKind } from './list-requests.js';

/** A letter to NVİ. `wanted`: the service, or a word about what is wanted, never a person. `requestedOn`: its day. */
export interface RequestWish {
  readonly account: string;
  readonly kind: RequestKind;
  readonly wanted: string;
  readonly documentNo: string;
  readonly requestedOn: string;
  readonly officer: ActingOfficer;
}

/** What the lanes of the register need. `services`: those that the bridge can ask at all. */
export interface RequestTools extends DeedPorts {
  readonly accounts: readonly Pick<AgreementSetting, 'id' | 'agreement'>[];
  readonly services: readonly string[];
}

/** What was recorded. */
export interface RecordedRequest {
  readonly request: string;
  readonly leafIndex: bigint;
}

interface RequestEffect extends Effect {
  readonly kind: 'fee-agreement-request';
  readonly row: Omit<RequestWish, 'officer' | 'kind'> & {
    readonly request: string;
    readonly what: RequestKind;
  };
}

/** Characters of what is wanted, and of a document number. */
export const MAX_WANTED = 200;
export const MAX_DOCUMENT_NO = 100;
/** It stands in the log in clear, beside the rule for all such texts: no address of a person. */
const LINE = /^[^\p{Z}@][^@]*$/u;

const SAME = `SELECT 1 FROM bridge.fee_agreement_request
  WHERE account_id = $1 AND kind = $2 AND wanted = $3 AND (document_no = $4 OR decision IS NULL)`;

/**
 * Records that something was asked of NVİ about an agreement. `log` needs `AGREEMENT_APPLIERS`. Refused: `TOKEN_INVALID`, `NOT_FOUND` (no such
 * account), `REQUEST_INVALID` (which names the field), `STATE_CONFLICT` (in the agreement already, or asked and not answered). Errors: those
 * of `Appender`.
 */
export function recordRequest(
  log: Appender,
  tools: RequestTools,
  wish: RequestWish,
): Promise<Verdict<RecordedRequest>> {
  const lane = deedLane<RequestWish, RecordedRequest>('5-fees-agreement-request', (tx, item, now) =>
    settleRequest(tx, item, tools, now),
  );
  return log.submit(lane, wish);
}

async function settleRequest(
  tx: Transaction,
  wish: RequestWish,
  tools: RequestTools,
  now: Date,
): Promise<Settled<Verdict<RecordedRequest>>> {
  const { account, documentNo, kind, officer, requestedOn, wanted } = wish;
  if (!(await tools.stillActs(tx, officer, now))) return notActing();
  const known = tools.accounts.find(({ id }) => id === account);
  if (known === undefined) return refused('NOT_FOUND', 'the settings have no such account');
  const [fault] = requestFaults(wish, tools, istanbulDay(now));
  if (fault !== undefined) return refused('REQUEST_INVALID', fault.message);
  if (kind === 'service' && known.agreement.services.includes(wanted))
    return refused('STATE_CONFLICT', 'the service is in the agreement already');
  const { rows } = await tx.query({ text: SAME, values: [account, kind, wanted, documentNo] });
  if (rows.length > 0) return refused('STATE_CONFLICT', 'the same was recorded already');
  const request = randomUUID();
  const { actor, personal } = actedBy(officer);
  const { instance, osUser } = tools;
  const data = { account, actor, documentNo, instance, kind, osUser, request, requestedOn, wanted };
  const row = { account, documentNo, request, requestedOn, wanted, what: kind };
  const effect: RequestEffect = { kind: 'fee-agreement-request', row };
  return done([draftOf('fees.agreement-requested', now, data, personal)], [effect], ([receipt]) => {
    return { request, leafIndex: receipt?.leafIndex ?? -1n };
  });
}

/** A field that is wrong; `message` English, `tr` Turkish, nothing of what was typed. */
export interface RequestFault {
  readonly field: 'documentNo' | 'wanted' | 'requestedOn';
  readonly message: string;
  readonly tr: string;
}

const DOCUMENT_NO: RequestFault = {
  field: 'documentNo',
  message: `document number: one line of at most ${MAX_DOCUMENT_NO} characters, without a number or address of a person`,
  tr: `Yazı numarası: en çok ${MAX_DOCUMENT_NO} karakterlik tek satır; içinde kimlik numarası ya da e-posta adresi olamaz.`,
};
const WANTED: RequestFault = {
  field: 'wanted',
  message: `wanted: one line of at most ${MAX_WANTED} characters, without a number or address of a person`,
  tr: `İstenen: en çok ${MAX_WANTED} karakterlik tek satır; içinde kimlik numarası ya da e-posta adresi olamaz.`,
};
const FUTURE: RequestFault = {
  field: 'requestedOn',
  message: 'the letter’s day must not be in the future',
  tr: 'Yazının günü gelecekte olamaz.',
};

/** Every field of a request that is wrong. Pure. */
export function requestFaults(
  { documentNo, kind, requestedOn, wanted }: Omit<RequestWish, 'officer'>,
  { services }: Pick<RequestTools, 'services'>,
  today: string,
): readonly RequestFault[] {
  const names = services.join(', ');
  const unknown: RequestFault = {
    field: 'wanted',
    message: `wanted: one of the services ${names}`,
    tr: `İstenen: hizmetlerden biri (${names}).`,
  };
  return [
    ...(isClear(documentNo, MAX_DOCUMENT_NO) ? [] : [DOCUMENT_NO]),
    ...(isClear(wanted, MAX_WANTED)
      ? kind === 'service' && !services.includes(wanted)
        ? [unknown]
        : []
      : [WANTED]),
    ...(requestedOn > today ? [FUTURE] : []),
  ];
}

function isClear(text: string, max: number): boolean {
  return LINE.test(text) && clearLineFault(text, max) === null;
}

const INSERT = `INSERT INTO bridge.fee_agreement_request (request_id, account_id, kind, wanted, document_no, requested_on, leaf)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;

/** Writes requests; one a batch at the most, for its lane is exclusive. */
export const requestApplier: EffectApplier<RequestEffect> = {
  kind: 'fee-agreement-request',
  apply: async (tx, placed) => {
    for (const { effect, receipt } of placed) {
      const { account, documentNo, request, requestedOn, wanted, what } = effect.row;
      const values = [request, account, what, wanted, documentNo, requestedOn, receipt.leafIndex];
      await tx.query({ text: INSERT, values });
    }
  },
};
