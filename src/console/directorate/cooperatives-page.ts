import type { Area } from '../../authority/area/area.js';
import type {
  CooperativeFilter,
  CooperativePage,
  ListedCooperative,
} from '../../authority/area/list-cooperatives.js';
import { COMPETENCE } from '../../authority/competence.js';
import { PROVINCES } from '../../authority/roles/provinces.js';
import { momentText } from '../../pages/formatting.js';
import type { BothLanguages } from '../../pages/views.js';
import { containsKimlikNo } from '../../person/contains-kimlik-no.js';
import { mersisHolder, parseMersisNo } from '../../person/mersis-no.js';
import type { Cell, Field, Page } from '../frame/parts.js';
import { fileLinks } from '../frame/table-file.js';
import { STATUSES, statusCell, statusText } from './words.js';

const PATH = '/konsol/mudurluk/kooperatifler';
const FILE = { tr: 'Kooperatifler ve işlem yapabilenler', en: 'Cooperatives and those who may act' };
const MAX_NAME = 300;
const LEGAL_PERSON = /^0[0-9]{15}$/;

/** What stands in the address, as it was typed, and what is wrong with it. */
export interface TypedFilter {
  readonly unvan: string;
  readonly mersisNo: string;
  readonly tur: string;
  readonly durum: string;
  readonly il: string;
  readonly kimse: boolean;
  readonly after: string | null;
  readonly errors: { readonly unvan?: BothLanguages; readonly mersisNo?: BothLanguages };
}

const NO_PERSON: BothLanguages = {
  tr: 'Burada kişi aranmaz; kimlik numarası yazmayın.',
  en: 'No persons are looked for here; do not write an identity number.',
};

/** The filter of an address. What may be a person's number is not repeated. Words that no list offers count as not said. */
export function typedFilter(query: URLSearchParams): TypedFilter {
  const of = (name: string) => (query.get(name) ?? '').normalize('NFC').trim();
  const one = (name: string, known: readonly string[]) => (known.includes(of(name)) ? of(name) : '');
  const [unvan, mersisNo] = [of('unvan'), of('mersis')];
  const errors = { ...nameError(unvan), ...numberError(mersisNo) };
  const after = of('sonra');
  return {
    unvan: containsKimlikNo(unvan) ? '' : unvan,
    mersisNo: isPersonal(mersisNo) ? '' : mersisNo,
    tur: one('tur', KINDS),
    durum: one('durum', STATUSES),
    il: one('il', PROVINCES),
    kimse: of('kimse') === '1',
    after: LEGAL_PERSON.test(after) ? after : null,
    errors,
  };
}

function nameError(unvan: string): TypedFilter['errors'] {
  if (containsKimlikNo(unvan)) return { unvan: NO_PERSON };
  if (unvan.length <= MAX_NAME) return {};
  return { unvan: { tr: 'En çok 300 karakter yazın.', en: 'Write 300 characters at the most.' } };
}

function numberError(text: string): TypedFilter['errors'] {
  if (isPersonal(text)) return { mersisNo: NO_PERSON };
  if (text === '' || LEGAL_PERSON.test(text)) return {};
  return {
    mersisNo: { tr: '0 ile başlayan on altı rakam yazın.', en: 'Write sixteen digits, the first a 0.' },
  };
}

/** A natural person's MERSİS number begins with that person's own. */
function isPersonal(text: string): boolean {
  const parsed = parseMersisNo(text);
  return containsKimlikNo(text) || (parsed.ok && mersisHolder(parsed.value) === 'natural-person');
}

const KINDS: readonly string[] = [...new Set(COMPETENCE.map(({ tur }) => tur))].sort((a, b) =>
  a.localeCompare(b, 'tr'),
);

/** The same for the rooms beneath. */
export function filterOf(typed: TypedFilter): CooperativeFilter {
  const orNull = (text: string) => (text === '' ? null : text);
  return {
    beginning: orNull(typed.unvan),
    mersisNo: orNull(typed.mersisNo),
    tur: orNull(typed.tur),
    durum: orNull(typed.durum),
    il: orNull(typed.il),
    nobodyActs: typed.kimse,
  };
}

/** Cooperatives of the own area. `found` null: the filter is wrong, and nothing was looked for. */
export function cooperativesPage(
  areas: readonly Area[],
  typed: TypedFilter,
  found: CooperativePage | null,
): Page {
  return {
    title: { tr: 'Kooperatifler', en: 'Cooperatives' },
    help: {
      tr: 'Görev alanınızdaki kooperatifler, ünvan sırasıyla. Ünvanın başını yazarak daraltın; büyük-küçük harf fark etmez.',
      en: 'The cooperatives of your area by name. Narrow the list by the beginning of the name; capitals do not matter.',
    },
    back: { href: '/konsol/mudurluk', text: { tr: 'Müdürlük', en: 'Directorate' } },
    parts: [
      {
        part: 'form',
        action: PATH,
        method: 'get',
        inline: true,
        fields: fieldsOf(areas, typed),
        submit: { tr: 'Süz', en: 'Filter' },
      },
      ...(found === null ? [] : listOf(typed, found)),
    ],
  };
}

