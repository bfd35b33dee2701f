import { addDays } from '../../../calendar/add-days.js';
import type { Usage } from '../../../fees/ahead/usage.js';
import type { DueDays } from '../../../fees/quarter/due.js';
import type { QuarterState } from '../../../fees/quarter/states.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Part } from '../../frame/parts.js';
import { countCell, HOME, moneyCell, quarterPath, stateText, stateTone } from '../quarter-words.js';
import { percentText } from '../settling-words.js';
import type { UsageSums } from './usage-sums.js';
import { tooFewDaysText } from './usage-tables.js';

type Tile = Extract<Part, { part: 'tiles' }>['tiles'][number];

/** When a quarter is to be paid, and how far its closing is. */
export interface ShownClosing extends DueDays {
  readonly quarter: string;
  readonly state: QuarterState;
}

/** What was used, and in the period before. */
export function useTiles({ compared }: Usage, sums: UsageSums): readonly Tile[] {
  const { total } = sums;
  const before = sums.compared.amountKurus;
  const [first, last] = [dayText(compared.from), dayText(addDays(compared.to, -1))];
  const hasBefore = compared.from < compared.to;
  return [
    { label: { tr: 'Sorgu', en: 'Queries' }, value: countCell(total.queries) },
    { label: { tr: 'Ücret birimi', en: 'Units' }, value: countCell(total.units) },
    { label: { tr: 'Tutar', en: 'Cost' }, value: moneyCell(total.amountKurus) },
    {
      label: { tr: 'Önceki dönem', en: 'Period before' },
      value: moneyCell(before),
      note: hasBefore
        ? {
            tr: `${first.tr} – ${last.tr}: ${changeText(total.amountKurus, before).tr}`,
            en: `${first.en} to ${last.en}: ${changeText(total.amountKurus, before).en}`,
          }
        : { tr: 'karşılaştırılacak gün yok', en: 'no day to compare with' },
    },
  ];
}

/** Whole percents, cut off towards none. */
function changeText(now: bigint, before: bigint): BothLanguages {
  if (before === 0n)
    return now === 0n
      ? { tr: 'değişim yok', en: 'no change' }
      : { tr: 'önceki dönemde tutar yok', en: 'nothing before' };
  const percent = ((now - before) * 100n) / before;
  if (percent === 0n) return { tr: 'değişim yok denecek kadar az', en: 'next to no change' };
  return percent > 0n
    ? { tr: `%${percent} artış`, en: `${percent}% more` }
    : { tr: `%${-percent} azalış`, en: `${-percent}% less` };
}

/** What the quarter that runs comes to, and how far its budgets are. */
export function aheadTiles({ accounts }: Usage, sums: UsageSums): readonly Tile[] {
  const withBudget = accounts.filter(({ quarter }) => quarter.budget.state !== 'none');
  const stopped = withBudget.filter(({ quarter }) => quarter.budget.state === 'stopped').length;
  const near = withBudget.filter(({ quarter }) => quarter.budget.state === 'near').length;
  const most = withBudget.reduce(
    (before, { quarter: { budget } }) =>
      Math.max(before, budget.percentKurus ?? 0, budget.percentQueries ?? 0),
    0,
  );
  return [
    forecastTile(sums),
    {
      label: { tr: 'Kullanılan bütçe', en: 'Budget used' },
      href: `${HOME}/butce`,
      ...(withBudget.length === 0
        ? { value: { tr: 'bütçe yok', en: 'no budget' } }
        : {
            value: percentText(most),
            tone: stopped > 0 ? ('problem' as const) : near > 0 ? ('warning' as const) : ('good' as const),
            note: {
              tr: `en çok kullanan hesap; ${stopped} hesap durdu, ${near} hesap sınıra yakın`,
              en: `the account that used most; ${stopped} stopped, ${near} near the stop`,
            },
          }),
    },
  ];
}

function forecastTile({ forecast, nearest, unforeseen }: UsageSums): Tile {
  const label = { tr: 'Çeyrek sonu tahmini', en: 'Forecast to the end' };
  if (forecast === null) {
    const note = nearest === null ? {} : { note: tooFewDaysText(nearest) };
    return { label, value: { tr: 'yok', en: 'none' }, ...note };
  }
  const note =
    unforeseen.length === 0
      ? { tr: 'iş günleri ve diğer günlerin ortalamasıyla', en: 'by the means of working days and others' }
      : {
          tr: `${unforeseen.length} hesabın günü az: yalnız bugüne kadarki kullanımı sayıldı`,
          en: `${unforeseen.length} accounts have too few days: only what they used is counted`,
        };
  return { label, value: moneyCell(forecast.amountKurus), note };
}

/** When it is due, and its state. */
export function dueTiles({ due, payBy, quarter, state }: ShownClosing): readonly Tile[] {
  const working = dayText(payBy);
  return [
    {
      label: { tr: 'Son ödeme günü', en: 'Due' },
      value: dayText(due),
      note:
        due === payBy
          ? { tr: 'iş günü', en: 'a working day' }
          : {
              tr: `iş günü değil; izleyen iş günü ${working.tr}`,
              en: `no working day; the next one is ${working.en}`,
            },
    },
    {
      label: { tr: 'Çeyreğin durumu', en: 'State of the quarter' },
      value: stateText(state),
      tone: stateTone(state),
      href: quarterPath(quarter),
    },
  ];
}
