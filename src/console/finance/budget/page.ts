import type { BudgetState } from '../../../fees/ahead/budget-state.js';
import type { Forecast } from '../../../fees/ahead/forecast.js';
import { liftTermsOf, MAX_LIFT_PERCENT } from '../../../fees/ahead/propose-lift.js';
import type { AccountUsage, Usage } from '../../../fees/ahead/usage.js';
import { formatCount, formatTl } from '../../../fees/kurus.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Proposal } from '../../../proposals/proposal.js';
import type { Cell, Page, Part, TablePart, Text } from '../../frame/parts.js';
import { CHOOSE, NONE, percentText } from '../settling-words.js';
import { reasonField, type TypedWrongly, waitingTable } from '../two-persons.js';

export const BUDGET_PATH = '/konsol/mali/butce';

/** Budgets in the quarter that runs. */
export interface ShownBudgets {
  readonly usage: Usage;
  readonly waiting: readonly Proposal[];
  readonly at: Date;
  readonly typed: TypedWrongly;
}

/** Accounts with a budget, in the order of the usage. */
export function limitedAccounts({ accounts }: Usage): readonly AccountUsage[] {
  return accounts.filter(({ quarter }) => quarter.budget.state !== 'none');
}

/** Each account's budget, what is used of it, what waits for a second person, and the form to lift a stop. */
export function budgetPage(shown: ShownBudgets): Page {
  const { at, usage, waiting } = shown;
  const limited = limitedAccounts(usage);
  return {
    title: { tr: 'Bütçe', en: 'Budget' },
    help: {
      tr: 'Bütçe ayarlarda durur; dolduğunda o hesabın sorguları çeyrek bitene kadar durdurulur. Durdurmayı kaldırmak iki kişi ister: siz önerirsiniz, başka bir mali görevli karar verir.',
      en: 'Budgets stand in the settings; used up, queries of the account are stopped until the quarter ends. Lifting a stop takes two persons: you propose it, another finance officer decides.',
    },
    parts: [
      {
        part: 'text',
        text: { tr: `Süren çeyrek: ${usage.quarter}`, en: `The quarter that runs: ${usage.quarter}` },
      },
      {
        part: 'text',
        quiet: true,
        text: {
          tr: 'Kullanılan tutar ve tahmin, bu çeyrekte borçlanandır (cetveldeki tutar). Durdurma payı ise bu çeyrekte gönderilen sorguları, düzeltmelerden önceki tutarıyla ve sürmekte olanlarla sayar; ikisi ayrılabilir.',
          en: 'Money used and forecast are what is billed in this quarter (as its statement has it). The share for the stop counts what was sent in this quarter, before corrections and with queries under way; the two can differ.',
        },
      },
      budgetTable(usage.accounts),
      waitingTable(waiting, at, {
        labels: [
          { tr: 'Hesap', en: 'Account' },
          { tr: 'Yeni durdurma payı', en: 'To stop at' },
        ],
        cells: liftCells,
      }),
      ...(limited.length === 0 ? [noBudget()] : [liftForm(limited, shown.typed)]),
    ],
  };
}

const STATES: Readonly<Record<BudgetState['state'], Cell>> = {
  none: { mark: 'calm', text: { tr: 'Bütçe yok', en: 'No budget' } },
  below: { mark: 'good', text: { tr: 'Yeterli', en: 'Below' } },
  near: { mark: 'warning', text: { tr: 'Sınıra yakın', en: 'Near the stop' } },
  stopped: { mark: 'problem', text: { tr: 'Durduruldu', en: 'Stopped' } },
};

function budgetTable(accounts: readonly AccountUsage[]): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Hesapların bütçesi', en: 'Budgets of the accounts' },
    columns: [
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Durum', en: 'State' } },
      { label: { tr: 'Kullanılan tutar', en: 'Money used' }, numeric: true },
      { label: { tr: 'Bütçe', en: 'Budget' }, numeric: true },
      { label: { tr: 'Kullanılan sorgu', en: 'Queries used' }, numeric: true },
      { label: { tr: 'Sorgu bütçesi', en: 'Queries allowed' }, numeric: true },
      { label: { tr: 'Çeyrek sonu tahmini', en: 'Forecast of the quarter' }, numeric: true },
      { label: { tr: 'Durdurma payı', en: 'Stops at' } },
    ],
    rows: accounts.map(({ account, institution, quarter: { budget, forecast, used } }) => [
      { lines: [account, ...(institution === null ? [] : [institution])] },
      STATES[budget.state],
      formatTl(used.amountKurus),
      limitCell(budget.quarterKurus, budget.percentKurus, (limit) => formatTl(BigInt(limit))),
      formatCount(used.queries),
      limitCell(budget.quarterQueries, budget.percentQueries, formatCount),
      forecastCell(forecast),
      stopCell(budget),
    ]),
    empty: { tr: 'Hesap yok.', en: 'There is no account.' },
  };
}

