import type { Forecast } from '../../fees/ahead/forecast.js';
import type { Saving, Savings } from '../../fees/ahead/savings.js';
import type { AccountUsage, Usage, Use } from '../../fees/ahead/usage.js';
import { formatCount, formatTl } from '../../fees/kurus.js';
import { budgetLine } from './budget-states.js';

/** Use of a period for people: one block for each account, then the total. Days are for `--json`. */
export function usageTable(usage: Usage): string {
  const { accounts, compared, from, quarter, to, total } = usage;
  return [
    `use from ${from} to ${to} (not included), held against ${compared.from} to ${compared.to}; the quarter that runs is ${quarter}`,
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
    `  before     ${useText(compared)}`,
    `  ${quarter}    ${useText(used)} so far`,
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
  const { basis, days } = forecast;
  return basis === 'too-few-days'
    ? `none: ${days} of at least ${forecast.needed} days are over`
    : `${useText(forecast)} (means of ${days} days, working days and others apart)`;
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
