import { isDeepStrictEqual } from 'node:util';
import type { DataOf } from '../../audit/catalogue/catalogue.js';
import { FoundDifference } from '../../audit/check/difference.js';
import { quarterDays } from '../../calendar/istanbul-day.js';
import type { Transaction } from '../../storage/database.js';
import { assembleStatement, type KnownAccount } from '../statement/assemble.js';
import { statedRules } from '../statement/charged.js';
import { readSums } from '../statement/read-sums.js';
import { type StatementDocument, statementDocument } from '../statement/statement-document.js';
import { readPlacedSwitches } from './placed-switches.js';

/** A kept statement. `entry`: what its `fees.quarter-frozen` says; null where that is not at hand. */
export interface KeptStatement {
  readonly quarter: string;
  readonly statement: string;
  readonly leaf: bigint | null;
  readonly entry: DataOf<'fees.quarter-frozen'> | null;
}

/**
 * Whether a kept statement says what the book gives: its accounts, their sums by every cut, their corrections and the total, from the sums of
 * its quarter; the rows of the tariff that were in force; and what the entry repeats of it. The book has not moved under it: what a closed
 * quarter does not take is billed elsewhere. The institutions' names and agreements are as the settings had them. Throws `FoundDifference`.
 */
export async function holdStatement(tx: Transaction, check: string, kept: KeptStatement): Promise<void> {
  const { entry, leaf, quarter } = kept;
  const wrong = (what: string) =>
    new FoundDifference(check, `the kept statement of ${quarter} ${what}`, leaf);
  const document = read(kept.statement);
  if (document === null) throw wrong('cannot be read');
  if (!isDeepStrictEqual(document.period, { quarter, ...quarterDays(quarter) }))
    throw wrong('is about another period');
  if (entry !== null && !isSameAs(entry, document)) throw wrong('is not what its entry says');
  const again = await rebuilt(tx, document);
  if (
    !isDeepStrictEqual(again.accounts, document.accounts) ||
    !isDeepStrictEqual(again.total, document.total)
  )
    throw wrong('does not say what the book gives');
  if (!isDeepStrictEqual(again.rules.tariff, document.rules.tariff))
    throw wrong('rests on another tariff than was in force');
}

function read(text: string): StatementDocument | null {
  try {
    const document = JSON.parse(text) as StatementDocument;
    return document.version === 1 && Array.isArray(document.accounts) && Array.isArray(document.rules.inputs)
      ? document
      : null;
  } catch {
    return null;
  }
}

function isSameAs(entry: DataOf<'fees.quarter-frozen'>, { accounts, logSize }: StatementDocument): boolean {
  const said = accounts.map(({ account, amountKurus, feeClass, queries, units }) => {
    return { account, amountKurus, feeClass, queries, units };
  });
  return entry.logSize === logSize && isDeepStrictEqual(entry.accounts, said);
}

async function rebuilt(tx: Transaction, document: StatementDocument): Promise<StatementDocument> {
  const { accounts, logSize, period } = document;
  const { corrections, sums } = await readSums(tx, { period, accounts: null });
  const known = accounts.flatMap(({ account: id, agreement, feeClass, institution }): KnownAccount[] =>
    institution === null || agreement === null ? [] : [{ id, institution, feeClass, agreement }],
  );
  const switches = (await readPlacedSwitches(tx))
    .filter(({ leaf }) => leaf === null || leaf < logSize)
    .map(({ leaf: _leaf, ...one }) => one);
  return statementDocument(
    assembleStatement({
      period,
      logSize: BigInt(logSize),
      rules: statedRules(switches, document.rules.inputs, period),
      accounts: known,
      sums,
      corrections,
    }),
  );
}
