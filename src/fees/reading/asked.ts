import { z } from 'zod';
import { addDays } from '../../calendar/add-days.js';
import {
  isQuarter,
  istanbulDay,
  istanbulMidnight,
  quarterDays,
  quarterOfDay,
} from '../../calendar/istanbul-day.js';
import { dayCount } from '../ahead/compared-period.js';
import type { PeriodWish, QuarterWish, Sent } from './call.js';

/** A period as a query or a command line says it. */
export interface AskedPeriod {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly account?: string | undefined;
}

/** Three years: each day of each account is a row of the answer. */
const MAX_DAYS = 1_100;
/** KPS has no query from before this century, and nobody will ask for the next one. */
const CENTURY = /^20/;
/** As the settings have it. */
const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const bareDay = z.iso.date();
const instant = z.iso.datetime({ offset: true });

/** A quarter by its name. Another form is no quarter: `NOT_FOUND`, and says the form. */
export function askedQuarter(quarter: string, format: QuarterWish['format']): Sent<QuarterWish> {
  if (!CENTURY.test(quarter) || !isQuarter(quarter))
    return { ok: false, code: 'NOT_FOUND', reason: 'quarter: 2000-Q1 to 2099-Q4' };
  return { ok: true, value: { quarter, format } };
}

/**
 * A half-open period. Days are those of Europe/Istanbul, and an instant must be the first one of its day there. Without `to` it goes to the
 * end of today, without `from` it begins with the quarter of its last day. `REQUEST_INVALID` names what is wrong, never what was sent.
 */
export function askedPeriod(asked: AskedPeriod, now: Date): Sent<PeriodWish> {
  const { account = null } = asked;
  const to = asked.to === undefined ? addDays(istanbulDay(now), 1) : dayOf(asked.to);
  if (typeof to !== 'string') return invalid(`to: ${to.fault}`);
  const from = asked.from === undefined ? quarterDays(quarterOfDay(addDays(to, -1))).from : dayOf(asked.from);
  if (typeof from !== 'string') return invalid(`from: ${from.fault}`);
  if (to <= from)
    return invalid(
      asked.to === undefined ? 'from: after today; without to the period ends today' : 'to: not after from',
    );
  if (dayCount({ from, to }) > MAX_DAYS) return invalid(`to: more than ${MAX_DAYS} days after from`);
  if (account !== null && !ACCOUNT.test(account)) return invalid('account');
  return { ok: true, value: { from, to, account } };
}

/** Why something is no day of ours. */
interface NoDay {
  readonly fault: string;
}

function dayOf(text: string): string | NoDay {
  const isBare = bareDay.safeParse(text).success;
  if (!isBare && !instant.safeParse(text).success) return { fault: 'YYYY-MM-DD' };
  const day = isBare ? text : istanbulDay(new Date(text));
  // Outside the century `istanbulMidnight` need not know the day.
  if (!CENTURY.test(day)) return { fault: '2000-01-01 to 2099-12-31' };
  // The book has days: in the middle of one there is no border.
  const isBorder = isBare || istanbulMidnight(day).getTime() === new Date(text).getTime();
  return isBorder ? day : { fault: 'not 00:00 in Europe/Istanbul' };
}

function invalid(reason: string): Sent<never> {
  return { ok: false, code: 'REQUEST_INVALID', reason };
}
