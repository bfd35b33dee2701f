import type { Saving } from '../../../fees/ahead/savings.js';
import type { AccountUsage, Usage } from '../../../fees/ahead/usage.js';
import { dayText } from '../../../pages/formatting.js';
import type { Cell, Part, TablePart } from '../../frame/parts.js';
import { classText, countCell, moneyCell } from '../quarter-words.js';
import type { UsageSums } from './usage-sums.js';

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
  { accounts, total }: Usage,
  { compared, forecast }: UsageSums,
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
      countCell(one.queries),
      countCell(one.units),
      moneyCell(one.amountKurus),
      moneyCell(one.compared.amountKurus),
      ...(isRunning ? [forecastCell(one), budgetCell(one)] : []),
    ]),
    foot: [
      { tr: 'Toplam', en: 'Total' },
      '',
      '',
      countCell(total.queries),
      countCell(total.units),
      moneyCell(total.amountKurus),
      moneyCell(compared.amountKurus),
      ...(isRunning ? [forecast === null ? '' : moneyCell(forecast.amountKurus), ''] : []),
    ],
    empty: { tr: 'Ayarlarda hesap yok.', en: 'The settings have no account.' },
  };
}

/** Where too few days are over, what was used stands for it: the column adds up to the forecast of all. */
function forecastCell({ quarter: { forecast, used } }: AccountUsage): Cell {
  if (forecast.basis !== 'too-few-days') return moneyCell(forecast.amountKurus);
  return {
    lines: [moneyCell(used.amountKurus), { tr: 'bugüne kadar; yeterli gün yok', en: 'so far; too few days' }],
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
