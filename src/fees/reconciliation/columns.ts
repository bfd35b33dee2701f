import type { Words } from '../words.js';
import type { Detail } from './figures.js';

/** What a column can hold. */
export const FIELDS = ['day', 'service', 'queries', 'amount', 'amountKurus'] as const;
export type Field = (typeof FIELDS)[number];

/** What people call them. */
export const FIELD_NAMES: Readonly<Record<Field, string>> = {
  day: 'Gün',
  service: 'Hizmet',
  queries: 'Adet',
  amount: 'Tutar',
  amountKurus: 'Tutar (kuruş)',
};

/** Names of columns that were given for a field: they alone are looked for. */
export type NamedColumns = Readonly<Partial<Record<Field, string>>>;

/** Where the fields stand. */
export type Columns = Readonly<Partial<Record<Field, number>>>;

/** Headers that are known without being named; (D): the form of NVİ's screen is not public. */
const HEADERS: Readonly<Record<Field, readonly string[]>> = {
  day: ['Tarih', 'Gün', 'Sorgu Tarihi', 'İşlem Tarihi', 'Date', 'Day'],
  service: ['Hizmet', 'Servis', 'Hizmet Adı', 'Servis Adı', 'Service', 'Service Name'],
  queries: [
    'Adet',
    'Sorgu Adedi',
    'Sorgu Sayısı',
    'İşlem Adedi',
    'İşlem Sayısı',
    'Count',
    'Queries',
    'Query Count',
  ],
  amount: ['Tutar', 'Tutar (TL)', 'Ücret', 'Bedel', 'Amount', 'Amount (TL)'],
  amountKurus: ['Tutar (kuruş)', 'Kuruş', 'Amount (kuruş)'],
};

/** Names that differ in case, blanks or the dot of i alone are one: Turkish and English capitals of i differ. */
export function fold(name: string): string {
  return name.normalize('NFC').toLocaleLowerCase('tr').replaceAll('ı', 'i').replace(/\s+/gu, '');
}

/** Where each field stands in a header, or what is wrong with it, in our own words. */
export function findColumns(
  header: readonly string[],
  named: NamedColumns,
): { readonly columns: Columns; readonly problems: readonly Words[] } {
  const folded = header.map(fold);
  const columns: Partial<Record<Field, number>> = {};
  const problems: Words[] = [];
  let lacksQueries = true;
  for (const field of FIELDS) {
    const name = named[field];
    const wanted = new Set((name === undefined ? HEADERS[field] : [name]).map(fold));
    const places = folded.flatMap((cell, i) => (wanted.has(cell) ? [i] : []));
    const before = problems.length;
    if (places.length > 1)
      problems.push({
        en: `more than one column for ${field}: name one with --columns`,
        tr: `“${FIELD_NAMES[field]}” için birden çok sütun var: birinin adını yazın`,
      });
    else if (places[0] !== undefined) columns[field] = places[0];
    else if (name !== undefined)
      problems.push({
        en: `no column has the name that --columns gives for ${field}`,
        tr: `“${FIELD_NAMES[field]}” için yazdığınız adda bir sütun yok`,
      });
    if (field === 'queries') lacksQueries = places.length === 0 && problems.length === before;
  }
  return { columns, problems: [...problems, ...missing(columns, lacksQueries)] };
}

function missing(columns: Columns, lacksQueries: boolean): readonly Words[] {
  const all: Words[] = [];
  const known = HEADERS.queries.join(', ');
  if (lacksQueries)
    all.push({
      en: `no column for queries (${known}): name it with --columns queries=…`,
      tr: `sorgu adedi için sütun yok (${known}): adını yazın`,
    });
  if (columns.amount !== undefined && columns.amountKurus !== undefined)
    all.push({
      en: 'a column for amount and one for amountKurus: name one with --columns',
      tr: 'hem lira hem kuruş için sütun var: birinin adını yazın',
    });
  const places = Object.values(columns);
  if (new Set(places).size !== places.length)
    all.push({ en: 'two fields have the same column', tr: 'iki alan aynı sütuna bakıyor' });
  return all;
}

/** What a line is about, by the columns that there are. */
export function detailOf({ day, service }: Columns): Detail {
  if (day !== undefined) return service === undefined ? 'day' : 'day-service';
  return service === undefined ? 'total' : 'service';
}
