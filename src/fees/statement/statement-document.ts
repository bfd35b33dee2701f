import { kurusNumber } from '../kurus.js';
import type { AccountStatement, Group, Statement, Sum } from './statement.js';

/** JSON of a statement: integers and strings alone. */
export type StatementDocument = ReturnType<typeof statementDocument>;

/** The statement as JSON has it: money as integers of kuruş (CONTRACT §4). The bytes that are frozen are its canonical form (RFC 8785). */
export function statementDocument(statement: Statement) {
  const { accounts, logSize, period, rules, total, version } = statement;
  return {
    version,
    period: { ...period },
    logSize: Number(logSize),
    rules: {
      tariff: rules.tariff.map((row) => ({ ...row, inputs: row.inputs.map((one) => ({ ...one })) })),
      inputs: rules.inputs.map((row) => ({ ...row })),
      charged: rules.charged,
    },
    accounts: accounts.map(accountDocument),
    total: { queries: total.queries, units: total.units, amountKurus: kurusNumber(total.amountKurus) },
  };
}

function accountDocument(one: AccountStatement) {
  const { account, agreement, amountKurus, booked, by, corrections, feeClass, institution, queries, units } =
    one;
  return {
    account,
    institution,
    feeClass,
    agreement: agreement === null ? null : { ...agreement, services: [...agreement.services] },
    queries,
    units,
    amountKurus: kurusNumber(amountKurus),
    booked: sumDocument(booked),
    corrections: { ...corrections, amountKurus: kurusNumber(corrections.amountKurus) },
    by: Object.fromEntries(Object.entries(by).map(([cut, groups]) => [cut, groups.map(groupDocument)])),
  };
}

function groupDocument({ key, ...sum }: Group) {
  return { key, ...sumDocument(sum) };
}

function sumDocument({ amountKurus, lines, queries, units }: Sum) {
  return { lines, queries, units, amountKurus: kurusNumber(amountKurus) };
}
