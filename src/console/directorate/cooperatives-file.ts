import type { Area } from '../../authority/area/area.js';
import type { ListedCooperative } from '../../authority/area/list-cooperatives.js';
import type { Authorities } from '../../authority/history/read-authorities.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { Fact, Row, Table } from '../../documents/table.js';
import type { Cell } from '../frame/parts.js';
import { cellWords, textColumns, textRow } from '../frame/table-file.js';
import { FRESHNESS } from './cooperative-page.js';
import { ACTING_COLUMNS, actingRows, NOBODY_ACTS_TODAY } from './cooperative-seats.js';
import { filterOf, LISTED_COLUMNS, listedRow, type TypedFilter } from './cooperatives-page.js';
import type { AreaPorts } from './ports.js';
import { areaText, createMask, ministryText, statusText } from './words.js';

const COLUMNS = [
  ...LISTED_COLUMNS,
  { label: { tr: 'İlgili bakanlık', en: 'Competent ministry' } },
  { label: { tr: 'Okumanın güncelliği', en: 'Age of the reading' } },
  { label: { tr: 'Katıldığı kooperatif', en: 'Merged into' } },
  ...ACTING_COLUMNS,
] as const;
/** Where `ACTING_COLUMNS` says why. */
const WHY = ACTING_COLUMNS.findIndex(({ label }) => label.tr === 'Neden');

/**
 * The cooperatives of the own area, as the list has them, and of each whoever may act for it, as its page has it: a row for each person, one
 * row where there is none. Read page by page as the file goes, so that memory does not grow with the area.
 */
export function cooperativesFile(
  ports: Pick<AreaPorts, 'cooperatives' | 'acting'>,
  areas: readonly Area[],
  typed: TypedFilter,
  at: Date,
): { readonly name: string; readonly table: Table; readonly facts: readonly Fact[] } {
  const table = {
    ...{ key: 'kooperatifler', title: 'Kooperatifler', columns: textColumns(COLUMNS) },
    rows: rowsOf(ports, areas, typed, at),
  };
  return { name: 'kooperatifler', table, facts: factsOf(areas, typed) };
}

async function* rowsOf(
  { acting, cooperatives }: Pick<AreaPorts, 'cooperatives' | 'acting'>,
  areas: readonly Area[],
  typed: TypedFilter,
  at: Date,
): AsyncGenerator<Row> {
  const today = istanbulDay(at);
  const filter = filterOf(typed);
  for (let after: string | null = null; ; ) {
    const page = await cooperatives(areas, filter, { after, today });
    const found = await acting(
      page.cooperatives.map(({ mersisNo }) => mersisNo),
      at,
    );
    for (const one of page.cooperatives) yield* rowsFor(one, found.get(one.mersisNo) ?? null);
    if (page.next === null) return;
    after = page.next;
  }
}

/** `authorities` null: the version is not there yet; then nobody is said to act. */
function rowsFor(one: ListedCooperative, authorities: Authorities | null): readonly Row[] {
  const freshness = authorities?.freshness ?? null;
  const own: readonly Cell[] = [
    ...listedRow(one),
    ministryText(one.ilgiliBakanlik),
    freshness === null ? '' : FRESHNESS[freshness],
    authorities?.successor?.mersisNo ?? '',
  ];
  // The same number is the same person at this cooperative, as on its page, and at no other.
  const people = authorities === null ? [] : actingRows(authorities, createMask());
  if (people.length === 0)
    return [textRow([...own, ...ACTING_COLUMNS.map((_, i) => (i === WHY ? NOBODY_ACTS_TODAY : ''))])];
  return people.map((cells) => textRow([...own, ...cells]));
}

function factsOf(areas: readonly Area[], typed: TypedFilter): readonly Fact[] {
  const { durum, il, kimse, mersisNo, tur, unvan } = typed;
  const filter: readonly Fact[] = [
    ['Ünvanın başı', unvan],
    ['MERSİS no', mersisNo],
    ['Tür', tur],
    ['Durum', durum === '' ? '' : cellWords(statusText(durum))],
    ['İl', il],
    ['Temsil', kimse ? 'Kimse işlem yapamıyor' : ''],
  ];
  return [
    ...areas.map((area): Fact => ['Görev alanı', areaText(area).tr]),
    ...filter.flatMap(([name, value]): readonly Fact[] => (value === '' ? [] : [[`Süzgeç: ${name}`, value]])),
    ['Kişiler', 'Gizlidir: aynı numara, aynı kooperatifte aynı kişidir.'],
  ];
}
