import { addKurus, kurus, NOTHING } from '../kurus.js';
import type { FeeClass } from '../tariff/tariff.js';
import type { CorrectionRow, SumRow } from './read-sums.js';
import {
  type AccountStatement,
  type CorrectionSum,
  CUTS,
  type Cut,
  type Group,
  type Period,
  type StatedAgreement,
  type StatedRules,
  type Statement,
  type Sum,
} from './statement.js';

/** An account of the settings, as a statement names it. */
export interface KnownAccount {
  readonly id: string;
  readonly institution: string;
  readonly feeClass: FeeClass;
  readonly agreement: StatedAgreement;
}

/** What a statement is put together from. `accounts`: those of the settings that were asked for; they are named without a query too. */
export interface StatementParts {
  readonly period: Period;
  readonly logSize: bigint;
  readonly rules: StatedRules;
  readonly accounts: readonly KnownAccount[];
  readonly sums: readonly SumRow[];
  readonly corrections: readonly CorrectionRow[];
}

const NO_SUM: Sum = { lines: 0, queries: 0, units: 0, amountKurus: NOTHING };
const NO_CORRECTION: CorrectionSum = { lines: 0, units: 0, amountKurus: NOTHING };

/** Puts a statement together. Pure; money is never a float. Errors: `RangeError` beyond what a number counts exactly. */
export function assembleStatement(parts: StatementParts): Statement {
  const { accounts: known, corrections, logSize, period, rules, sums } = parts;
  const places = new Map<string, { account: string; feeClass: FeeClass }>();
  const place = (account: string, feeClass: FeeClass) =>
    places.set(`${account} ${feeClass}`, { account, feeClass });
  for (const { account, feeClass } of [...sums, ...corrections]) place(account, feeClass);
  for (const { id, feeClass } of known)
    if (![...places.values()].some(({ account }) => account === id)) place(id, feeClass);
  const accounts = [...places]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { account, feeClass }]) => accountOf(account, feeClass, parts));
  return {
    version: 1,
    period,
    logSize,
    rules,
    accounts,
    total: {
      queries: accounts.reduce((sum, one) => sum + one.queries, 0),
      units: accounts.reduce((sum, one) => sum + one.units, 0),
      amountKurus: addKurus(...accounts.map((one) => one.amountKurus)),
    },
  };
}

function accountOf(
  account: string,
  feeClass: FeeClass,
  { accounts, corrections, sums }: StatementParts,
): AccountStatement {
  const isMine = (one: { readonly account: string; readonly feeClass: FeeClass }) =>
    one.account === account && one.feeClass === feeClass;
  const mine = sums.filter(isMine);
  const whole = mine.find(({ cut }) => cut === null);
  const booked = whole === undefined ? NO_SUM : sumOf(whole);
  const correction = corrections.find(isMine);
  const corrected = correction === undefined ? NO_CORRECTION : correctionOf(correction);
  const known = accounts.find(({ id }) => id === account);
  return {
    account,
    institution: known?.institution ?? null,
    feeClass,
    agreement: known?.agreement ?? null,
    queries: booked.queries,
    units: booked.units + corrected.units,
    amountKurus: addKurus(booked.amountKurus, corrected.amountKurus),
    booked,
    corrections: corrected,
    by: Object.fromEntries(CUTS.map((cut) => [cut, groupsOf(mine, cut)])) as Record<Cut, readonly Group[]>,
  };
}

function groupsOf(sums: readonly SumRow[], cut: Cut): readonly Group[] {
  return sums.filter((one) => one.cut === cut).map((one) => ({ key: one.key, ...sumOf(one) }));
}

function sumOf(row: Pick<SumRow, 'lines' | 'queries' | 'units' | 'amountKurus'>): Sum {
  return {
    lines: count(row.lines),
    queries: count(row.queries),
    units: count(row.units),
    amountKurus: kurus(row.amountKurus),
  };
}

function correctionOf(row: CorrectionRow): CorrectionSum {
  return { lines: count(row.lines), units: count(row.units), amountKurus: kurus(row.amountKurus) };
}

function count(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError('too many queries');
  return number;
}
