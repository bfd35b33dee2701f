import type { JsonObject } from '../../../audit/canonical-json.js';
import type { FoundEntry, SearchResult } from '../../../audit/search/attempt.js';
import { formatCount } from '../../../fees/kurus.js';
import { momentText } from '../../../pages/formatting.js';
import type { Cell, Part, TablePart, Text } from '../../frame/parts.js';
import { kindWord } from './kind-words.js';
import { purposeWord, resultCell } from './words.js';

/** Address of an entry's story. */
export function storyPath(leaf: bigint): string {
  return `/konsol/guvenlik/kayit/${leaf}`;
}

/** What a page adds to the list. */
export interface TableWishes {
  /** Who acted in an entry, masked: a column of its own. */
  readonly user?: (entry: FoundEntry) => Cell;
  /** Said where nothing was found at all. */
  readonly nothing?: Text;
}

/** A page of entries, newest first; nothing personal is in it. */
export function foundTable(
  entries: readonly FoundEntry[],
  more: boolean,
  { nothing, user }: TableWishes = {},
): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Bulunan kayıtlar, en yenisi başta', en: 'Entries found, the newest first' },
    columns: [
      { label: { tr: 'Kayıt no', en: 'Entry' }, numeric: true },
      { label: { tr: 'Zaman', en: 'Time' } },
      { label: { tr: 'Tür', en: 'Kind' } },
      { label: { tr: 'Sonuç', en: 'Outcome' } },
      { label: { tr: 'Kooperatif', en: 'Cooperative' } },
      { label: { tr: 'Amaç', en: 'Purpose' } },
      { label: { tr: 'Kod', en: 'Code' } },
      ...(user === undefined ? [] : [{ label: { tr: 'Kullanıcı', en: 'User' } }]),
    ],
    rows: entries.map((entry) => [...rowOf(entry), ...(user === undefined ? [] : [user(entry)])]),
    empty: more
      ? {
          tr: 'Bu sayfada uyan kayıt yok; daha eskilerine sonraki sayfada bakılır.',
          en: 'None on this page; older ones are looked at on the next.',
        }
      : (nothing ?? { tr: 'Ölçütlere uyan kayıt yok.', en: 'No entry fits.' }),
  };
}

function rowOf({ at, entry, leafIndex, outcome }: FoundEntry): readonly Cell[] {
  const data = entry.data as JsonObject;
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '');
  const result = outcome === null ? text('outcome') || null : (outcome.outcome ?? outcome.state);
  const code = text('code');
  return [
    { href: storyPath(leafIndex), text: String(leafIndex) },
    momentText(at),
    kindWord(String(entry.kind)),
    resultCell(result),
    text('cooperative'),
    text('purpose') === '' ? '' : purposeWord(text('purpose')),
    code === '' ? '' : { code },
  ];
}

/** What is said beneath the table, with the way on, and back to the newest: the same search made anew. */
export function foundPager(
  result: SearchResult,
  { anew, first }: { readonly anew: string; readonly first: string },
  isFirst: boolean,
): Part {
  const { entries, lookedTo, next } = result;
  const [count, to] = [formatCount(entries.length), String(lookedTo)];
  const shown: Text =
    next === null
      ? {
          tr: `Bu sayfada ${count} kayıt; daha eski uyan kayıt yok.`,
          en: `${count} entries on this page; no older ones fit.`,
        }
      : {
          tr: `Bu sayfada ${count} kayıt; ${to} numaralı kayda kadar bakıldı.`,
          en: `${count} entries on this page; looked at down to entry ${to}.`,
        };
  return {
    part: 'pager',
    shown,
    first: isFirst ? null : anew,
    next: next === null ? null : `${first}?s=${encodeURIComponent(next)}`,
  };
}

/** Ranges that the period touches and that are not in the database: what stands there was not looked at. */
export function detachedNotice({ detached }: SearchResult): readonly Part[] {
  if (detached.length === 0) return [];
  return [
    {
      part: 'notice',
      tone: 'warning',
      text: {
        tr: 'Aranan dönemdeki şu kayıt aralıkları veritabanından çıkarılmıştır; bu aralıklara bakılmadı:',
        en: 'These ranges of the period are detached from the database and were not looked at:',
      },
      list: detached.map(({ count, first }) => `${first} – ${first + count - 1n}`),
    },
  ];
}
