import { kurusNumber } from '../kurus.js';
import type { StatementDocument } from '../statement/statement-document.js';
import { paidPayments, type QuarterNotice, type QuarterPayment } from './read-notices.js';
import type { QuarterView } from './read-quarter.js';

type Account = StatementDocument['accounts'][number];

/**
 * The answer about a quarter (CONTRACT §4): money as integers of kuruş. Notice and payments stand at the account; where it has two rows, for it
 * changed its class, at the `paying` one, so that a sum over the rows has them once. Payments are those that hold: what was corrected or taken
 * back is none.
 */
export function quarterDocument({
  bookBegins,
  document,
  due,
  notices,
  payBy,
  payments,
  quarter,
  state,
  statementSha256,
}: QuarterView) {
  const { accounts, rules, total } = document;
  const noticeOf = (one: Account) =>
    isBilled(one, accounts) ? notices.filter(({ account }) => account === one.account).at(-1) : undefined;
  const paid = paidPayments(payments);
  const paymentsOf = (one: Account) =>
    isBilled(one, accounts) ? paid.filter(({ account }) => account === one.account) : [];
  return {
    quarter,
    state,
    due,
    payBy,
    statementSha256,
    bookBegins,
    accounts: accounts.map((one) => {
      const notice = noticeOf(one);
      return {
        ...one,
        notice: notice === undefined ? null : noticeDocument(notice),
        payments: paymentsOf(one).map(paymentDocument),
      };
    }),
    total,
    rules,
  };
}

/** The one row of an account that has what is asked for it. */
function isBilled({ account, feeClass }: Account, accounts: readonly Account[]): boolean {
  return (
    feeClass === 'paying' || !accounts.some((one) => one.account === account && one.feeClass === 'paying')
  );
}

function noticeDocument({ amountKurus, dated, notice, number, queries }: QuarterNotice) {
  return { notice, number, dated, queries, amountKurus: kurusNumber(amountKurus) };
}

function paymentDocument({ amountKurus, notice, paidOn, payment, reference }: QuarterPayment) {
  return { payment, notice, reference, paidOn, amountKurus: kurusNumber(amountKurus) };
}
