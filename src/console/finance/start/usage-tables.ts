import { quarterDays, quarterOfDay } from '../../../calendar/istanbul-day.js';
import type { Saving } from '../../../fees/ahead/savings.js';
import type { AccountUsage, Usage, Use } from '../../../fees/ahead/usage.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Part, TablePart } from '../../frame/parts.js';
import { classText, countCell, moneyCell } from '../quarter-words.js';
import { countedUse, type TooFewDays, type UsageSums } from './usage-sums.js';

const BUDGET_WORDS = {
  none: { mark: 'calm', text: { tr: 'bütçe yok', en: 'no budget' } },
  below: { mark: 'good', text: { tr: 'bütçe içinde', en: 'within budget' } },
  near: { mark: 'warning', text: { tr: 'durdurma sınırına yakın', en: 'near the stop' } },
  stopped: {
    mark: 'problem',
    text: { tr: 'bütçe doldu: sorgular reddediliyor', en: 'used up: queries are refused' },
  },
} as const;

/** Each account’s use, what it comes to, and its budget. `isRunning`: the period is in the quarter that runs. */
export function accountTable(
  { accounts }: Usage,
  { compared, forecast, total }: UsageSums,
  isRunning: boolean,
): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Hesaplara göre', en: 'By account' },
    columns: [
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Kurum', en: 'Institution' } },
      { label: { tr: 'Ücret sınıfı', en: 'Fee class' } },
      { label: { tr: 'Sorgu', en: 'Queries' }, numeric: true },
      { label: { tr: 'Ücret birimi', en: 'Units' }, numeric: true },
      { label: { tr: 'Tutar', en: 'Amount' }, numeric: true },
      { label: { tr: 'Önceki dönem', en: 'Period before' }, numeric: true },
      ...(isRunning
        ? [
            { label: { tr: 'Çeyrek sonu tahmini', en: 'Forecast to the end' }, numeric: true },
            { label: { tr: 'Bütçe', en: 'Budget' } },
          ]
        : []),
    ],
    rows: accounts.map((one) => [
      one.account,
      one.institution ?? { tr: 'ayarlarda yok', en: 'not in the settings' },
      one.feeClass === null ? { tr: 'bilinmiyor', en: 'unknown' } : classText(one.feeClass),
      ...useCells(countedUse(one)),
      moneyCell(one.compared.amountKurus),
      ...(isRunning ? [forecastCell(one, forecast !== null), budgetCell(one)] : []),
    ]),
    foot: [
      { tr: 'Toplam', en: 'Total' },
      '',
      '',
      ...useCells(total),
      moneyCell(compared.amountKurus),
      ...(isRunning
        ? [forecast === null ? { tr: 'yok', en: 'none' } : moneyCell(forecast.amountKurus), '']
        : []),
    ],
    empty: { tr: 'Ayarlarda hesap yok.', en: 'The settings have no account.' },
  };
}

function useCells({ amountKurus, queries, units }: Use): readonly Cell[] {
  return [countCell(queries), countCell(units), moneyCell(amountKurus)];
}

/** Where too few days are over there is no forecast; where others have one, it says what the sum of all has of this account. */
function forecastCell({ quarter: { forecast, used } }: AccountUsage, isSum: boolean): Cell {
  if (forecast.basis !== 'too-few-days') return moneyCell(forecast.amountKurus);
  const amount = moneyCell(used.amountKurus);
  return {
    lines: [
      { tr: 'yok', en: 'none' },
      tooFewDaysText(forecast),
      ...(isSum
        ? [{ tr: `toplamda bugüne kadarki ${amount}`, en: `in the total as ${amount}, used so far` }]
        : []),
    ],
  };
}

