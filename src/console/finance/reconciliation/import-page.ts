import { addKurus, formatCount, formatSigned, formatSignedTl, kurus, NOTHING } from '../../../fees/kurus.js';
import type { DifferenceClass } from '../../../fees/reconciliation/classify.js';
import type { ClassSum, FiguresSum } from '../../../fees/reconciliation/import-sums.js';
import type { DifferenceView, ImportView } from '../../../fees/reconciliation/list-imports.js';
import { dayText, momentText } from '../../../pages/formatting.js';
import type { Page, Part, TablePart } from '../../frame/parts.js';
import { NONE, periodText } from '../settling-words.js';
import { classTable, moneyOrNone } from './class-table.js';
import {
  CLASS_NAMES,
  DETAIL_NAMES,
  decisionMark,
  EVERY_SERVICE,
  openMark,
  RECONCILIATION_PATH,
  WHOLE_PERIOD,
} from './words.js';

/** One import with a page of its differences; `of` null: of every class. `next`: place of the last one where more may follow. */
export interface ShownImport {
  readonly found: ImportView;
  readonly theirs: FiguresSum;
  readonly classes: readonly ClassSum[];
  readonly differences: readonly DifferenceView[];
  readonly of: DifferenceClass | null;
  readonly isFirst: boolean;
  readonly next: number | null;
}

/** An import: both sums, differences by class, and each of them. */
export function importPage(shown: ShownImport): Page {
  const { classes, found, of, theirs } = shown;
  return {
    title: { tr: 'Mutabakat: alınan dosya', en: 'Reconciliation: a file that was taken in' },
    help: {
      tr: 'Farklar “onlar eksi biz”dir ve toplamları bütün farka eşittir. Her fark için bir kez karar verilir; karar vermek için farkın üstüne tıklayın.',
      en: 'Differences are theirs minus ours and add up to the whole. Each is decided once; open it to decide.',
    },
    back: { href: RECONCILIATION_PATH, text: { tr: 'Mutabakat', en: 'Reconciliation' } },
    parts: [
      {
        part: 'facts',
        rows: [
          { label: { tr: 'Hesap', en: 'Account' }, value: found.account },
          { label: { tr: 'Dönem', en: 'Period' }, value: periodText(found.from, found.to) },
          { label: { tr: 'Alındı', en: 'Taken in' }, value: momentText(found.importedAt) },
          { label: { tr: 'Ayrıntı', en: 'Detail' }, value: DETAIL_NAMES[found.detail] },
          { label: { tr: 'Satır', en: 'Lines' }, value: formatCount(theirs.lines) },
          { label: { tr: 'Durum', en: 'State' }, value: openMark(found) },
        ],
      },
      sumsTable(theirs, classes),
      { part: 'heading', text: { tr: 'Türüne göre', en: 'By class' } },
      classTable(new Map(classes.map((one) => [one.class, one])), totalOf(classes), {
        name: (of) => ({
          href: `${RECONCILIATION_PATH}/${found.id}?sinif=${of}#farklar`,
          text: CLASS_NAMES[of],
        }),
        last: {
          label: { tr: 'Karar bekleyen', en: 'Not decided' },
          cell: ({ open }) => formatCount(open),
        },
      }),
      {
        part: 'heading',
        text: of === null ? { tr: 'Bütün farklar', en: 'All differences' } : CLASS_NAMES[of],
        id: 'farklar',
      },
      differenceTable(found.id, shown.differences),
      ...pager(shown),
    ],
  };
}

/** Ours is what it was when the file was taken in: the deltas of an import add up exactly to the whole. */
function sumsTable(theirs: FiguresSum, classes: readonly ClassSum[]): TablePart {
  const delta = totalOf(classes);
  const ours = theirs.amountKurus === null ? null : kurus(theirs.amountKurus - delta.amountKurus);
  return {
    part: 'table',
    caption: { tr: 'Toplamlar', en: 'Sums' },
    columns: [
      { label: { tr: 'Kim', en: 'Who' } },
      { label: { tr: 'Adet', en: 'Queries' }, numeric: true },
      { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
    ],
    rows: [
      [{ tr: 'Onlar', en: 'Theirs' }, formatCount(theirs.queries), moneyOrNone(theirs.amountKurus)],
      [
        { tr: 'Biz (dosya alındığında)', en: 'Ours (when it was taken in)' },
        formatCount(theirs.queries - delta.queries),
        moneyOrNone(ours),
      ],
    ],
    foot: [
      { tr: 'Fark', en: 'Difference' },
      formatSigned(delta.queries),
      theirs.amountKurus === null ? NONE : formatSignedTl(delta.amountKurus),
    ],
    empty: NONE,
  };
}

function totalOf(classes: readonly ClassSum[]): Omit<ClassSum, 'class'> {
  const sum = (pick: (one: ClassSum) => number) => classes.reduce((all, one) => all + pick(one), 0);
  return {
    differences: sum(({ differences }) => differences),
    open: sum(({ open }) => open),
    queries: sum(({ queries }) => queries),
    amountKurus: addKurus(NOTHING, ...classes.map(({ amountKurus }) => amountKurus)),
  };
}

function differenceTable(id: string, differences: readonly DifferenceView[]): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Farklar', en: 'Differences' },
    columns: [
      { label: { tr: 'Tür', en: 'Class' } },
      { label: { tr: 'Gün', en: 'Day' } },
      { label: { tr: 'Hizmet', en: 'Service' } },
      { label: { tr: 'Adet', en: 'Queries' }, numeric: true },
      { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
      { label: { tr: 'Arkasındaki kayıt', en: 'Entries behind' }, numeric: true },
      { label: { tr: 'Karar', en: 'Decision' } },
    ],
    rows: differences.map((one) => [
      { href: `${RECONCILIATION_PATH}/${id}/fark/${one.id}`, text: CLASS_NAMES[one.class] },
      one.day === null ? WHOLE_PERIOD : dayText(one.day),
      one.service ?? EVERY_SERVICE,
      formatSigned(one.queries),
      formatSignedTl(one.amountKurus),
      formatCount(one.behind),
      decisionMark(one.decision),
    ]),
    empty: { tr: 'Fark yok.', en: 'None.' },
  };
}

function pager({ differences, found, isFirst, next, of }: ShownImport): readonly Part[] {
  if (next === null && isFirst && of === null) return [];
  const base = `${RECONCILIATION_PATH}/${found.id}`;
  const query = of === null ? '' : `sinif=${of}&`;
  return [
    {
      part: 'pager',
      shown: {
        tr: `${differences.length} fark gösteriliyor`,
        en: `${differences.length} differences are shown`,
      },
      next: next === null ? null : `${base}?${query}sonra=${next}#farklar`,
    },
    {
      part: 'links',
      label: { tr: 'Farklar', en: 'Differences' },
      links: [
        {
          href: `${base}#farklar`,
          text: { tr: 'Bütün farklar, baştan', en: 'All differences, from the first' },
        },
      ],
    },
  ];
}
