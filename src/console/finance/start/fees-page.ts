import { addDays } from '../../../calendar/add-days.js';
import {
  istanbulDay,
  istanbulQuarter,
  previousQuarter,
  quarterDays,
} from '../../../calendar/istanbul-day.js';
import type { Usage } from '../../../fees/ahead/usage.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Page, Part } from '../../frame/parts.js';
import { HOME, quarterPath, quarterText } from '../quarter-words.js';
import type { RangeErrors, ShownRange } from './asked-range.js';
import { movedNotice } from './moved-parts.js';
import { costChart, dailyChart } from './usage-charts.js';
import { usageSums } from './usage-sums.js';
import { accountTable, savingsParts } from './usage-tables.js';
import { aheadTiles, dueTiles, type ShownClosing, useTiles } from './usage-tiles.js';

/** What the page is made from. `closing`: of the range's quarter; null where it is none. */
export interface FeesShown {
  readonly usage: Usage;
  readonly range: ShownRange;
  readonly closing: ShownClosing | null;
  readonly at: Date;
}

const TITLE: BothLanguages = { tr: 'Mali: kullanım ve maliyet', en: 'Fees: use and cost' };
const HELP: BothLanguages = {
  tr: 'Seçilen dönemde kaç sorgu yapıldığını, ne tuttuğunu ve çeyrek sonunda ne tutacağını gösterir. Dönemi yukarıdan seçin; ayrıntı için çeyreğin cetveline gidin. Bir çeyrek seçiliyse tutar, o çeyrekte borçlanandır (cetveldeki tutar); seçtiğiniz günlerde ve grafikte gönderim gününe göredir. İkisi ayrıldığında fark yazılır. Bu sayfaya her bakış kayda geçer.',
  en: 'Shows how many queries were made in the chosen period, what they cost, and what the quarter will come to. Choose the period above; go to the quarter’s statement for details. Of a quarter the cost is what is billed in it (that of its statement); of days you choose, and in the chart, it goes by the day sent. Where the two differ, the difference is told. Each look at this page is written down.',
};

/** The page of a range that cannot be shown: what was typed, and what is wrong with it. */
export function wrongRangePage(query: URLSearchParams, errors: RangeErrors, at: Date): Page {
  const typed = { bas: query.get('bas') ?? '', son: query.get('son') ?? '' };
  return { title: TITLE, help: HELP, parts: [quickRanges(null, at), rangeForm(typed, errors)] };
}

/** Use and cost of a period at a glance. */
export function feesPage(shown: FeesShown): Page {
  const { at, closing, range, usage } = shown;
  const { from, quarter, to } = range;
  const running = istanbulQuarter(at);
  const today = istanbulDay(at);
  const isRunning = from >= quarterDays(running).from;
  const sums = usageSums(usage);
  const end = quarter === running ? quarterDays(running).to : null;
  const isQuarter = quarter !== null;
  const charted = { from, to, today, end, sums, isQuarter };
  return {
    title: TITLE,
    help: HELP,
    parts: [
      quickRanges(range, at),
      rangeForm({ bas: from, son: addDays(to, -1) }, {}),
      { part: 'heading', text: periodText(range) },
      {
        part: 'tiles',
        tiles: [
          ...useTiles(usage, sums),
          ...(isRunning ? aheadTiles(usage, sums) : []),
          ...(closing === null ? [] : dueTiles(closing)),
        ],
      },
      ...movedNotice(sums, isQuarter),
      ...stopNotices(usage, isRunning),
      dailyChart(charted),
      ...(end === null ? [] : [costChart({ ...charted, end })]),
      accountTable(usage, sums, isRunning),
      ...savingsParts(usage),
      links(quarter),
    ],
  };
}

function periodText({ from, quarter, to }: ShownRange): BothLanguages {
  const [first, last] = [dayText(from), dayText(addDays(to, -1))];
  const days = { tr: `${first.tr} – ${last.tr}`, en: `${first.en} to ${last.en}` };
  if (quarter === null) return days;
  const name = quarterText(quarter);
  return { tr: `${name.tr} (${days.tr})`, en: `${name.en} (${days.en})` };
}