/** Why there is no forecast: how many days are over, and since when they count. */
export function tooFewDaysText({ days, needed, since }: TooFewDays): BothLanguages {
  const first = dayText(since);
  const isQuarters = quarterDays(quarterOfDay(since)).from === since;
  const what = isQuarters
    ? { tr: 'çeyreğin ilk günü', en: 'the quarter’s first day' }
    : { tr: 'defterdeki ilk gün', en: 'the first day in the book' };
  return {
    tr: `${first.tr} gününden (${what.tr}) beri ${days} tam gün bitti; en az ${needed} gerekir`,
    en: `${days} whole days are over since ${first.en} (${what.en}); at least ${needed} are needed`,
  };
}

function budgetCell({ quarter: { budget, changes } }: AccountUsage): Cell {
  const words = BUDGET_WORDS[budget.state];
  const percent = budget.percentKurus ?? budget.percentQueries;
  const lines: Cell[] = [{ mark: words.mark, text: words.text }];
  if (percent !== null)
    lines.push({
      tr: `%${percent} kullanıldı; durdurma sınırı ${budget.stopPercent === null ? 'kaldırıldı' : `%${budget.stopPercent}`}`,
      en: `${percent}% used; stop ${budget.stopPercent === null ? 'lifted' : `at ${budget.stopPercent}%`}`,
    });
  if (budget.quarterKurus !== null) lines.push(moneyCell(budget.quarterKurus));
  const [change] = changes;
  if (change !== undefined) {
    const { en, tr } = dayText(change);
    lines.push({ tr: `${tr} günü fiyat ya da sınıf değişir`, en: `price or class changes on ${en}` });
  }
  return { lines };
}

/** What checks before sending have spared, with what is no saved money kept apart. */
export function savingsParts({ accounts }: Usage): readonly Part[] {
  const sum = (pick: (one: AccountUsage['savings']) => number | bigint) =>
    accounts.reduce((before, { savings }) => before + BigInt(pick(savings)), 0n);
  const both = (pick: (one: Saving) => bigint) =>
    sum(({ precheck, replayed }) => pick(precheck) + pick(replayed));
  return [
    {
      part: 'heading',
      text: { tr: 'Gönderilmeden önlenen sorgular', en: 'Queries that never had to be sent' },
    },
    {
      part: 'text',
      quiet: true,
      text: {
        tr: 'Geçersiz numaralar KPS’ye gönderilmez, aynı sorunun yinelenmesi kayıttan cevaplanır. Kapsam dışı hesaplarda bunun liste değeri gösterilir; o para zaten ödenmeyecekti.',
        en: 'Numbers that are none are not sent to KPS, and the same question asked again is answered from the record. Of accounts outside the fee the list value is shown; nobody would have paid it.',
      },
    },
    {
      part: 'table',
      caption: { tr: 'Önlenen sorgular', en: 'Spared queries' },
      columns: [
        { label: { tr: 'Hesap', en: 'Account' } },
        { label: { tr: 'Geçersiz numara', en: 'Number was none' }, numeric: true },
        { label: { tr: 'Kayıttan cevap', en: 'From the record' }, numeric: true },
        { label: { tr: 'Hatalı istek', en: 'Bad form' }, numeric: true },
        { label: { tr: 'Tasarruf', en: 'Saved' }, numeric: true },
        { label: { tr: 'Liste değeri (kapsam dışı)', en: 'List value (outside the fee)' }, numeric: true },
      ],
      rows: accounts.map(({ account, savings: { badForm, precheck, replayed } }) => [
        account,
        countCell(precheck.calls),
        countCell(replayed.calls),
        countCell(badForm.calls),
        moneyCell(precheck.savedKurus + replayed.savedKurus),
        moneyCell(precheck.listKurus + replayed.listKurus),
      ]),
      foot: [
        { tr: 'Toplam', en: 'Total' },
        countCell(sum(({ precheck }) => precheck.calls)),
        countCell(sum(({ replayed }) => replayed.calls)),
        countCell(sum(({ badForm }) => badForm.calls)),
        moneyCell(both(({ savedKurus }) => savedKurus)),
        moneyCell(both(({ listKurus }) => listKurus)),
      ],
      empty: { tr: 'Ayarlarda hesap yok.', en: 'The settings have no account.' },
    },
  ];
}