function fieldsOf(areas: readonly Area[], typed: TypedFilter): readonly Field[] {
  const any = { value: '', text: { tr: 'Hepsi', en: 'Any' } };
  const own = new Set(areas.map(({ ministry }) => ministry));
  const kinds = KINDS.filter((kind) =>
    COMPETENCE.some(({ ministry, tur }) => tur === kind && own.has(ministry)),
  );
  const isCentral = areas.some(({ il }) => il === null);
  const iller = isCentral ? PROVINCES : areas.flatMap(({ il }) => (il === null ? [] : [il]));
  return [
    {
      kind: 'text',
      name: 'unvan',
      label: { tr: 'Ünvanın başı', en: 'Beginning of the name' },
      value: typed.unvan,
      maxLength: MAX_NAME,
      error: typed.errors.unvan,
    },
    {
      kind: 'text',
      name: 'mersis',
      label: { tr: 'MERSİS no', en: 'MERSİS number' },
      value: typed.mersisNo,
      maxLength: 16,
      inputMode: 'numeric',
      error: typed.errors.mersisNo,
    },
    {
      kind: 'select',
      name: 'tur',
      label: { tr: 'Tür', en: 'Kind' },
      value: typed.tur,
      options: [any, ...kinds.map((value) => ({ value, text: value }))],
    },
    {
      kind: 'select',
      name: 'durum',
      label: { tr: 'Durum', en: 'Status' },
      value: typed.durum,
      options: [any, ...STATUSES.map((value) => ({ value, text: statusText(value) }))],
    },
    ...(iller.length > 1
      ? [
          {
            kind: 'select' as const,
            name: 'il',
            label: { tr: 'İl', en: 'Province' },
            value: typed.il,
            options: [any, ...iller.map((value) => ({ value, text: value }))],
          },
        ]
      : []),
    {
      kind: 'select',
      name: 'kimse',
      label: { tr: 'Temsil', en: 'Representation' },
      value: typed.kimse ? '1' : '',
      options: [any, { value: '1', text: { tr: 'Kimse işlem yapamıyor', en: 'Nobody acts' } }],
    },
  ];
}

/** What is said of a cooperative in a list, on the page and in the file. */
export const LISTED_COLUMNS = [
  { label: { tr: 'Ünvan', en: 'Name' } },
  { label: { tr: 'MERSİS no', en: 'MERSİS number' } },
  { label: { tr: 'Tür', en: 'Kind' } },
  { label: { tr: 'İl', en: 'Province' } },
  { label: { tr: 'Durum', en: 'Status' } },
  { label: { tr: 'MERSİS okuması', en: 'Read from MERSİS' } },
] as const;

/** The cells of `LISTED_COLUMNS`. */
export function listedRow(one: ListedCooperative): readonly Cell[] {
  const { durum, il, mersisNo, readAt, suspended, tur, unvan } = one;
  return [
    { href: `/konsol/mudurluk/kooperatif/${mersisNo}`, text: unvan },
    mersisNo,
    tur,
    il,
    statusCell(durum, suspended),
    momentText(readAt),
  ];
}

function listOf(typed: TypedFilter, { cooperatives, next }: CooperativePage): Page['parts'] {
  const table: Page['parts'][number] = {
    part: 'table',
    caption: { tr: 'Kooperatifler', en: 'Cooperatives' },
    columns: LISTED_COLUMNS,
    rows: cooperatives.map(listedRow),
    empty: { tr: 'Bu süzgece uyan kooperatif yok.', en: 'No cooperative fits this filter.' },
  };
  const shown = {
    tr: `Bu sayfada ${cooperatives.length} kooperatif`,
    en: `${cooperatives.length} on this page`,
  };
  const first = typed.after === null ? null : addressOf(typed, null);
  const pager = { part: 'pager' as const, shown, first, next: next === null ? null : addressOf(typed, next) };
  return [table, pager, fileLinks(FILE, (format) => addressOf(typed, null, `${PATH}/dosya/${format}`))];
}

function addressOf(typed: TypedFilter, after: string | null, path = PATH): string {
  const query = new URLSearchParams();
  const { durum, il, mersisNo, tur, unvan } = typed;
  for (const [name, value] of Object.entries({ unvan, mersis: mersisNo, tur, durum, il }))
    if (value !== '') query.set(name, value);
  if (typed.kimse) query.set('kimse', '1');
  if (after !== null) query.set('sonra', after);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
