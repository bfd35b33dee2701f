import { dayWord, priceWord } from '../../../fees/export/words.js';
import { formatTl } from '../../../fees/kurus.js';
import { CUTS, type Cut } from '../../../fees/statement/statement.js';
import type { StatementDocument } from '../../../fees/statement/statement-document.js';
import { codeWords, unitWords } from '../../../fees/words.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Part, TablePart, Text } from '../../frame/parts.js';
import { classText, countCell, moneyCell, quarterPath, resultText } from '../quarter-words.js';

type Account = StatementDocument['accounts'][number];

/** What the statement’s lines are added up by: the cuts of a statement, and cooperatives, which have pages of their own. */
export const KIRILIM = [...CUTS, 'cooperative'] as const;
export type Kirilim = Cut | 'cooperative';

const NAMES: Readonly<Record<Kirilim, BothLanguages>> = {
  service: { tr: 'Hizmet', en: 'Service' },
  outcome: { tr: 'Sonuç', en: 'Outcome' },
  unit: { tr: 'Birim', en: 'Unit' },
  il: { tr: 'İl', en: 'İl' },
  ministry: { tr: 'Bakanlık', en: 'Ministry' },
  purpose: { tr: 'Amaç', en: 'Purpose' },
  client: { tr: 'Uygulama', en: 'Application' },
  month: { tr: 'Ay', en: 'Month' },
  day: { tr: 'Gün', en: 'Day' },
  price: { tr: 'Birim fiyat', en: 'Unit price' },
  cooperative: { tr: 'Kooperatif', en: 'Cooperative' },
};

/** Rows of a table; what is left out stands in one row, so that the column still adds up. */
const SHOWN = 300;

interface Sums {
  readonly lines: bigint;
  readonly queries: bigint;
  readonly units: bigint;
  readonly amountKurus: bigint;
}

/** Columns of every table of lines added up. */
export const SUM_COLUMNS: TablePart['columns'] = [
  { label: { tr: 'Satır', en: 'Lines' }, numeric: true },
  { label: { tr: 'Sorgu', en: 'Queries' }, numeric: true },
  { label: { tr: 'Kayıtlı birim', en: 'Booked units' }, numeric: true },
  { label: { tr: 'Kayıtlı tutar', en: 'Booked amount' }, numeric: true },
];

/** The same as cells. */
export function sumCells(sum: {
  readonly lines: number | bigint;
  readonly queries: number | bigint;
  readonly units: number | bigint;
  readonly amountKurus: number | bigint;
}): readonly Cell[] {
  return [countCell(sum.lines), countCell(sum.queries), countCell(sum.units), moneyCell(sum.amountKurus)];
}

/** Which cut is shown, with the way to the others. `hesap` null: all accounts. */
export function cutLinks(quarter: string, shown: Kirilim, account: string | null): Part {
  const hesap = account === null ? '' : `&hesap=${encodeURIComponent(account)}`;
  return {
    part: 'links',
    label: { tr: 'Kırılım', en: 'Cut by' },
    links: KIRILIM.map((cut) => ({
      href: `${quarterPath(quarter)}?kirilim=${cut}${hesap}#cetvel`,
      text: NAMES[cut],
      ...(cut === shown ? { kind: 'current' as const } : {}),
    })),
  };
}

/** The accounts' sums by one cut, with a total that their rows add up to. */
export function cutTable(quarter: string, accounts: readonly Account[], cut: Cut): TablePart {
  const groups = accounts.flatMap(({ account, by, feeClass }) =>
    (by[cut] ?? []).map((group) => ({ account, feeClass, group })),
  );
  const rest = groups.slice(SHOWN).map(({ group }) => group);
  return {
    part: 'table',
    caption: { tr: `${NAMES[cut].tr} kırılımı`, en: `By ${NAMES[cut].en.toLowerCase()}` },
    columns: [
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Ücret sınıfı', en: 'Fee class' } },
      { label: NAMES[cut] },
      ...SUM_COLUMNS,
    ],
    rows: [
      ...groups
        .slice(0, SHOWN)
        .map(({ account, feeClass, group }) => [
          account,
          classText(feeClass),
          keyCell(quarter, cut, group.key, account),
          ...sumCells(group),
        ]),
      ...(rest.length === 0
        ? []
        : [
            [
              {
                tr: `Diğer ${countCell(rest.length)} satır (dosyada)`,
                en: `${countCell(rest.length)} other rows (in the file)`,
              },
              '',
              '',
              ...sumCells(added(rest)),
            ],
          ]),
    ],
    foot: [{ tr: 'Toplam', en: 'Total' }, '', '', ...sumCells(added(groups.map(({ group }) => group)))],
    empty: { tr: 'Bu çeyrekte satır yok.', en: 'No line in this quarter.' },
  };
}

function added(groups: readonly Account['booked'][]): Sums {
  const sum = (of: keyof Sums) => groups.reduce((before, group) => before + BigInt(group[of]), 0n);
  return {
    lines: sum('lines'),
    queries: sum('queries'),
    units: sum('units'),
    amountKurus: sum('amountKurus'),
  };
}

function keyCell(quarter: string, cut: Cut, key: string, account: string): Cell {
  switch (cut) {
    case 'outcome':
      return resultText(key);
    case 'ministry':
    case 'purpose':
      return codeWords(cut, key) ?? key;
    case 'unit':
      return unitWords(key) ?? key;
    case 'month':
      return dayWord(key);
    case 'price':
      return priceCell(key);
    case 'day':
      return {
        href: `${quarterPath(quarter)}/satirlar?gun=${key}&hesap=${encodeURIComponent(account)}`,
        text: dayText(key),
      };
    default:
      return key;
  }
}

const BASES: Readonly<Record<string, string>> = {
  'per-query': 'a query',
  'per-input-datum': 'an input datum',
  'per-returned-record': 'a returned record',
};

/** `2 per-query`, as the statement has it. */
function priceCell(key: string): Text {
  const [amount = '', basis = ''] = key.split(' ');
  const en = Object.hasOwn(BASES, basis) ? BASES[basis] : undefined;
  return en === undefined || !/^\d{1,15}$/.test(amount)
    ? key
    : { tr: priceWord(key), en: `${formatTl(BigInt(amount))} for ${en}` };
}
