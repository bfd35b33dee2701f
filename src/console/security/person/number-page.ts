import type { SearchResult } from '../../../audit/search/attempt.js';
import type { ConsoleCall } from '../../frame/call.js';
import type { Field, Page, Text } from '../../frame/parts.js';
import { basisFields, periodFields } from '../search/basis-fields.js';
import type { TableWishes } from '../search/found-table.js';
import type { Faults } from '../search/judge.js';
import type { KeptSearch } from '../search/kept.js';
import type { SearchPorts } from '../search/ports.js';
import { resultPage } from '../search/result-page.js';
import { makeSearch, showSearch } from '../search/seek.js';
import { bodyOf, readTyped, type TypedSearch } from '../search/typed.js';
import { maskedUsers } from './masked-users.js';
import { timelineParts } from './timeline-chart.js';

/** A page that looks for one number: of a person asked about, or of a user. */
export interface NumberPage {
  readonly what: 'person' | 'user';
  /** The criterion that the number is. */
  readonly criterion: 'person' | 'actor';
  readonly path: string;
  readonly title: { readonly tr: string; readonly en: string };
  readonly help: Text;
  /** Where it stands that this was looked at. */
  readonly told: Text;
  readonly number: { readonly label: Text; readonly hint: Text };
  /** Further fields, and the kinds that what was typed into them asks for. */
  readonly more: (call: ConsoleCall | null) => readonly Field[];
  readonly kinds: (call: ConsoleCall) => readonly string[];
}

const EMPTY: TypedSearch = { texts: {}, groups: [] };

/** The three handlers of such a page: form, taking it, and its pages with the picture on the first. */
export function numberHandlers(ports: SearchPorts, spec: NumberPage) {
  return {
    form: async () => ({ kind: 'page', page: formPage(spec, EMPTY, {}, null) }) as const,
    make: (call: ConsoleCall) => {
      const typed = onlyOwn(spec, readTyped(call.fields));
      // Without a number it would be a search for everybody.
      const texts = { ...typed.texts, [spec.criterion]: typed.texts[spec.criterion] || '-' };
      const body = bodyOf({ ...typed, texts }, spec.kinds(call));
      return makeSearch(ports, call, { what: spec.what, path: spec.path, body }, (faults) =>
        formPage(spec, typed, faults, call),
      );
    },
    page: (call: ConsoleCall) =>
      showSearch(ports, call, { what: spec.what, path: spec.path }, async (kept, result, paths, isFirst) =>
        resultPage(
          {
            title: spec.title,
            help: spec.help,
            paths,
            back: { href: spec.path, text: { tr: 'Başka bir numara', en: 'Another number' } },
            before: isFirst ? await picture(ports, spec, kept, result, call) : [],
            table: await tableOf(ports, spec, result),
          },
          kept,
          result,
          isFirst,
        ),
      ),
  };
}

/** An empty list does not mean that there was nothing: whose keys are destroyed is not found by the number any more. */
const NOTHING = {
  tr: 'Bu numarayla bulunabilen kayıt yok. Saklama süresi dolup imha edilmiş veriler artık numarayla bulunamaz.',
  en: 'No entry can be found by this number. Data that was destroyed at the end of its term cannot be found by a number any more.',
};

async function tableOf(
  ports: SearchPorts,
  { criterion }: NumberPage,
  { entries }: SearchResult,
): Promise<TableWishes> {
  // Of the page of one user every row is that user's.
  if (criterion === 'actor') return { nothing: NOTHING };
  const users = await ports.users(entries.map(({ leafIndex }) => leafIndex));
  return { nothing: NOTHING, user: maskedUsers(users) };
}

async function picture(
  ports: SearchPorts,
  { title }: NumberPage,
  { below, criteria }: KeptSearch,
  { indexedTo }: SearchResult,
  call: ConsoleCall,
) {
  // Of the same entries as the pages beneath it.
  const counted = below < indexedTo ? below : indexedTo;
  return timelineParts(await ports.timeline(criteria, counted), criteria, title, call.at);
}

/** What the page's own form has; other criteria are not taken from whoever adds them. */
function onlyOwn({ criterion }: NumberPage, { texts }: TypedSearch): TypedSearch {
  const { authority, date, documentNo, from, to } = texts;
  const own = { authority, date, documentNo, from, to, [criterion]: texts[criterion] };
  return {
    texts: Object.fromEntries(Object.entries(own).map(([name, value]) => [name, value ?? ''])),
    groups: [],
  };
}

function formPage(spec: NumberPage, typed: TypedSearch, faults: Faults, call: ConsoleCall | null): Page {
  const { criterion, help, number, path, title, told } = spec;
  return {
    title,
    help,
    parts: [
      {
        part: 'text',
        text: told,
      },
      {
        part: 'form',
        action: path,
        method: 'post',
        fields: [
          {
            ...{ kind: 'text', name: criterion, label: number.label, hint: number.hint },
            ...{ value: typed.texts[criterion] ?? '', maxLength: 11, inputMode: 'numeric' },
            ...{ personal: true, required: true, error: faults[criterion] },
          },
          ...basisFields(typed, faults),
          ...periodFields(typed, faults),
          ...spec.more(call),
        ],
        submit: { tr: 'Göster', en: 'Show' },
      },
    ],
  };
}
