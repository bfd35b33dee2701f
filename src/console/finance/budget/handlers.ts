import { MAX_LIFT_PERCENT } from '../../../fees/ahead/propose-lift.js';
import type { AccountUsage } from '../../../fees/ahead/usage.js';
import type { BothLanguages } from '../../../pages/views.js';
import { isExpired } from '../../../proposals/proposal.js';
import { doneValue } from '../../../proposals/verdict.js';
import type { Answer, ConsoleCall, FormFields } from '../../frame/call.js';
import type { HandlersOf } from '../../frame/router.js';
import type { BudgetPorts } from '../settling-port.js';
import { CHOOSE, type FieldErrors, percentText } from '../settling-words.js';
import { reasonError } from '../two-persons.js';
import { BUDGET_PATH, budgetPage, limitedAccounts } from './page.js';

/** Budgets, and proposals to lift a stop. */
export function budgetHandlers(ports: BudgetPorts): HandlersOf<'budgets' | 'budget.lift'> {
  return {
    budgets: async ({ at }) => {
      const page = budgetPage({
        usage: await ports.usage(at),
        waiting: await ports.waiting(),
        at,
        typed: null,
      });
      return { kind: 'page', page };
    },
    'budget.lift': (call) => lift(ports, call),
  };
}

async function lift(ports: BudgetPorts, { at, fields, person }: ConsoleCall): Promise<Answer> {
  const usage = await ports.usage(at);
  const account = limitedAccounts(usage).find((one) => one.account === fields.get('hesap'));
  const toPercent = fields.get('nasil') === 'tamamen' ? null : percentOf(fields.get('yuzde'));
  const errors = errorsOf(fields, account, toPercent);
  if (account === undefined || Object.keys(errors).length > 0) {
    const page = budgetPage({ usage, waiting: await ports.waiting(), at, typed: { fields, errors } });
    return { kind: 'page', page, status: 422 };
  }
  const reason = fields.get('gerekce');
  const proposed = await ports.propose({
    ...{ account: account.account, toPercent, reason, officer: person.officer },
  });
  if (proposed.kind === 'refused' && proposed.code === 'STATE_CONFLICT') {
    const waiting = await ports.waiting();
    const subject = `${account.account}/${usage.quarter}`;
    const waits = waiting.some((one) => one.subject === subject && !isExpired(one, at));
    const typed = { fields, errors: { hesap: waits ? WAITS : LIFTED } };
    const page = budgetPage({ usage, waiting, at, typed });
    return { kind: 'page', page, status: 409, refused: { code: proposed.code, reason: null } };
  }
  doneValue(proposed);
  return { kind: 'see-other', to: BUDGET_PATH, told: 'proposed' };
}

const WAITS: BothLanguages = {
  tr: 'Bu hesap için karar bekleyen bir öneri zaten var; ikinci bir öneri yapılmadı.',
  en: 'A proposal about this account waits already; no second one was made.',
};
const LIFTED: BothLanguages = {
  tr: 'Bu hesapta bu çeyrek için kaldırılacak bir durdurma yok.',
  en: 'No stop of this account is left to be lifted in this quarter.',
};

/** Zero where it is none: no share that there can be. */
function percentOf(text: string): number {
  return /^\d{1,5}$/.test(text) && Number(text) <= MAX_LIFT_PERCENT ? Number(text) : 0;
}

function errorsOf(
  fields: FormFields,
  account: AccountUsage | undefined,
  toPercent: number | null,
): FieldErrors {
  const reason = reasonError(fields);
  const isWay = ['pay', 'tamamen'].includes(fields.get('nasil'));
  const share = isWay && toPercent !== null ? shareError(account, toPercent) : null;
  return {
    ...(account === undefined ? { hesap: CHOOSE } : {}),
    ...(isWay ? {} : { nasil: CHOOSE }),
    ...(share === null ? {} : { yuzde: share }),
    ...(reason === null ? {} : { gerekce: reason }),
  };
}

function shareError(account: AccountUsage | undefined, toPercent: number): BothLanguages | null {
  if (toPercent < 1)
    return {
      tr: `1 ile ${MAX_LIFT_PERCENT} arasında tam sayı yazın.`,
      en: `Write a whole number from 1 to ${MAX_LIFT_PERCENT}.`,
    };
  const stop = account?.quarter.budget.stopPercent ?? null;
  if (stop === null || toPercent > stop) return null;
  const { en, tr } = percentText(stop);
  return {
    tr: `Durdurma zaten ${tr} payında: daha büyük olmalı.`,
    en: `The stop stands at ${en} already: go beyond it.`,
  };
}
