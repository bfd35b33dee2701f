import type { Parsed } from '../../../fees/reconciliation/amounts.js';
import type { BothLanguages } from '../../../pages/views.js';

/** What is wrong with a typed day, count or amount, as a sentence beside its field. The Turkish one stands for itself: it has no subject to agree with. */
export function typedFault({ problem, tr }: Extract<Parsed<unknown>, { readonly ok: false }>): BothLanguages {
  return {
    tr: `${tr.slice(0, 1).toLocaleUpperCase('tr')}${tr.slice(1)}.`,
    en: `What was typed ${problem}.`,
  };
}
