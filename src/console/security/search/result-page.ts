import type { SearchResult } from '../../../audit/search/attempt.js';
import type { Refusal } from '../../../errors/refusal.js';
import { dayText, momentText } from '../../../pages/formatting.js';
import type { Answer } from '../../frame/call.js';
import type { Cell, Page, Part, Text } from '../../frame/parts.js';
import { detachedNotice, foundPager, foundTable, type TableWishes } from './found-table.js';
import type { KeptSearch, ShownPaths } from './kept.js';
import { kindWord } from './kind-words.js';
import { purposeWord, resultWord } from './words.js';

/** What a page of results stands under. */
export interface ResultFrame {
  readonly title: Text;
  readonly help: Text;
  readonly paths: ShownPaths;
  readonly back: NonNullable<Page['back']>;
  /** Between the criteria and the list. */
  readonly before?: readonly Part[];
  readonly table?: TableWishes;
}

/** One page of a search. */
export function resultPage(
  frame: ResultFrame,
  kept: KeptSearch,
  result: SearchResult,
  isFirst: boolean,
): Page {
  const { back, before = [], help, paths, table, title } = frame;
  return {
    title,
    help,
    back,
    parts: [
      { part: 'facts', rows: criteriaRows(kept) },
      ...detachedNotice(result),
      ...before,
      foundTable(result.entries, result.next !== null, table),
      foundPager(result, paths, isFirst),
      {
        part: 'text',
        quiet: true,
        text: {
          tr: `Bu sayfanın gösterildiği, ${result.receipt.leafIndex} numaralı kayda yazıldı.`,
          en: `That this page was shown is written down in entry ${result.receipt.leafIndex}.`,
        },
      },
    ],
  };
}

/** What was searched for, without any number of a person. */
function criteriaRows({
  basis,
  criteria,
  madeAt,
}: KeptSearch): { readonly label: Text; readonly value: Cell }[] {
  const rows: { label: Text; value: Cell }[] = [
    {
      label: { tr: 'Dayanak', en: 'Basis' },
      value: { lines: [basis.authority, basis.documentNo, dayText(basis.date)] },
    },
    // What came in later is not on these pages.
    { label: { tr: 'Aramanın yapıldığı an', en: 'Searched at' }, value: momentText(madeAt) },
  ];
  const add = (label: Text, value: Cell | null) => {
    if (value !== null) rows.push({ label, value });
  };
  const closed = { tr: 'belirtildi (gösterilmez)', en: 'given (not shown)' };
  add({ tr: 'Kişi', en: 'Person' }, criteria.person === null ? null : closed);
  add({ tr: 'Kullanıcı', en: 'User' }, criteria.actor === null ? null : closed);
  add({ tr: 'Başlangıç', en: 'From' }, instantCell(criteria.from));
  add({ tr: 'Bitiş', en: 'Until' }, instantCell(criteria.to));
  add(
    { tr: 'Türler', en: 'Kinds' },
    criteria.kinds.length === 0 ? null : { lines: criteria.kinds.map(kindWord) },
  );
  add({ tr: 'Kooperatif', en: 'Cooperative' }, criteria.cooperative);
  add({ tr: 'Amaç', en: 'Purpose' }, criteria.purpose === null ? null : purposeWord(criteria.purpose));
  add({ tr: 'Sonuç', en: 'Outcome' }, criteria.outcome === null ? null : resultWord(criteria.outcome));
  add({ tr: 'Ekran', en: 'Screen' }, criteria.screen);
  add({ tr: 'Servis', en: 'Service' }, criteria.service);
  add({ tr: 'Dosya no', en: 'Reference' }, criteria.reference);
  add({ tr: 'Sorgu no', en: 'Query id' }, criteria.query === null ? null : { code: criteria.query });
  add({ tr: 'Oturum no', en: 'Session id' }, criteria.session === null ? null : { code: criteria.session });
  add({ tr: 'Kod', en: 'Code' }, criteria.code === null ? null : { code: criteria.code });
  return rows;
}

function instantCell(kept: string | null): Cell | null {
  if (kept === null) return null;
  return kept.includes('T') ? momentText(new Date(kept)) : momentText(new Date(`${kept}T00:00:00+03:00`));
}

/** The limit of searches is reached: told with when to go on, on a page that can be asked for again. */
export function limitedAnswer(refusal: Refusal, again: string): Answer {
  const seconds = refusal.detail.retryAfterS ?? 60;
  return {
    kind: 'page',
    status: 429,
    page: {
      title: { tr: 'Arama sınırına ulaşıldı', en: 'The limit of searches is reached' },
      help: {
        tr: 'Bir dakikada gösterilebilecek sonuç sayfası sayısı sınırlıdır. Çok sayıda kayıt için dışa aktarma kullanılır.',
        en: 'How many pages of results a minute may be shown is limited. For many entries there is the export.',
      },
      parts: [
        {
          part: 'notice',
          tone: 'warning',
          text: {
            tr: `Bu dakikadaki arama hakkınız doldu. ${seconds} saniye sonra yeniden deneyiniz. Reddedildiği kayda geçti.`,
            en: `Your searches of this minute are used up. Try again in ${seconds} seconds. The refusal is written down.`,
          },
          link: { href: again, text: { tr: 'Yeniden dene', en: 'Try again' } },
        },
      ],
    },
  };
}
