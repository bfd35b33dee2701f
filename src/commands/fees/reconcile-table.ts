import { addDays } from '../../calendar/add-days.js';
import { formatCount, formatSigned, formatSignedTl, formatTl } from '../../fees/kurus.js';
import { DIFFERENCE_CLASSES, type Difference } from '../../fees/reconciliation/classify.js';
import type { Days, Figures } from '../../fees/reconciliation/figures.js';
import type { DifferenceView, ImportView } from '../../fees/reconciliation/list-imports.js';
import { daysText, istanbulText } from './istanbul-text.js';

/** A difference that may have a name and a decision already. */
type Shown = Difference & { readonly id?: string; readonly decision?: string | null };

/** A difference for programs: money as whole kuruş. */
export function differenceJson({ amountKurus, ...one }: Shown): object {
  return { ...one, amountKurus: Number(amountKurus) };
}

/** Differences for people, by class; theirs minus ours. */
export function differenceTable(differences: readonly Shown[]): readonly string[] {
  if (differences.length === 0) return ['no difference: their figures and the book are equal'];
  const lines = DIFFERENCE_CLASSES.flatMap((name) => {
    const some = differences.filter((one) => one.class === name);
    return some.length === 0 ? [] : [`${name}: ${sumsOf(some)}`, ...some.map(differenceLine)];
  });
  return [...lines, `theirs minus ours: ${sumsOf(differences)}`];
}

function differenceLine({ amountKurus, behind, day, decision, id, queries, service }: Shown): string {
  const place = [day ?? 'the period', service ?? 'every service'].join(' ');
  const state = id === undefined ? [] : [id, decision ?? 'not decided'];
  const said = [
    `${formatSigned(queries)} queries`,
    formatSignedTl(amountKurus),
    `${formatCount(behind)} entries behind`,
  ];
  return `  ${[place, ...said, ...state].join('  ')}`;
}

function sumsOf(some: readonly Shown[]): string {
  const queries = some.reduce((sum, one) => sum + one.queries, 0);
  const amount = some.reduce((sum, one) => sum + one.amountKurus, 0n);
  return `${formatSigned(queries)} queries, ${formatSignedTl(amount)}`;
}

/** What a file holds, in one line. */
export function figuresLine({ detail, figures }: Figures, days: Days): string {
  const queries = figures.reduce((sum, one) => sum + one.queries, 0);
  const hasAmounts = figures.every(({ amountKurus }) => amountKurus !== null);
  const amount = figures.reduce((sum, one) => sum + (one.amountKurus ?? 0n), 0n);
  const money = hasAmounts ? formatTl(amount) : 'no amounts';
  return `their figures from ${daysText(days)}, ${detail}: ${figures.length} line(s), ${formatCount(queries)} queries, ${money}`;
}

/** An import for programs: half-open days, as everywhere. */
export function importJson({ to, ...one }: ImportView): object {
  return { ...one, to: addDays(to, 1) };
}

/** An import in one line. */
export function importLine({
  account,
  detail,
  differences,
  from,
  id,
  importedAt,
  open,
  to,
}: ImportView): string {
  return `${id}  ${account}  ${daysText({ from, to: addDays(to, 1) })}, ${detail}, taken in ${istanbulText(importedAt)}: ${differences} difference(s), ${open} not decided`;
}

/** An import with its differences. */
export function importTable(view: ImportView & { readonly of: readonly DifferenceView[] }): string {
  return [importLine(view), ...differenceTable(view.of)].join('\n');
}