function stopNotices({ accounts }: Usage, isRunning: boolean): readonly Part[] {
  const stopped = accounts
    .filter(({ quarter }) => quarter.budget.state === 'stopped')
    .map(({ account }) => account);
  if (!isRunning || stopped.length === 0) return [];
  return [
    {
      part: 'notice',
      tone: 'problem',
      text: {
        tr: 'Bu hesapların bütçesi doldu; sorguları reddediliyor. Durdurmayı iki mali görevli kaldırabilir.',
        en: 'The budget of these accounts is used up; their queries are refused. Two finance officers can lift the stop.',
      },
      list: stopped,
      link: { href: `${HOME}/butce`, text: { tr: 'Bütçeye git', en: 'Go to budgets' } },
    },
  ];
}

function quickRanges(range: ShownRange | null, at: Date): Part {
  const running = istanbulQuarter(at);
  const before = previousQuarter(running);
  const today = istanbulDay(at);
  const days = (from: string) => `${HOME}?bas=${from}&son=${today}`;
  const options = [
    { href: HOME, text: { tr: 'Bu çeyrek', en: 'This quarter' }, from: null, quarter: running },
    {
      href: `${HOME}?ceyrek=${before}`,
      text: { tr: 'Geçen çeyrek', en: 'Last quarter' },
      from: null,
      quarter: before,
    },
    { text: { tr: 'Bu ay', en: 'This month' }, from: `${today.slice(0, 8)}01`, quarter: null },
    { text: { tr: 'Son 7 gün', en: 'Last 7 days' }, from: addDays(today, -6), quarter: null },
    { text: { tr: 'Son 30 gün', en: 'Last 30 days' }, from: addDays(today, -29), quarter: null },
    { text: { tr: 'Bu yıl', en: 'This year' }, from: `${today.slice(0, 4)}-01-01`, quarter: null },
  ];
  const current = options.find(({ from, quarter }) =>
    quarter === null
      ? range?.quarter === null && range.from === from && range.to === addDays(today, 1)
      : range?.quarter === quarter,
  );
  return {
    part: 'links',
    label: { tr: 'Dönem', en: 'Period' },
    links: options.map((one) => ({
      href: one.from === null ? (one.href ?? HOME) : days(one.from),
      text: one.text,
      ...(one === current ? { kind: 'current' as const } : {}),
    })),
  };
}

function rangeForm(typed: { readonly bas: string; readonly son: string }, errors: RangeErrors): Part {
  return {
    part: 'form',
    action: HOME,
    method: 'get',
    inline: true,
    fields: [
      {
        kind: 'date',
        name: 'bas',
        label: { tr: 'İlk gün', en: 'First day' },
        value: typed.bas,
        error: errors.bas,
      },
      {
        kind: 'date',
        name: 'son',
        label: { tr: 'Son gün (dahil)', en: 'Last day (included)' },
        value: typed.son,
        error: errors.son,
      },
    ],
    submit: { tr: 'Dönemi göster', en: 'Show the period' },
  };
}

function links(quarter: string | null): Part {
  return {
    part: 'links',
    label: { tr: 'Ayrıntı', en: 'Details' },
    links: [
      ...(quarter === null
        ? []
        : [
            {
              href: quarterPath(quarter),
              text: { tr: 'Çeyreğin cetveli', en: 'Statement of the quarter' },
              kind: 'main' as const,
            },
            {
              href: `${quarterPath(quarter)}/satirlar`,
              text: { tr: 'Satırlar', en: 'Lines' },
              kind: 'second' as const,
            },
          ]),
      { href: `${HOME}/ceyrekler`, text: { tr: 'Tüm çeyrekler', en: 'All quarters' }, kind: 'second' },
    ],
  };
}
