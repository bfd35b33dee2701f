import { addDays } from '../../../calendar/add-days.js';
import { formatCount } from '../../../fees/kurus.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import { ACCESS } from '../../access.js';
import type { Page, Part } from '../../frame/parts.js';
import { type Counted, sumOf } from './counted.js';
import { logStateParts } from './log-state.js';
import type { CountedDays, LogState } from './ports.js';

/** Days in the picture, today among them. */
export const DAYS_SHOWN = 30;
/** As many entries as may wait at any moment in normal work: fewer are not worth a word. */
const MUCH_BEHIND = 1_000n;

/** What the start page is made from. */
export interface StartContent {
  readonly today: string;
  readonly counted: CountedDays;
  readonly openSignals: number;
  readonly log: LogState;
}

/** The start page of security: today, the log, the last thirty days. */
export function startPage({ counted, log, openSignals, today }: StartContent): Page {
  return {
    title: { tr: 'Güvenlik: bugün', en: 'Security: today' },
    help: {
      tr: 'Bugünkü sorgular, retler ve uyarılar ile kayıt defterinin durumu. Bir sayıya basınca o kayıtları arayan form açılır.',
      en: 'Today’s queries, refusals and signals, and how the log stands. A number leads to the form that searches for its entries.',
    },
    parts: [
      ...behindNotice(counted),
      tilesPart(counted, openSignals, today),
      { part: 'heading', text: { tr: 'Kayıt defterinin durumu', en: 'State of the log' } },
      ...logStateParts(log),
      { part: 'heading', text: { tr: 'Son 30 gün', en: 'The last 30 days' } },
      daysChart(counted, today),
    ],
  };
}

function behindNotice({ behind }: CountedDays): readonly Part[] {
  if (behind <= MUCH_BEHIND) return [];
  const count = formatCount(behind);
  return [
    {
      part: 'notice',
      tone: 'calm',
      text: {
        tr: `Sayım sürüyor: en yeni ${count} kayıt henüz sayılmadı, aşağıdaki sayılar eksiktir.`,
        en: `Counting is under way: the newest ${count} entries are not counted yet, and the numbers below lack them.`,
      },
    },
  ];
}

const TILES: readonly {
  readonly counted: Counted;
  readonly label: BothLanguages;
  /** What of the form of a search is filled in. */
  readonly filter: string;
}[] = [
  { counted: 'sorgu', label: { tr: 'Bugünkü sorgular', en: 'Queries today' }, filter: 'tur=sorgu' },
  {
    counted: 'ret',
    label: { tr: 'Bugün reddedilen sorgular', en: 'Queries refused today' },
    filter: 'tur=ret',
  },
  {
    counted: 'bilinmeyen',
    label: { tr: 'Bugün sonucu bilinmeyen', en: 'Unknown outcomes today' },
    filter: 'sonuc=unknown',
  },
  {
    counted: 'diger-ret',
    label: { tr: 'Bugünkü diğer retler', en: 'Other refusals today' },
    filter: 'tur=diger-ret',
  },
];

function tilesPart({ days }: CountedDays, openSignals: number, today: string): Part {
  return {
    part: 'tiles',
    tiles: [
      ...TILES.map(({ counted, filter, label }) => ({
        label,
        value: formatCount(sumOf(days, counted, today)),
        href: `${ACCESS.search.path}?donem=bugun&${filter}`,
      })),
      {
        label: { tr: 'Açık uyarılar', en: 'Open signals' },
        value: formatCount(openSignals),
        href: ACCESS.signals.path,
        ...(openSignals > 0 ? { tone: 'warning' as const } : {}),
      },
    ],
  };
}

function daysChart({ days }: CountedDays, today: string): Part {
  const points = Array.from({ length: DAYS_SHOWN }, (_, i) => addDays(today, i - DAYS_SHOWN + 1));
  const values = (counted: Counted) => points.map((day) => sumOf(days, counted, day));
  const [queries, refusals, unknowns] = [values('sorgu'), values('ret'), values('bilinmeyen')];
  const total = (sums: readonly number[]) => formatCount(sums.reduce((sum, one) => sum + one, 0));
  const title = { tr: 'Günlere göre sorgular ve retler', en: 'Queries and refusals by day' };
  return {
    part: 'chart',
    chart: {
      title,
      unit: { tr: 'kayıt', en: 'entries' },
      points,
      series: [
        { name: { tr: 'Sorgular', en: 'Queries' }, kind: 'bar', values: queries },
        { name: { tr: 'Retler', en: 'Refusals' }, kind: 'bar', values: refusals },
      ],
    },
    says: {
      tr: `Son 30 günde ${total(queries)} sorgu, ${total(refusals)} ret.`,
      en: `${total(queries)} queries and ${total(refusals)} refusals in the last 30 days.`,
    },
    table: {
      part: 'table',
      caption: title,
      columns: [
        { label: { tr: 'Gün', en: 'Day' } },
        { label: { tr: 'Sorgular', en: 'Queries' }, numeric: true },
        { label: { tr: 'Retler', en: 'Refusals' }, numeric: true },
        { label: { tr: 'Sonucu bilinmeyen', en: 'Unknown outcomes' }, numeric: true },
      ],
      rows: points.map((day, i) => [
        { href: `${ACCESS.search.path}?gun=${day}&tur=sorgu&tur=ret`, text: dayText(day) },
        formatCount(queries[i] ?? 0),
        formatCount(refusals[i] ?? 0),
        formatCount(unknowns[i] ?? 0),
      ]),
      foot: [{ tr: 'Toplam', en: 'Total' }, total(queries), total(refusals), total(unknowns)],
      empty: { tr: 'Kayıt yok.', en: 'No entries.' },
    },
  };
}
