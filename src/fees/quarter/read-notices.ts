import type { Queryable } from '../../storage/database.js';
import { addKurus, type Kurus, kurus } from '../kurus.js';

/** The Interior Ministry's notice about a quarter. `dated`: a day. */
export interface QuarterNotice {
  readonly notice: string;
  readonly account: string;
  readonly number: string;
  readonly dated: string;
  readonly queries: number;
  readonly amountKurus: Kurus;
}

/** A payment of a notice. `paidOn`: a day. */
export interface QuarterPayment {
  readonly payment: string;
  /** The one that it corrects, recorded before under the same reference; null where it is the first. */
  readonly replaces: string | null;
  /** False where a later one corrects it: it counts in no sum. */
  readonly holds: boolean;
  readonly notice: string;
  readonly account: string;
  readonly reference: string;
  readonly paidOn: string;
  readonly amountKurus: Kurus;
}

type NoticeRow = Omit<QuarterNotice, 'queries' | 'amountKurus'> & {
  readonly queries: bigint;
  readonly amount: bigint;
};
type PaymentRow = Omit<QuarterPayment, 'amountKurus'> & { readonly amount: bigint };

const NOTICES = `SELECT notice_id AS notice, account_id AS account, number, dated, queries, amount_kurus AS amount
  FROM bridge.fee_notice WHERE quarter = $1 ORDER BY leaf`;
/** Whether a row `p` of payments is the last one of its reference. */
export const PAYMENT_HOLDS = 'NOT EXISTS (SELECT FROM bridge.fee_payment r WHERE r.replaces = p.payment_id)';
const PAYMENTS = `SELECT p.payment_id AS payment, p.replaces, ${PAYMENT_HOLDS} AS holds, p.notice_id AS notice, n.account_id AS account,
    p.reference, p.paid_on AS "paidOn", p.amount_kurus AS amount
  FROM bridge.fee_payment p JOIN bridge.fee_notice n USING (notice_id) WHERE n.quarter = $1 ORDER BY p.leaf`;

/** Notices of a quarter in the order in which they were recorded: the last one of an account holds. */
export async function readNotices(db: Queryable, quarter: string): Promise<readonly QuarterNotice[]> {
  const { rows } = await db.query<NoticeRow>({ text: NOTICES, values: [quarter] });
  return rows.map(({ amount, queries, ...row }) => {
    return { ...row, queries: Number(queries), amountKurus: kurus(amount) };
  });
}

/** Payments of the notices of a quarter, in the order in which they were recorded, those that were corrected too. */
export async function readPayments(db: Queryable, quarter: string): Promise<readonly QuarterPayment[]> {
  const { rows } = await db.query<PaymentRow>({ text: PAYMENTS, values: [quarter] });
  return rows.map(({ amount, ...row }) => ({ ...row, amountKurus: kurus(amount) }));
}

/** Those that were paid: without what was corrected and what was taken back. */
export function paidPayments(payments: readonly QuarterPayment[]): readonly QuarterPayment[] {
  return payments.filter(({ amountKurus, holds }) => holds && amountKurus > 0n);
}

/** What was paid in all. */
export function paidKurus(payments: readonly QuarterPayment[]): Kurus {
  return addKurus(...paidPayments(payments).map(({ amountKurus }) => amountKurus));
}
