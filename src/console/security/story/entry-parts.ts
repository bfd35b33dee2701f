import type { Json } from '../../../audit/canonical-json.js';
import { CATALOGUE, type EntryKind } from '../../../audit/catalogue/catalogue.js';
import { momentText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Field, Part } from '../../frame/parts.js';
import { kindWord } from '../search/kind-words.js';
import { purposeWord, reasonWord, sealedWord, strengthWord } from '../search/words.js';
import type { LoggedEntry } from './ports.js';

/** What was opened of an entry, or what was typed wrongly. */
export interface RevealForm {
  readonly opened?: { readonly field: string; readonly value: Cell; readonly leaf: bigint };
  readonly field?: string;
  readonly reason?: string;
  readonly errors?: { readonly field?: BothLanguages; readonly reason?: BothLanguages };
}

/** As many as a reason in the log may have. */
export const MAX_REASON = 500;
const CLOSED = '•••••••••••';

/** What every entry says of itself, in facts. */
export function factsPart({ at, id, kind, leaf }: LoggedEntry): Part {
  return {
    part: 'facts',
    rows: [
      { label: { tr: 'Kayıt no', en: 'Entry' }, value: String(leaf) },
      { label: { tr: 'Tür', en: 'Kind' }, value: { lines: [kindWord(kind), { code: kind }] } },
      { label: { tr: 'Yazıldığı an', en: 'Written at' }, value: momentText(at) },
      { label: { tr: 'Kayıt kimliği', en: 'Id of the entry' }, value: { code: id } },
    ],
  };
}

/** An entry that is no query, plainly: when its kind is written, and what it says. */
export function plainParts({ data, kind }: LoggedEntry): readonly Part[] {
  const when = Object.hasOwn(CATALOGUE, kind) ? CATALOGUE[kind as EntryKind].when : null;
  return [
    { part: 'heading', text: { tr: 'Ne yazıyor?', en: 'What does it say?' } },
    ...(when === null ? [] : [whenPart(when)]),
    {
      part: 'facts',
      rows: Object.entries(data).map(([name, value]) => ({
        label: name,
        value: wordOf(name, value) ?? valueCell(value),
      })),
    },
  ];
}

function whenPart(when: string): Part {
  return {
    part: 'facts',
    rows: [
      {
        label: { tr: 'Ne zaman yazılır (kayıt kataloğu)', en: 'Written (catalogue of entries)' },
        value: when,
      },
    ],
  };
}

/** Closed words that stand in many kinds, in words. */
function wordOf(name: string, value: Json): Cell | null {
  if (typeof value !== 'string') return null;
  if (name === 'purpose') return purposeWord(value);
  if (name === 'acr') return strengthWord(value);
  return name === 'reason' ? reasonWord(value) : null;
}

function valueCell(value: Json): Cell {
  if (value === null) return '—';
  if (typeof value === 'boolean') return value ? { tr: 'evet', en: 'yes' } : { tr: 'hayır', en: 'no' };
  return typeof value === 'object' ? { code: visible(JSON.stringify(value)) } : String(value);
}

/** The entry as it is, of sealed values the names alone. */
export function rawPart({ line }: LoggedEntry): Part {
  const entry = JSON.parse(line) as { readonly sealed: object };
  const shown = { ...entry, sealed: Object.keys(entry.sealed) };
  return {
    part: 'more',
    summary: { tr: 'Ham kayıt', en: 'The raw entry' },
    parts: [
      {
        part: 'code',
        label: { tr: 'Kayıt, mühürlü değerler kapalı', en: 'The entry, sealed values closed' },
        text: visible(JSON.stringify(shown, null, 2)),
      },
    ],
  };
}

/** Letters that cannot be seen but turn others around are written out, as JSON may. */
function visible(json: string): string {
  return json.replace(/\p{Cf}/gu, (letter) =>
    [...Array(letter.length).keys()]
      .map((i) => `\\u${letter.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Sealed values, closed but for the one that was just opened, and the form that opens one. */
export function sealedParts(entry: LoggedEntry, form: RevealForm): readonly Part[] {
  const names = Object.keys(entry.sealed);
  const { opened } = form;
  if (names.length === 0)
    return [
      {
        part: 'text',
        quiet: true,
        text: { tr: 'Bu kayıtta mühürlü değer yok.', en: 'Nothing is sealed in this entry.' },
      },
    ];
  return [
    { part: 'heading', text: { tr: 'Mühürlü değerler', en: 'Sealed values' } },
    {
      part: 'facts',
      rows: names.map((name) => ({
        label: sealedWord(name),
        value: opened?.field === name ? opened.value : CLOSED,
      })),
    },
    revealForm(entry, names, form),
  ];
}

function revealForm(
  { leaf }: LoggedEntry,
  names: readonly string[],
  { errors, field, reason }: RevealForm,
): Part {
  const fields: readonly Field[] = [
    {
      kind: 'radio',
      name: 'field',
      label: { tr: 'Açılacak değer', en: 'Value to open' },
      value: field ?? (names.length === 1 ? (names[0] ?? '') : ''),
      options: names.map((value) => ({ value, text: sealedWord(value) })),
      required: true,
      error: errors?.field,
    },
    {
      kind: 'textarea',
      name: 'reason',
      label: { tr: 'Neden', en: 'Reason' },
      hint: {
        tr: 'Kayıt defterine açık olarak yazılır; kimlik numarası yazmayınız.',
        en: 'Stands in the log in clear; type no identity number.',
      },
      value: reason ?? '',
      maxLength: MAX_REASON,
      required: true,
      error: errors?.reason,
    },
  ];
  return {
    part: 'form',
    action: `/konsol/guvenlik/kayit/${leaf}/ac`,
    method: 'post',
    legend: { tr: 'Bir değeri gerekçeyle aç', en: 'Open one value for a reason' },
    fields,
    submit: { tr: 'Değeri aç', en: 'Open the value' },
  };
}
