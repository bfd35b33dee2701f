import { formatCount, formatTl } from '../../fees/kurus.js';
import type { QuarterView } from '../../fees/quarter/read-quarter.js';

/** A quarter for people: state, hash, the days for paying, and one line for each account and class. */
export function quarterTable({
  document: { accounts, total },
  due,
  payBy,
  quarter,
  state,
  statementSha256,
}: QuarterView): string {
  const note = payBy === due ? '' : ` (no working day: the next one is ${payBy})`;
  const rows = [
    ['account', 'class', 'queries', 'units', 'amount'],
    ...accounts.map((one) => [one.account, one.feeClass, ...figures(one)]),
    ['total', '', ...figures(total)],
  ];
  return [
    `${quarter}: ${state}`,
    `statement  ${statementSha256 === null ? 'not frozen' : `SHA-256 ${statementSha256}`}`,
    `due        ${due}${note}`,
    ...aligned(rows),
  ].join('\n');
}

function figures(one: { readonly queries: number; readonly units: number; readonly amountKurus: number }) {
  return [formatCount(one.queries), formatCount(one.units), formatTl(BigInt(one.amountKurus))];
}

/** Names to the left, figures to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
