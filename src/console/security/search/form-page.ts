import { PURPOSES } from '../../../fees/words.js';
import { ACCESS } from '../../access.js';
import type { Field, FieldBase, Page, Part, Text } from '../../frame/parts.js';
import { basisFields, periodFields } from './basis-fields.js';
import { RANGES } from './instants.js';
import type { Faults } from './judge.js';
import { KIND_GROUPS } from './kind-words.js';
import type { SearchField, TypedSearch } from './typed.js';
import { RESULTS } from './words.js';

/** The form of a search, with what was typed and what is wrong with it. `periods`: whether they are offered as links, which forget it. */
export function searchFormPage(typed: TypedSearch, faults: Faults = {}, periods = true): Page {
  const parts: Part[] = [
    {
      part: 'text',
      text: {
        tr: 'Her arama ve her sonuç sayfası kayda geçer. Dayanak yazılmadan arama yapılamaz.',
        en: 'Each search and each page of it is written down. No search without its basis.',
      },
    },
    {
      part: 'form',
      action: ACCESS['search.make'].path,
      method: 'post',
      fields: [
        ...basisFields(typed, faults),
        ...periodFields(typed, faults),
        kindsField(typed, faults),
        ...personFields(typed, faults),
        ...queryFields(typed, faults),
        ...idFields(typed, faults),
      ],
      submit: { tr: 'Ara', en: 'Search' },
    },
  ];
  return {
    title: { tr: 'Kayıtlarda arama', en: 'Search the log' },
    help: {
      tr: 'Kayıt defterinde arar. Ölçütlerin tümü birlikte aranır; boş bırakılan ölçüt aranmaz. Sonuçlar en yeniden eskiye sıralanır, kişisel değerler kapalı gelir.',
      en: 'Searches the log. All criteria must hold; what is left empty does not matter. The newest come first; personal values stay closed.',
    },
    parts: periods ? [rangeLinks(), ...parts] : parts,
  };
}

function rangeLinks(): Part {
  return {
    part: 'links',
    label: { tr: 'Hazır zaman aralıkları', en: 'Quick ranges' },
    links: Object.entries(RANGES).map(([name, text]) => ({
      href: `${ACCESS.search.path}?donem=${name}`,
      text,
      kind: 'second',
    })),
  };
}

function kindsField({ groups }: TypedSearch, faults: Faults): Field {
  return {
    kind: 'checkboxes',
    name: 'kinds',
    label: { tr: 'Kayıt türleri', en: 'Kinds of entry' },
    hint: {
      tr: 'Hiçbiri seçilmezse tümü aranır. Sonucu bilinmeyen sorgular, aşağıdaki “Sonuç” ölçütüyle bulunur.',
      en: 'None chosen: all of them. Queries whose outcome is unknown are found by “Outcome” below.',
    },
    values: groups,
    options: Object.entries(KIND_GROUPS).map(([value, { text }]) => ({ value, text })),
    error: faults.kinds,
  };
}

function personFields(typed: TypedSearch, faults: Faults): readonly Field[] {
  const number = (name: 'person' | 'actor', label: Text, hint: Text): Field => ({
    ...base(name, label, typed, faults),
    ...{ kind: 'text', hint, maxLength: 11, inputMode: 'numeric', personal: true },
  });
  return [
    number(
      'person',
      { tr: 'Hakkında sorgu yapılan kişi', en: 'Person asked about' },
      {
        tr: 'T.C. kimlik ya da yabancı kimlik numarası. Kaydı mühürlüdür.',
        en: 'Identity number; sealed in the log.',
      },
    ),
    number(
      'actor',
      { tr: 'İşlemi yapan kullanıcı', en: 'User who acted' },
      {
        tr: 'Kullanıcının kimlik numarası. Kaydı mühürlüdür.',
        en: 'The user’s identity number; sealed in the log.',
      },
    ),
  ];
}

function queryFields(typed: TypedSearch, faults: Faults): readonly Field[] {
  const text = (name: SearchField, label: Text, maxLength: number): Field => ({
    ...base(name, label, typed, faults),
    kind: 'text',
    maxLength,
  });
  const choice = (name: SearchField, label: Text, words: Readonly<Record<string, Text>>): Field => ({
    ...base(name, label, typed, faults),
    kind: 'select',
    options: [
      { value: '', text: { tr: 'Hepsi', en: 'All' } },
      ...Object.entries(words).map(([value, word]) => ({ value, text: word })),
    ],
  });
  return [
    text('cooperative', { tr: 'Kooperatif (MERSİS numarası)', en: 'Cooperative (MERSİS number)' }, 16),
    choice('purpose', { tr: 'Amaç', en: 'Purpose' }, PURPOSES),
    choice('outcome', { tr: 'Sonuç', en: 'Outcome' }, RESULTS),
    text('screen', { tr: 'Ekran kodu', en: 'Screen code' }, 32),
    text('service', { tr: 'KPS servisi', en: 'KPS service' }, 64),
    text('reference', { tr: 'Dosya ya da karar numarası', en: 'File or decision number' }, 64),
  ];
}

function idFields(typed: TypedSearch, faults: Faults): readonly Field[] {
  const text = (name: SearchField, label: Text, maxLength: number): Field => ({
    ...base(name, label, typed, faults),
    kind: 'text',
    maxLength,
  });
  return [
    text('query', { tr: 'Sorgu numarası', en: 'Query id' }, 36),
    text('session', { tr: 'Oturum numarası', en: 'Session id' }, 36),
    text('code', { tr: 'Ret ya da hata kodu', en: 'Code of a refusal or error' }, 40),
  ];
}

function base(
  name: SearchField,
  label: Text,
  { texts }: TypedSearch,
  faults: Faults,
): FieldBase & { readonly value: string } {
  return { name, label, value: texts[name] ?? '', error: faults[name] };
}
