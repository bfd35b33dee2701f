import { addDays } from '../../../calendar/add-days.js';
import { ACCESS } from '../../access.js';
import type { ConsoleCall } from '../../frame/call.js';
import type { HandlersOf } from '../../frame/router.js';
import { searchFormPage } from './form-page.js';
import { isDay, localOf, rangeStart } from './instants.js';
import { findKept, type WantedSearch } from './kept.js';
import { isKindGroup, KIND_GROUPS } from './kind-words.js';
import type { SearchPorts } from './ports.js';
import { resultPage } from './result-page.js';
import { makeSearch, showSearch } from './seek.js';
import { bodyOf, readTyped, type TypedSearch } from './typed.js';
import { RESULTS } from './words.js';

const { path } = ACCESS.search;
const PLACE = { what: 'search', path } as const;

/** Searching the log: the form, taking it, and its pages. */
export function createSearchHandlers(
  ports: SearchPorts,
): HandlersOf<'search' | 'search.make' | 'search.page'> {
  return {
    search: async (call) => {
      const again = call.query.get('arama');
      const kept = again === null ? null : await findKept(ports.looks, call, 'search', again);
      const typed = kept === null ? typedByAddress(call) : typedOfKept(kept);
      return { kind: 'page', page: searchFormPage(typed, {}, kept === null) };
    },
    'search.make': (call) => {
      const typed = readTyped(call.fields);
      return makeSearch(ports, call, { ...PLACE, body: bodyOf(typed) }, (faults) =>
        searchFormPage(typed, faults, false),
      );
    },
    'search.page': (call) =>
      showSearch(ports, call, PLACE, async (kept, result, paths, isFirst) =>
        resultPage(
          {
            title: { tr: 'Arama sonuçları', en: 'Results of the search' },
            help: {
              tr: 'Aramaya uyan kayıtlar. Kayıt numarasına basınca kaydın öyküsü açılır. Gösterilen her sayfa kayda geçer.',
              en: 'The entries that fit. The number of an entry opens its story. Each page shown is written down.',
            },
            paths,
            back: {
              href: `${path}?arama=${call.params.look ?? ''}`,
              text: { tr: 'Aramayı değiştir', en: 'Change the search' },
            },
          },
          kept,
          result,
          isFirst,
        ),
      ),
  };
}

/** What links of ours may fill in: an offered period (`donem`) or a day (`gun`), groups of kinds (`tur`), and an outcome (`sonuc`). */
function typedByAddress({ at, query }: ConsoleCall): TypedSearch {
  const day = query.get('gun') ?? '';
  const outcome = query.get('sonuc') ?? '';
  const start = rangeStart(query.get('donem') ?? '', at);
  const texts: TypedSearch['texts'] = isDay(day)
    ? { from: `${day}T00:00`, to: `${addDays(day, 1)}T00:00` }
    : start === null
      ? {}
      : { from: start };
  const known = Object.hasOwn(RESULTS, outcome) ? { outcome } : {};
  return { texts: { ...texts, ...known }, groups: query.getAll('tur').filter(isKindGroup) };
}

/** A kept search as it is typed again. */
function typedOfKept({ basis, criteria }: WantedSearch): TypedSearch {
  const { from, kinds, to, ...texts } = criteria;
  const given = Object.entries(texts).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  return {
    texts: { ...Object.fromEntries(given), ...basis, from: localOf(from), to: localOf(to) },
    groups: Object.entries(KIND_GROUPS).flatMap(([name, group]) =>
      group.kinds.every((kind) => kinds.includes(kind)) ? [name] : [],
    ),
  };
}
