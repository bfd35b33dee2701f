import { randomUUID } from 'node:crypto';
import type { Appender } from '../../audit/appender.js';
import { draftOf } from '../../audit/draft.js';
import type { Effect, EffectApplier, Settled } from '../../audit/lane.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { ActingOfficer, DeedPorts } from '../../proposals/officer.js';
import { actedBy, deedLane, done, notActing, refused, type Verdict } from '../../proposals/verdict.js';
import type { Transaction } from '../../storage/database.js';
import { addKurus, type Kurus, kurus, kurusNumber } from '../kurus.js';
import { PAYMENT_HOLDS } from '../quarter/read-notices.js';

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

/**
 * `replaces`: what was recorded under the same reference before; null where nothing was. `askedKurus`: what the notice asks for; `paidKurus`:
 * what was paid of it, this payment included. `isLast`: no later notice holds.
 */
export interface RecordedPayment {
  readonly payment: string;
  readonly replaces: EarlierPayment | null;
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
  readonly replaces: string | null;
}

interface EarlierPayment {
  readonly payment: string;
  readonly paidOn: string;
  readonly amountKurus: Kurus;
}

interface NoticeRow {
  notice: string;
  asked: bigint;
  paid: bigint;
  is_last: boolean;
  earlier: string | null;
  earlier_on: string | null;
  earlier_amount: bigint | null;
}

// A notice that was corrected has several rows: the last one says what is asked; what was paid under its number was paid of it. Of a payment
// that was corrected the last row counts.
const NOTICE = `WITH named AS (
    SELECT notice_id, amount_kurus, leaf FROM bridge.fee_notice WHERE account_id = $1 AND quarter = $2 AND number = $3),
  paid AS (
    SELECT payment_id, reference, paid_on, amount_kurus FROM bridge.fee_payment p
    WHERE notice_id IN (SELECT notice_id FROM named) AND ${PAYMENT_HOLDS})
  SELECT n.notice_id AS notice, n.amount_kurus AS asked, (SELECT coalesce(sum(amount_kurus), 0)::bigint FROM paid) AS paid,
    NOT EXISTS (SELECT FROM bridge.fee_notice o WHERE o.account_id = $1 AND o.quarter = $2 AND o.leaf > n.leaf) AS is_last,
    e.payment_id AS earlier, e.paid_on AS earlier_on, e.amount_kurus AS earlier_amount
  FROM (SELECT * FROM named ORDER BY leaf DESC LIMIT 1) AS n LEFT JOIN paid e ON e.reference = $4`;

/**
 * Records a payment of a notice. One that is not what the notice asks for is recorded too: it was paid; the answer says how much is asked and
 * paid. The same reference with another day or amount corrects what was recorded: a new row that holds, beside the old one; nothing paid takes
 * it back. `log` needs `RECONCILIATION_APPLIERS`. Refused: `TOKEN_INVALID`; `NOT_FOUND` (no such notice); `REQUEST_INVALID` (nothing, where
 * nothing is taken back, or in the future); `STATE_CONFLICT` (it is recorded exactly so, or taken back already).
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
  if (amountKurus < 0n) return refused('REQUEST_INVALID', 'a payment is not less than nothing');
  if (paidOn > istanbulDay(now)) return refused('REQUEST_INVALID', 'the payment is dated in the future');
  const values = [account, quarter, noticeNumber, reference];
  const [row] = (await tx.query<NoticeRow>({ text: NOTICE, values })).rows;
  if (row === undefined)
    return refused('NOT_FOUND', 'no notice of this number for the account and quarter: record it first');
  const replaces = earlierOf(row);
  if (replaces === null && amountKurus === 0n)
    return refused(
      'REQUEST_INVALID',
      'a payment is more than nothing, unless it takes back what was recorded',
    );
  if (replaces !== null && isSame(replaces, wish))
    return refused(
      'STATE_CONFLICT',
      'a payment of this reference is recorded for the notice, exactly so or taken back',
    );
  const payment = randomUUID();
  const effect: PaymentRecorded = {
    kind: 'fee-payment-recorded',
    payment,
    notice: row.notice,
    reference,
    paidOn,
    amountKurus,
    replaces: replaces?.payment ?? null,
  };
  const { actor, personal } = actedBy(officer);
  const { instance, osUser } = ports;
  const said = { notice: row.notice, paidOn, payment, reference, replaces: effect.replaces };
  const data = { actor, amountKurus: kurusNumber(amountKurus), instance, osUser, ...said };
  return done([draftOf('fees.payment-recorded', now, data, personal)], [effect], (receipts) => ({
    payment,
    replaces,
    askedKurus: kurus(row.asked),
    paidKurus: addKurus(kurus(row.paid - (replaces?.amountKurus ?? 0n)), amountKurus),
    isLast: row.is_last,
    leafIndex: receipts[0]?.leafIndex ?? -1n,
  }));
}

/** The one that holds under the reference. */
function earlierOf({ earlier, earlier_amount, earlier_on }: NoticeRow): EarlierPayment | null {
  if (earlier === null || earlier_on === null || earlier_amount === null) return null;
  return { payment: earlier, paidOn: earlier_on, amountKurus: kurus(earlier_amount) };
}

/** What was taken back has no day that could be wrong. */
function isSame(earlier: EarlierPayment, { amountKurus, paidOn }: PaymentWish): boolean {
  return earlier.amountKurus === amountKurus && (amountKurus === 0n || earlier.paidOn === paidOn);
}

const INSERT = `INSERT INTO bridge.fee_payment (payment_id, notice_id, reference, paid_on, amount_kurus, replaces, leaf)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::bigint[], $6::uuid[], $7::bigint[])`;

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
        column(({ replaces }) => replaces),
        placed.map(({ receipt }) => receipt.leafIndex),
      ],
    });
  },
};
