import { BridgeError } from '../../errors/bridge-error.js';
import type { StatementDocument } from '../statement/statement-document.js';
import type { CorrectionLine } from './port.js';

type Sums = readonly [lines: bigint, units: bigint, amountKurus: bigint];

/**
 * Corrections one by one, held against what the statement says of them: a closed one is kept as it was frozen, and a file must not list
 * others under its hash. Errors: `LOG_INCONSISTENT` after the last one where they do not add up.
 */
export async function* addedUp(
  { accounts }: Pick<StatementDocument, 'accounts'>,
  rows: AsyncIterable<CorrectionLine>,
): AsyncGenerator<CorrectionLine> {
  const listed = new Map<string, Sums>();
  for await (const row of rows) {
    const key = `${row.account} ${row.feeClass}`;
    const [lines, units, amount] = listed.get(key) ?? [0n, 0n, 0n];
    listed.set(key, [lines + 1n, units + BigInt(row.units), amount + row.amountKurus]);
    yield row;
  }
  for (const { account, corrections, feeClass } of accounts) {
    const key = `${account} ${feeClass}`;
    const said = [corrections.lines, corrections.units, corrections.amountKurus].map(BigInt);
    const found = listed.get(key) ?? [0n, 0n, 0n];
    listed.delete(key);
    if (said.some((one, i) => one !== found[i])) throw otherOnes();
  }
  if (listed.size > 0) throw otherOnes();
}

function otherOnes(): BridgeError {
  return new BridgeError('LOG_INCONSISTENT', 'the corrections are not those that the statement adds up');
}