/** The limit, and how much of it is gone, what is under way included. */
function limitCell(limit: number | null, percent: number | null, format: (limit: number) => string): Cell {
  return limit === null || percent === null ? NONE : { lines: [format(limit), percentText(percent)] };
}

function forecastCell(forecast: Forecast): Cell {
  if (forecast.basis === 'mean-of-days')
    return { lines: [formatTl(forecast.amountKurus), queriesText(forecast.queries)] };
  const { days, needed } = forecast;
  return {
    tr: `Henüz yok: ${needed} günün ${days} günü bitti`,
    en: `None yet: ${days} of ${needed} days are over`,
  };
}

function queriesText(count: number): BothLanguages {
  return { tr: `${formatCount(count)} sorgu`, en: `${formatCount(count)} queries` };
}

function stopCell({ lifted, state, stopAtPercent, stopPercent }: BudgetState): Cell {
  if (state === 'none') return NONE;
  if (stopPercent === null) return { tr: 'Bu çeyrek için kaldırıldı', en: 'Lifted for this quarter' };
  const at = percentText(stopPercent);
  if (!lifted || stopAtPercent === null) return at;
  const usual = percentText(stopAtPercent);
  return {
    tr: `${at.tr} (bu çeyrek için; ayarda ${usual.tr})`,
    en: `${at.en} (for this quarter; ${usual.en} by the settings)`,
  };
}

function liftCells(proposal: Proposal): readonly [Cell, Cell] {
  const terms = liftTermsOf(proposal);
  return terms === null ? [proposal.subject, UNREADABLE] : [terms.account, liftText(terms.toPercent)];
}

const UNREADABLE: Cell = { mark: 'problem', text: { tr: 'Okunamıyor', en: 'Not readable' } };

function liftText(toPercent: number | null): Text {
  return toPercent === null ? { tr: 'Durdurma yok', en: 'No stop' } : percentText(toPercent);
}

function noBudget(): Part {
  return {
    part: 'notice',
    tone: 'calm',
    text: {
      tr: 'Hiçbir hesabın bütçesi yok: bütçe yüzünden hiçbir şey durdurulmaz.',
      en: 'No account has a budget: nothing is ever stopped by one.',
    },
  };
}

function liftForm(limited: readonly AccountUsage[], typed: TypedWrongly): Part {
  const { errors = {}, fields } = typed ?? {};
  const value = (name: string) => fields?.get(name) ?? '';
  return {
    part: 'form',
    action: BUDGET_PATH,
    method: 'post',
    legend: { tr: 'Durdurmanın kaldırılmasını öner', en: 'Propose to lift a stop' },
    submit: { tr: 'Öner', en: 'Propose' },
    fields: [
      {
        ...{ kind: 'select', name: 'hesap', required: true, error: errors.hesap, value: value('hesap') },
        label: { tr: 'Hesap', en: 'Account' },
        options: [
          { value: '', text: CHOOSE },
          ...limited.map(({ account }) => ({ value: account, text: account })),
        ],
      },
      {
        ...{ kind: 'radio', name: 'nasil', required: true, error: errors.nasil, value: value('nasil') },
        label: { tr: 'Ne kadar?', en: 'How far?' },
        options: [
          { value: 'pay', text: { tr: 'Bütçenin şu payına kadar', en: 'Up to a share of the budget' } },
          {
            value: 'tamamen',
            text: { tr: 'Çeyrek bitene kadar tamamen', en: 'Altogether, until the quarter ends' },
          },
        ],
      },
      {
        ...{ kind: 'number', name: 'yuzde', error: errors.yuzde, value: value('yuzde'), maxLength: 5 },
        label: { tr: 'Pay (yüzde)', en: 'Share (percent)' },
        hint: {
          tr: `Bütçenin yüzdesi, en çok ${MAX_LIFT_PERCENT}. Şimdiki durdurma payından büyük olmalı.`,
          en: `Percent of the budget, ${MAX_LIFT_PERCENT} at the most. More than where it stops now.`,
        },
      },
      reasonField(typed),
    ],
  };
}
