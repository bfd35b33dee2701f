import { isBridgeError } from '../../../errors/bridge-error.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import { showQuarter } from '../quarter/show-quarter.js';
import { behindAnswer, quarterOf } from '../quarter-call.js';
import { quarterPath, quarterText } from '../quarter-words.js';
import type { QuarterPorts } from '../quarters-port.js';
import { readNoticeForm } from './notice-form.js';
import { readPaymentForm } from './payment-form.js';
import { clearTextError } from './typed-text.js';

type Action = (call: ConsoleCall) => Promise<Answer>;

const REASON_LENGTH = 500;
const CONFLICT = { code: 'STATE_CONFLICT', reason: null } as const;
const SAME_NOTICE: BothLanguages = {
  tr: 'Bu bildirim aynı içerikle zaten kayıtlı; ikinci kez kaydedilmedi.',
  en: 'This notice is recorded with the same content already; it was not recorded again.',
};
const SAME_PAYMENT: BothLanguages = {
  tr: 'Bu bildirim için bu ödeme bu numarayla zaten kayıtlı ya da geri alınmış; ikinci kez kaydedilmedi.',
  en: 'This payment is recorded for the notice under this reference already, or taken back; it was not recorded again.',
};

/** `quarter.freeze`: the first person's step; it makes the proposal for the second one. */
export function createFreezeHandler(ports: QuarterPorts): Action {
  return async (call) => {
    const quarter = quarterOf(call);
    const reason = call.fields.get('gerekce');
    const error = clearTextError(reason, REASON_LENGTH, false);
    if (error !== null) return showQuarter(ports, call, quarter, { freeze: { reason, error } });
    const behind = await ports.behind();
    if (behind !== null) return behindAnswer(quarterText(quarter), behind, quarterPath(quarter));
    await ports.freeze(quarter, reason === '' ? null : reason, call.person.officer);
    return { kind: 'see-other', to: quarterPath(quarter), told: 'proposed' };
  };
}

/** `quarter.seal`: after two persons have decided. */
export function createSealHandler(ports: QuarterPorts): Action {
  return async (call) => {
    const quarter = quarterOf(call);
    await ports.seal(quarter, call.person.officer);
    return { kind: 'see-other', to: quarterPath(quarter), told: 'done' };
  };
}

/** `quarter.notice`: what the Interior Ministry asks for. */
export function createNoticeHandler(ports: QuarterPorts): Action {
  return async (call) => {
    const quarter = quarterOf(call);
    const read = readNoticeForm(call.fields, { quarter, accounts: await ports.accounts() }, call.at);
    if (!read.ok) return showQuarter(ports, call, quarter, { notice: read.typed });
    try {
      await ports.recordNotice({ ...read.value, officer: call.person.officer });
    } catch (error) {
      if (!isBridgeError(error, 'STATE_CONFLICT')) throw error;
      const notice = { values: read.values, errors: { 'bildirim-no': SAME_NOTICE } };
      return showQuarter(ports, call, quarter, { notice, refused: CONFLICT });
    }
    return { kind: 'see-other', to: `${quarterPath(quarter)}#bildirim`, told: 'done' };
  };
}

/** `quarter.payment`: what was paid of a notice. */
export function createPaymentHandler(ports: QuarterPorts): Action {
  return async (call) => {
    const quarter = quarterOf(call);
    const read = readPaymentForm(call.fields, { quarter, ...(await ports.notices(quarter)) }, call.at);
    if (!read.ok) return showQuarter(ports, call, quarter, { payment: read.typed });
    try {
      await ports.recordPayment({ ...read.value, officer: call.person.officer });
    } catch (error) {
      if (!isBridgeError(error, 'STATE_CONFLICT')) throw error;
      const payment = { values: read.values, errors: { 'odeme-dekont': SAME_PAYMENT } };
      return showQuarter(ports, call, quarter, { payment, refused: CONFLICT });
    }
    return { kind: 'see-other', to: `${quarterPath(quarter)}#bildirim`, told: 'done' };
  };
}
