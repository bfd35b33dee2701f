import { quarterDays, quarterOfDay } from '../../calendar/istanbul-day.js';
import type { Forecast } from '../../fees/ahead/forecast.js';
import type { Saving, Savings } from '../../fees/ahead/savings.js';
import type { AccountUsage, Moved, Usage, Use } from '../../fees/ahead/usage.js';
import { formatCount, formatTl } from '../../fees/kurus.js';
import { budgetLine } from './budget-states.js';
import { daysText } from './istanbul-text.js';

/** Use of a period for people: one block for each account, then the total. Days are for `--json`. */
export function usageTable(usage: Usage): string {
  const { accounts, compared, from, quarter, to, total } = usage;
  return [
    `use by day sent from ${daysText({ from, to })}, held against ${daysText(compared)}; the quarter that runs is ${quarter}`,
    ...accounts.flatMap((one) => block(one, quarter)),
    `total: ${useText(total)}`,
  ].join('\n');
}

function block(one: AccountUsage, quarter: string): readonly string[] {
  const { account, compared, feeClass, institution, quarter: running, savings } = one;
  const who = institution === null ? 'no longer in the settings' : `${institution}, ${feeClass}`;
  const { budget, changes, forecast, used } = running;
  return [
    `${account} (${who})`,
    `  used       ${useText(one)}`,
    ...one.billedElsewhere.map((moved) => `             ${movedText(moved)}`),
    `  before     ${useText(compared)}`,
    `  ${quarter}    ${useText(used)} billed so far`,
    `  forecast   ${forecastText(forecast)}`,
    ...(changes.length === 0 ? [] : [`             price or class changes on ${changes.join(', ')}`]),
    `  budget     ${budget.state === 'none' ? 'none' : `${budget.state}: ${budgetLine({ account, quarter, ...budget })}`}`,
    ...savingsText(savings).map((line) => `  spared     ${line}`),
  ];
}

function useText({ amountKurus, queries, units }: Use): string {
  return `${formatCount(queries)} queries, ${formatCount(units)} units, ${formatTl(amountKurus)}`;
}

function forecastText(forecast: Forecast): string {
  const { basis, days, since } = forecast;
  return basis === 'too-few-days'
    ? `none: ${days} of at least ${forecast.needed} days are over, counted from ${since}, ${sinceText(since)}`
    : `${useText(forecast)} (means of ${days} days, working days and others apart)`;
}

function sinceText(since: string): string {
  return quarterDays(quarterOfDay(since)).from === since
    ? 'the first day of the quarter'
    : 'its first day in the book';
}

/** The difference from the statements of the quarters. */
function movedText({ ofQuarter, quarter, ...use }: Moved): string {
  return `${useText(use)} of these are of ${ofQuarter} and billed in ${quarter} (corrections, late outcomes)`;
}

function savingsText({ badForm, precheck, replayed }: Savings): readonly string[] {
  return [
    savingText(precheck, 'whose number was none'),
    savingText(replayed, 'answered again from the record'),
    `${formatCount(badForm.calls)} calls of bad form (no money)`,
  ];
}

/** List value is named as what it is: nobody would have paid it. */
function savingText({ calls, listKurus, savedKurus }: Saving, why: string): string {
  const list =
    listKurus === 0n ? '' : `; list value ${formatTl(listKurus)} while outside the fee, no saved money`;
  return `${formatCount(calls)} calls ${why}: ${formatTl(savedKurus)} saved${list}`;
}
