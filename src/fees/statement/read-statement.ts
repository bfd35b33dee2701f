import type { Transaction } from '../../storage/database.js';
import { readSwitches } from '../tariff/read-switches.js';
import type { ServiceInputs } from '../tariff/tariff.js';
import { assembleStatement, type KnownAccount } from './assemble.js';
import { statedRules } from './charged.js';
import { readSums, type WantedCuts } from './read-sums.js';
import type { Period, Statement } from './statement.js';

/** What the settings say that a statement repeats. */
export interface StatementSettings {
  readonly inputs: readonly ServiceInputs[];
  readonly accounts: readonly KnownAccount[];
}

/** What is asked for. `account` null: all of them. `cuts`: all unless said; a statement to be kept has all. */
export interface StatementWish {
  readonly period: Period;
  readonly account: string | null;
  readonly cuts?: WantedCuts;
}

/**
 * The statement of a period as the book has it now, of what was folded in so far: `foldLines` goes before. For a closed quarter
 * `readQuarter` gives the frozen one. One transaction with a snapshot of its own (REPEATABLE READ) is the caller's.
 */
export async function readStatement(
  tx: Transaction,
  settings: StatementSettings,
  { account, cuts, period }: StatementWish,
): Promise<Statement> {
  const { rows } = await tx.query<{ size: bigint }>({ text: 'SELECT size FROM bridge.fee_fold' });
  const accounts = account === null ? null : [account];
  const { corrections, sums } = await readSums(tx, {
    period,
    accounts,
    ...(cuts === undefined ? {} : { cuts }),
  });
  return assembleStatement({
    period,
    logSize: rows[0]?.size ?? 0n,
    rules: statedRules(await readSwitches(tx), settings.inputs, period),
    accounts: settings.accounts.filter(({ id }) => account === null || id === account),
    sums,
    corrections,
  });
}
