import { kurusNumber } from '../kurus.js';
import type { Forecast } from './forecast.js';
import type { Saving, Savings } from './savings.js';
import type { AccountUsage, RunningQuarter, Usage, Use } from './usage.js';

/** The answer of `GET /v1/fees/usage`, and of `bridge fees usage --json`: integers and strings alone. */
export function usageDocument({ accounts, asOf, compared, from, quarter, to, total }: Usage) {
  return {
    from,
    to,
    asOf: asOf.toISOString(),
    compared,
    quarter,
    accounts: accounts.map(accountDocument),
    total: useDocument(total),
  };
}

function accountDocument(one: AccountUsage) {
  return {
    account: one.account,
    institution: one.institution,
    feeClass: one.feeClass,
    ...useDocument(one),
    days: one.days.map((day) => ({ day: day.day, ...useDocument(day) })),
    billedElsewhere: one.billedElsewhere.map(({ ofQuarter, quarter, ...use }) => {
      return { ofQuarter, quarter, ...useDocument(use) };
    }),
    compared: useDocument(one.compared),
    quarter: quarterDocument(one.quarter),
    savings: savingsDocument(one.savings),
  };
}

function quarterDocument({ budget, changes, forecast, used }: RunningQuarter) {
  return { used: useDocument(used), forecast: forecastDocument(forecast), changes, budget };
}

function forecastDocument(forecast: Forecast) {
  const { basis, days, since } = forecast;
  if (basis === 'too-few-days') return { basis, since, days, needed: forecast.needed };
  return { basis, since, days, ...useDocument(forecast) };
}

function savingsDocument({ badForm, precheck, replayed }: Savings) {
  return { precheck: savingDocument(precheck), replayed: savingDocument(replayed), badForm };
}

function savingDocument({ calls, listKurus, savedKurus }: Saving) {
  return { calls, savedKurus: kurusNumber(savedKurus), listValueKurus: kurusNumber(listKurus) };
}

function useDocument({ amountKurus, queries, units }: Use) {
  return { queries, units, amountKurus: kurusNumber(amountKurus) };
}
