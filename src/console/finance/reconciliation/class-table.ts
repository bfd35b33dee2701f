import { formatCount, formatSigned, formatSignedTl, formatTl, type Kurus } from '../../../fees/kurus.js';
import { DIFFERENCE_CLASSES, type DifferenceClass } from '../../../fees/reconciliation/classify.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, TablePart } from '../../frame/parts.js';
import { NONE } from '../settling-words.js';

/** Differences of one class, or of all: theirs minus ours. */
export interface DifferenceSum {
  readonly differences: number;
  readonly queries: number;
  readonly amountKurus: bigint;
}

/** How a class is named in its row, and a last column that the others do not have. */
interface ClassRows<S> {
  readonly name: (of: DifferenceClass) => Cell;
  readonly last?: { readonly label: BothLanguages; readonly cell: (sum: S) => Cell };
}

/** The classes that have differences, in their order, and the sum of all of them. */
export function classTable<S extends DifferenceSum>(
  classes: ReadonlyMap<DifferenceClass, S>,
  total: S,
  { last, name }: ClassRows<S>,
): TablePart {
  const cells = (sum: S): readonly Cell[] => [
    formatCount(sum.differences),
    formatSigned(sum.queries),
    formatSignedTl(sum.amountKurus),
    ...(last === undefined ? [] : [last.cell(sum)]),
  ];
  return {
    part: 'table',
    caption: { tr: 'Türüne göre farklar (onlar eksi biz)', en: 'Differences by class (theirs minus ours)' },
    columns: [
      { label: { tr: 'Tür', en: 'Class' } },
      { label: { tr: 'Kaç fark', en: 'Differences' }, numeric: true },
      { label: { tr: 'Adet', en: 'Queries' }, numeric: true },
      { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
      ...(last === undefined ? [] : [{ label: last.label, numeric: true }]),
    ],
    rows: DIFFERENCE_CLASSES.flatMap((of) => {
      const sum = classes.get(of);
      return sum === undefined ? [] : [[name(of), ...cells(sum)]];
    }),
    foot: [{ tr: 'Toplam', en: 'Total' }, ...cells(total)],
    empty: { tr: 'Fark yok: sayılar deftere eşit.', en: 'None: their figures and the book are equal.' },
  };
}

/** Money where there is some to be told; what has no amounts has none. */
export function moneyOrNone(amount: Kurus | null): string {
  return amount === null ? NONE : formatTl(amount);
}
