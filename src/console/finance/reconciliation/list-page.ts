import type { Fault } from '../../../fees/reconciliation/figures.js';
import type { ImportView } from '../../../fees/reconciliation/list-imports.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { FormPart, Page, Part } from '../../frame/parts.js';
import { periodText } from '../settling-words.js';
import { DETAIL_NAMES, openMark, RECONCILIATION_PATH } from './words.js';

/** What the page of imports shows. `next`: the last import of the page where more may follow. */
export interface ImportList {
  readonly imports: readonly ImportView[];
  readonly next: string | null;
  readonly isFirst: boolean;
  readonly form: FormPart;
  /** Why the file was refused; null: none was. */
  readonly refused: { readonly faults: readonly Fault[]; readonly more: number } | null;
}

/** Figures that were taken in, and the form for more. */
export function listPage({ form, imports, isFirst, next, refused }: ImportList): Page {
  return {
    title: { tr: 'Mutabakat', en: 'Reconciliation' },
    help: {
      tr: 'Ödenen, İçişleri Bakanlığı’nın sayısıdır; bizimki onu denetlemek içindir. Dönem bitince onların dosyasını yükleyin: önce önizleme görürsünüz, siz “İçe al” demeden hiçbir şey alınmaz. Sonra her fark için bir karar verilir.',
      en: 'What is paid is the Interior Ministry’s count; ours is for checking it. Upload their file once the period is over: you see a preview first, and nothing is taken in until you say so. Then each difference is decided.',
    },
    parts: [
      ...(refused === null ? [] : [refusedNotice(refused)]),
      { part: 'heading', text: { tr: 'Alınan dosyalar', en: 'Files that were taken in' } },
      importTable(imports),
      ...(next === null && isFirst ? [] : [pager(imports.length, next, isFirst)]),
      { part: 'heading', text: { tr: 'Yeni dosya', en: 'A new file' }, id: 'yeni' },
      form,
    ],
  };
}

function importTable(imports: readonly ImportView[]): Part {
  return {
    part: 'table',
    caption: {
      tr: 'İçe alınan sayılar, en yenisi üstte',
      en: 'Figures that were taken in, the newest first',
    },
    columns: [
      { label: { tr: 'Alındı', en: 'Taken in' } },
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Dönem', en: 'Period' } },
      { label: { tr: 'Ayrıntı', en: 'Detail' } },
      { label: { tr: 'Farklar', en: 'Differences' } },
    ],
    rows: imports.map((one) => [
      { href: `${RECONCILIATION_PATH}/${one.id}`, text: momentText(one.importedAt) },
      one.account,
      periodText(one.from, one.to),
      DETAIL_NAMES[one.detail],
      openMark(one),
    ]),
    empty: { tr: 'Henüz dosya alınmadı.', en: 'No file was taken in yet.' },
  };
}

function pager(count: number, next: string | null, isFirst: boolean): Part {
  return {
    part: 'pager',
    shown: { tr: `${count} dosya gösteriliyor`, en: `${count} files are shown` },
    first: isFirst ? null : RECONCILIATION_PATH,
    next: next === null ? null : `${RECONCILIATION_PATH}?once=${next}`,
  };
}

function refusedNotice({ faults, more }: NonNullable<ImportList['refused']>): Part {
  const rest: readonly BothLanguages[] =
    more === 0 ? [] : [{ tr: `ve ${more} hata daha`, en: `and ${more} more` }];
  return {
    part: 'notice',
    tone: 'problem',
    text: {
      tr: 'Dosya kabul edilmedi, hiçbir şey alınmadı. Dosyayı düzeltip yeniden seçin.',
      en: 'The file was refused and nothing was taken in. Mend the file and choose it again.',
    },
    list: [...faults.map(faultText), ...rest],
  };
}

/** Options of the command line have another name on a page. */
const OPTIONS = /--(?:columns queries=…|columns|service "name=KPS service"|sheet)/g;

/** What is wrong with a file, with its line; of the file as a whole a sentence, since “file” stands before it. */
export function faultText({ line, message, tr }: Fault): BothLanguages {
  const en = message.replace(OPTIONS, 'the form');
  return line === null
    ? {
        tr: `${tr.charAt(0).toLocaleUpperCase('tr')}${tr.slice(1)}.`,
        en: `${en.charAt(0).toUpperCase()}${en.slice(1)}.`,
      }
    : { tr: `Satır ${line}: ${tr}.`, en: `Line ${line}: ${en}.` };
}
