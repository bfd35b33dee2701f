import { Refusal } from '../../errors/refusal.js';
import type { BothLanguages } from '../../pages/views.js';
import type { FormFields } from '../frame/call.js';
import { clearTextFault } from '../frame/clear-text.js';
import type { Decision } from './port.js';

const MAX_REASON = 500;

/** Name of the field of a decision's reason: the forms of one page must not share names. */
export const REASON_FIELDS: Readonly<Record<Decision, string>> = {
  approve: 'onay_notu',
  refuse: 'ret_nedeni',
  withdraw: 'geri_cekme_nedeni',
};

/** What was decided, as it was typed. `error`: what is wrong with the reason; undefined: nothing. */
export interface TypedDecision {
  readonly decision: Decision;
  readonly reason: string | null;
  readonly error: BothLanguages | undefined;
}

/** Reads a form of the page of a decision. Throws `Refusal` (`REQUEST_INVALID`) for what none of its forms sends. */
export function readDecision(fields: FormFields): TypedDecision {
  const decision = fields.get('karar');
  if (decision !== 'approve' && decision !== 'refuse' && decision !== 'withdraw')
    throw new Refusal('REQUEST_INVALID', { reason: 'decision' });
  const typed = fields.get(REASON_FIELDS[decision]);
  return { decision, reason: typed === '' ? null : typed, error: errorOf(decision, typed) };
}

function errorOf(decision: Decision, reason: string): BothLanguages | undefined {
  if (reason === '' && decision === 'refuse')
    return {
      tr: 'Neden reddettiğinizi yazın: öneren bunu görür.',
      en: 'Say why you refuse it: who proposed it sees this.',
    };
  return clearTextFault(reason, MAX_REASON) ?? undefined;
}
