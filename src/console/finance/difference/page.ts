import { resultWord } from '../../../fees/export/words.js';
import { formatCount, formatSigned, formatSignedTl } from '../../../fees/kurus.js';
import type { BehindEntry } from '../../../fees/reconciliation/behind.js';
import { decisionsFor } from '../../../fees/reconciliation/decide-difference.js';
import type { DifferenceView, ImportView } from '../../../fees/reconciliation/list-imports.js';
import { dayText, momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { FormFields } from '../../frame/call.js';
import type { Cell, Page, Part, TablePart } from '../../frame/parts.js';
import {
  CLASS_HELP,
  CLASS_NAMES,
  DECISION_NAMES,
  decisionMark,
  EVERY_SERVICE,
  RECONCILIATION_PATH,
  WHOLE_PERIOD,
} from '../reconciliation/words.js';
import { type FieldErrors, NONE, periodText } from '../settling-words.js';
import { inClearHint } from '../two-persons.js';

/** Longest note; it stands in the log in clear. */
export const MAX_NOTE = 500;

/** A difference with a page of the entries behind it. `next`: address of the page after this one. */
export interface ShownDifference {
  readonly difference: DifferenceView;
  readonly of: ImportView;
  readonly entries: readonly BehindEntry[];
  readonly next: string | null;
  readonly isFirst: boolean;
  /** What was typed wrongly; null: nothing was typed. */
  readonly typed: { readonly fields: FormFields; readonly errors: FieldErrors } | null;
}

/** Address of a difference. */
export function differencePath({ id, importId }: Pick<DifferenceView, 'id' | 'importId'>): string {
  return `${RECONCILIATION_PATH}/${importId}/fark/${id}`;
}

/** A difference, what it means, the entries that it can come from, and the form of its decision. */
export function differencePage(shown: ShownDifference): Page {
  const { difference, of } = shown;
  return {
    title: { tr: 'Fark', en: 'A difference' },
    help: {
      tr: 'Fark “onlar eksi biz”dir. Aşağıda bu farkın gelebileceği kayıtlar durur; kimsenin numarası gösterilmez. Karar bir kez verilir ve notunuzla birlikte kayda geçer.',
      en: 'The difference is theirs minus ours. Below stand the entries that it can come from; nobody’s number is shown. It is decided once, and your note stands in the log.',
    },
    back: {
      href: `${RECONCILIATION_PATH}/${difference.importId}`,
      text: { tr: 'Alınan dosya', en: 'The file that was taken in' },
    },
    parts: [
      facts(difference, of),
      { part: 'notice', tone: 'calm', text: CLASS_HELP[difference.class] },
      ...(difference.decision === null ? [decisionForm(shown)] : []),
      { part: 'heading', text: { tr: 'Arkasındaki kayıtlar', en: 'Entries behind it' } },
      entryTable(shown.entries),
      ...pager(shown),
    ],
  };
}

function facts(difference: DifferenceView, of: ImportView): Part {
  return {
    part: 'facts',
    rows: [
      { label: { tr: 'Tür', en: 'Class' }, value: CLASS_NAMES[difference.class] },
      { label: { tr: 'Hesap', en: 'Account' }, value: of.account },
      { label: { tr: 'Dosyanın dönemi', en: 'Period of the file' }, value: periodText(of.from, of.to) },
      {
        label: { tr: 'Gün', en: 'Day' },
        value: difference.day === null ? WHOLE_PERIOD : dayText(difference.day),
      },
      { label: { tr: 'Hizmet', en: 'Service' }, value: difference.service ?? EVERY_SERVICE },
      { label: { tr: 'Adet farkı', en: 'Queries' }, value: formatSigned(difference.queries) },
      { label: { tr: 'Tutar farkı', en: 'Amount' }, value: formatSignedTl(difference.amountKurus) },
      { label: { tr: 'Arkasındaki kayıt', en: 'Entries behind it' }, value: formatCount(difference.behind) },
      { label: { tr: 'Karar', en: 'Decision' }, value: decisionMark(difference.decision) },
    ],
  };
}

function decisionForm({ difference, typed }: ShownDifference): Part {
  const { errors = {}, fields } = typed ?? {};
  const fitting = decisionsFor(difference.class);
  return {
    part: 'form',
    action: differencePath(difference),
    method: 'post',
    grave: difference.class === 'unknown-outcome',
    legend: { tr: 'Karar', en: 'Decision' },
    submit: { tr: 'Kararı kaydet', en: 'Record the decision' },
    fields: [
      {
        ...{ kind: 'radio', name: 'karar', required: true },
        label: { tr: 'Ne yapılacak?', en: 'What is to be done?' },
        value: fields?.get('karar') ?? (fitting.length === 1 ? (fitting[0] ?? '') : ''),
        options: fitting.map((value) => ({ value, text: DECISION_NAMES[value] })),
        error: errors.karar,
      },
      {
        ...{ kind: 'textarea', name: 'not', required: true, maxLength: MAX_NOTE },
        label: { tr: 'Not', en: 'Note' },
        hint: inClearHint({ tr: 'Neden bu karar?', en: 'Why this decision?' }),
        value: fields?.get('not') ?? '',
        error: errors.not,
      },
    ],
  };
}

const SETTLED: Readonly<Record<'counted' | 'not-counted', BothLanguages>> = {
  counted: { tr: 'Sayıldı', en: 'Counted' },
  'not-counted': { tr: 'Sayılmadı', en: 'Not counted' },
};

function entryTable(entries: readonly BehindEntry[]): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Gönderilme sırasıyla sorgular', en: 'Queries in the order of sending' },
    columns: [
      { label: { tr: 'Gönderildi', en: 'Sent' } },
      { label: { tr: 'Sorgu', en: 'Query' } },
      { label: { tr: 'Kayıt', en: 'Leaf' }, numeric: true },
      { label: { tr: 'Hizmet', en: 'Service' } },
      { label: { tr: 'Sonuç', en: 'Result' } },
      { label: { tr: 'Birim', en: 'Units' }, numeric: true },
      { label: { tr: 'Kesinleşme', en: 'Settled' } },
    ],
    rows: entries.map((one): readonly Cell[] => [
      momentText(one.sentAt),
      { code: one.query },
      String(one.leaf),
      one.service,
      { tr: resultWord(one.result), en: one.result },
      formatCount(one.units),
      one.settled === null ? NONE : SETTLED[one.settled],
    ]),
    empty: { tr: 'Bizde kayıt yok.', en: 'No entry of ours.' },
  };
}

function pager({ difference, entries, isFirst, next }: ShownDifference): readonly Part[] {
  if (next === null && isFirst) return [];
  return [
    {
      part: 'pager',
      shown: { tr: `${entries.length} kayıt gösteriliyor`, en: `${entries.length} entries are shown` },
      next,
    },
    {
      part: 'links',
      label: { tr: 'Kayıtlar', en: 'Entries' },
      links: [{ href: differencePath(difference), text: { tr: 'Baştan', en: 'From the first' } }],
    },
  ];
}
