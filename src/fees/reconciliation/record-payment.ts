import { randomUUID } from 'node:crypto';
import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { addKurus, type Kurus, kurus, kurusNumber } from '../kurus.js';

/** A payment of a notice. `reference` stands in the log in clear; `paidOn`: a day. */
export interface PaymentWish {
  readonly account: string;
  readonly quarter: string;
  readonly noticeNumber: string;
  readonly reference: string;
  readonly paidOn: string;
  readonly amountKurus: Kurus;
  readonly officer: ActingOfficer;
}

/** `askedKurus`: what the notice asks for; `paidKurus`: what was paid of it, this payment included. `isLast`: no later notice holds. */
export interface RecordedPayment {
  readonly payment: string;
  readonly askedKurus: Kurus;
  readonly paidKurus: Kurus;
  readonly isLast: boolean;
  readonly leafIndex: bigint;
}

interface PaymentRecorded extends Effect {
  readonly kind: 'fee-payment-recorded';
  readonly payment: string;
  readonly notice: string;
  readonly reference: string;
  readonly paidOn: string;
  readonly amountKurus: Kurus;
}

interface NoticeRow {
  notice: string;
  asked: bigint;
  paid: bigint;
  is_last: boolean;
  known: boolean;
}

// A notice that was corrected has several rows: the last one says what is asked; what was paid under its number was paid of it.
const NOTICE = `WITH named AS (
    SELECT notice_id, amount_kurus, leaf FROM bridge.fee_notice WHERE account_id = $1 AND quarter = $2 AND number = $3)
  SELECT n.notice_id AS notice, n.amount_kurus AS asked, coalesce(sum(p.amount_kurus), 0)::bigint AS paid,
    coalesce(bool_or(p.reference = $4), false) AS known,
    NOT EXISTS (SELECT FROM bridge.fee_notice o WHERE o.account_id = $1 AND o.quarter = $2 AND o.leaf > n.leaf) AS is_last
  FROM (SELECT * FROM named ORDER BY leaf DESC LIMIT 1) AS n
  LEFT JOIN bridge.fee_payment p ON p.notice_id IN (SELECT notice_id FROM named)
  GROUP BY n.notice_id, n.amount_kurus, n.leaf`;

/**
 * Records a payment of a notice. One that is not what the notice asks for is recorded too: it was paid; the answer says how much is asked and
 * paid. `log` needs `RECONCILIATION_APPLIERS`. Refused: `TOKEN_INVALID`; `NOT_FOUND` (no such notice); `REQUEST_INVALID` (nothing, or in the
 * future); `STATE_CONFLICT` (a payment of this reference is recorded).
 */
export function recordPayment(
  log: Appender,
  wish: PaymentWish,
  ports: DeedPorts,
): Promise<Verdict<RecordedPayment>> {
  const lane = deedLane<PaymentWish, RecordedPayment>('6-fee-payment', (tx, item, now) =>
    settlePayment(tx, item, ports, now),
  );
  return log.submit(lane, wish);
}

async function settlePayment(
  tx: Transaction,
  wish: PaymentWish,
  ports: DeedPorts,
  now: Date,
): Promise<Settled<Verdict<RecordedPayment>>> {
  const { account, amountKurus, noticeNumber, officer, paidOn, quarter, reference } = wish;
  if (!(await ports.stillActs(tx, officer, now))) return notActing();
  if (amountKurus <= 0n) return refused('REQUEST_INVALID', 'a payment is more than nothing');
  if (paidOn > istanbulDay(now)) return refused('REQUEST_INVALID', 'the payment is dated in the future');
  const values = [account, quarter, noticeNumber, reference];
  const [row] = (await tx.query<NoticeRow>({ text: NOTICE, values })).rows;
  if (row === undefined)
    return refused('NOT_FOUND', 'no notice of this number for the account and quarter: record it first');
  if (row.known) return refused('STATE_CONFLICT', 'a payment of this reference is recorded for the notice');
  const payment = randomUUID();
  const effect: PaymentRecorded = {
    kind: 'fee-payment-recorded',
    payment,
    notice: row.notice,
    reference,
    paidOn,
    amountKurus,
  };
  const { actor, personal } = actedBy(officer);
  const { instance, osUser } = ports;
  const said = { notice: row.notice, paidOn, payment, reference };
  const data = { actor, amountKurus: kurusNumber(amountKurus), instance, osUser, ...said };
  return done([draftOf('fees.payment-recorded', now, data, personal)], [effect], (receipts) => ({
    payment,
    askedKurus: kurus(row.asked),
    paidKurus: addKurus(kurus(row.paid), amountKurus),
    isLast: row.is_last,
    leafIndex: receipts[0]?.leafIndex ?? -1n,
  }));
}

const INSERT = `INSERT INTO bridge.fee_payment (payment_id, notice_id, reference, paid_on, amount_kurus, leaf)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::bigint[], $6::bigint[])`;

/** Writes payments: new rows alone. */
export const paymentRecordedApplier: EffectApplier<PaymentRecorded> = {
  kind: 'fee-payment-recorded',
  apply: async (tx, placed) => {
    const column = (pick: (one: PaymentRecorded) => unknown) => placed.map(({ effect }) => pick(effect));
    await tx.query({
      text: INSERT,
      values: [
        column(({ payment }) => payment),
        column(({ notice }) => notice),
        column(({ reference }) => reference),
        column(({ paidOn }) => paidOn),
        column(({ amountKurus }) => amountKurus),
        placed.map(({ receipt }) => receipt.leafIndex),
      ],
    });
  },
};
