import { formatCount, formatSigned, formatSignedTl } from '../../../fees/kurus.js';
import type { Difference, DifferenceClass } from '../../../fees/reconciliation/classify.js';
import type { Figures } from '../../../fees/reconciliation/figures.js';
import type { HeldAgainst } from '../../../fees/reconciliation/hold-against.js';
import { type PlacedPair, type SidePair, sideBySide } from '../../../fees/reconciliation/side-by-side.js';
import { dayText } from '../../../pages/formatting.js';
import type { Cell, Page, Part, TablePart } from '../../frame/parts.js';
import { daysText, NONE } from '../settling-words.js';
import { classTable, type DifferenceSum, moneyOrNone } from './class-table.js';
import type { FiguresOrder } from './figures-order.js';
import { CLASS_NAMES, DETAIL_NAMES, EVERY_SERVICE, RECONCILIATION_PATH, WHOLE_PERIOD } from './words.js';

/** A file that was read and not taken in. `same`: the import of the same file for the same days. */
export interface Preview {
  readonly look: string;
  readonly order: FiguresOrder;
  readonly figures: Figures;
  readonly held: HeldAgainst;
  readonly same: string | null;
}

/** Places that are shown: two screens. */
const SHOWN = 50;

/** What the file says, beside what the book says, and what would come of it. */
export function previewPage(preview: Preview): Page {
  const { figures, held, look, same } = preview;
  const { rows, total } = sideBySide(held.ours, figures.figures);
  return {
    title: { tr: 'Önizleme: henüz hiçbir şey alınmadı', en: 'Preview: nothing was taken in yet' },
    help: {
      tr: 'Dosyanın söylediği ile defterin söylediği yan yana. Doğru dosya ve doğru dönem olduğundan eminseniz “İçe al”ın; vazgeçerseniz hiçbir iz kalmaz.',
      en: 'What the file says beside what the book says. Where it is the right file for the right period, take it in; otherwise leave, and nothing remains.',
    },
    back: { href: RECONCILIATION_PATH, text: { tr: 'Mutabakat', en: 'Reconciliation' } },
    parts: [
      facts(preview, total),
      { part: 'heading', text: { tr: 'Yan yana', en: 'Side by side' } },
      placesTable(rows, total),
      ...(rows.length > SHOWN ? [moreText(rows.length - SHOWN)] : []),
      { part: 'heading', text: { tr: 'Çıkacak farklar', en: 'Differences that would come' } },
      classTable(sumsByClass(held.differences), sumOf(held.differences), { name: (of) => CLASS_NAMES[of] }),
      ...(same === null ? [importForm(look)] : [sameNotice(same)]),
      {
        part: 'links',
        label: { tr: 'Başka', en: 'Else' },
        links: [
          {
            href: `${RECONCILIATION_PATH}#yeni`,
            text: { tr: 'Vazgeç, başka dosya seç', en: 'Leave it and choose another file' },
            kind: 'second',
          },
        ],
      },
    ],
  };
}

function facts({ figures, order }: Preview, { theirs }: SidePair): Part {
  return {
    part: 'facts',
    rows: [
      { label: { tr: 'Dosya', en: 'File' }, value: order.name },
      { label: { tr: 'Hesap', en: 'Account' }, value: order.account },
      { label: { tr: 'Dönem', en: 'Period' }, value: daysText(order.days) },
      { label: { tr: 'Satır', en: 'Lines' }, value: formatCount(figures.figures.length) },
      { label: { tr: 'Ayrıntı', en: 'Detail' }, value: DETAIL_NAMES[figures.detail] },
      { label: { tr: 'Dosyadaki sorgu', en: 'Queries in the file' }, value: formatCount(theirs.queries) },
      { label: { tr: 'Dosyadaki tutar', en: 'Amount in the file' }, value: moneyOrNone(theirs.amountKurus) },
    ],
  };
}

function placesTable(rows: readonly PlacedPair[], total: SidePair): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Gün ve hizmete göre, onlar ve biz', en: 'By day and service, theirs and ours' },
    columns: [
      { label: { tr: 'Gün', en: 'Day' } },
      { label: { tr: 'Hizmet', en: 'Service' } },
      { label: { tr: 'Onlarda adet', en: 'Their count' }, numeric: true },
      { label: { tr: 'Bizde adet', en: 'Our count' }, numeric: true },
      { label: { tr: 'Fark', en: 'Difference' }, numeric: true },
      { label: { tr: 'Onlarda tutar', en: 'Their amount' }, numeric: true },
      { label: { tr: 'Bizde tutar', en: 'Our amount' }, numeric: true },
      { label: { tr: 'Tutar farkı', en: 'Difference in money' }, numeric: true },
    ],
    rows: rows
      .slice(0, SHOWN)
      .map((row) => [
        row.day === null ? WHOLE_PERIOD : dayText(row.day),
        row.service ?? EVERY_SERVICE,
        ...pairCells(row),
      ]),
    foot: [{ tr: 'Toplam', en: 'Total' }, '', ...pairCells(total)],
    empty: { tr: 'Satır yok.', en: 'No lines.' },
  };
}

function pairCells({ delta, ours, theirs }: SidePair): readonly Cell[] {
  return [
    formatCount(theirs.queries),
    formatCount(ours.queries),
    formatSigned(delta.queries),
    moneyOrNone(theirs.amountKurus),
    moneyOrNone(ours.amountKurus),
    delta.amountKurus === null ? NONE : formatSignedTl(delta.amountKurus),
  ];
}

function moreText(count: number): Part {
  const more = formatCount(count);
  return {
    part: 'text',
    quiet: true,
    text: {
      tr: `${more} satır daha var; toplam hepsini içerir.`,
      en: `${more} more lines are not shown; the total holds all of them.`,
    },
  };
}

function sumOf(some: readonly Difference[]): DifferenceSum {
  return {
    differences: some.length,
    queries: some.reduce((sum, { queries }) => sum + queries, 0),
    amountKurus: some.reduce((sum, { amountKurus }) => sum + amountKurus, 0n),
  };
}

/** Of each class that there is. */
function sumsByClass(differences: readonly Difference[]): ReadonlyMap<DifferenceClass, DifferenceSum> {
  const classes = new Set(differences.map((one) => one.class));
  return new Map([...classes].map((of) => [of, sumOf(differences.filter((one) => one.class === of))]));
}

function importForm(look: string): Part {
  return {
    part: 'form',
    action: `${RECONCILIATION_PATH}/onizleme/${look}`,
    method: 'post',
    fields: [],
    submit: { tr: 'İçe al', en: 'Take in' },
    legend: {
      tr: 'İçe alınan dosya silinemez; her fark için bir karar gerekir.',
      en: 'A file that was taken in cannot be removed; each difference needs a decision.',
    },
  };
}

function sameNotice(id: string): Part {
  return {
    part: 'notice',
    tone: 'warning',
    text: {
      tr: 'Bu dosya bu hesap ve günler için daha önce alındı; ikinci kez alınmaz.',
      en: 'This file was taken in for this account and these days before; it is not taken in twice.',
    },
    link: { href: `${RECONCILIATION_PATH}/${id}`, text: { tr: 'O dosyaya git', en: 'Go to it' } },
  };
}
