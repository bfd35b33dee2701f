import { istanbulDay } from '../../../calendar/istanbul-day.js';
import { type AgreementRequest, REQUEST_KINDS } from '../../../fees/agreement/list-requests.js';
import { requestFaults } from '../../../fees/agreement/record-request.js';
import type { BothLanguages } from '../../../pages/views.js';
import { doneValue } from '../../../proposals/verdict.js';
import type { Answer, ConsoleCall, FormFields } from '../../frame/call.js';
import type { Page } from '../../frame/parts.js';
import type { HandlersOf } from '../../frame/router.js';
import type { AgreementPorts } from '../settling-port.js';
import {
  CHOOSE,
  DAY_WRONG,
  dayOf,
  type FieldErrors,
  idOf,
  requireFound,
  requireId,
} from '../settling-words.js';
import { AGREEMENTS_PATH, type AgreementForms } from './forms.js';
import { agreementsPage } from './page.js';

/** Letters of a page, and unanswered ones that the form offers beside the chosen one. */
const SHOWN = 25;
const OPEN = 50;

/** The register of agreements, letters to NVİ, and its answers. */
export function agreementHandlers(
  ports: AgreementPorts,
): HandlersOf<'agreements' | 'agreement.request' | 'agreement.answer'> {
  return {
    agreements: async (call) => ({ kind: 'page', page: await pageOf(ports, call, null) }),
    'agreement.request': (call) => record(ports, call),
    'agreement.answer': (call) => answer(ports, call),
  };
}

async function pageOf(
  ports: AgreementPorts,
  { at, query }: ConsoleCall,
  typed: AgreementForms['typed'],
): Promise<Page> {
  const before = idOf(query.get('once'));
  const wanted = idOf(typed?.form === 'answer' ? typed.fields.get('cevap-talep') : query.get('talep'));
  const register = await ports.register(at);
  const requests = await ports.requests({ limit: SHOWN + 1, before });
  const chosen = wanted === null ? null : await ports.findRequest(wanted);
  const open = await ports.requests({ limit: OPEN, unanswered: true });
  const shown = requests.slice(0, SHOWN);
  return agreementsPage({
    ...{ register, typed, requests: shown, services: ports.services, isFirst: before === null },
    accounts: register.map(({ account }) => account),
    next: requests.length > SHOWN ? (shown.at(-1)?.request ?? null) : null,
    open: withChosen(open, chosen),
    chosen: chosen?.request ?? null,
  });
}

/** An old letter that is to be answered is offered too. */
function withChosen(
  open: readonly AgreementRequest[],
  chosen: AgreementRequest | null,
): readonly AgreementRequest[] {
  const isOffered =
    chosen === null || chosen.decision !== null || open.some(({ request }) => request === chosen.request);
  return isOffered ? open : [chosen, ...open];
}

const FIELDS_OF = { documentNo: 'yazi-no', requestedOn: 'yazi-gunu', wanted: 'istenen' } as const;

async function record(ports: AgreementPorts, call: ConsoleCall): Promise<Answer> {
  const { at, fields, person } = call;
  const account = (await ports.register(at)).find((one) => one.account === fields.get('hesap'))?.account;
  const kind = REQUEST_KINDS.find((one) => one === fields.get('konu'));
  const requestedOn = dayOf(fields.get('yazi-gunu'));
  const wanted = fields.get(kind === 'service' ? 'hizmet' : 'istenen');
  const letter = { wanted, documentNo: fields.get('yazi-no') };
  const faults =
    kind === undefined
      ? []
      : requestFaults(
          { ...letter, kind, account: account ?? '', requestedOn: requestedOn ?? '' },
          ports,
          istanbulDay(at),
        );
  const errors: Record<string, BothLanguages> = {};
  for (const { field, message: en, tr } of faults)
    errors[field === 'wanted' && kind === 'service' ? 'hizmet' : FIELDS_OF[field]] =
      field === 'wanted' && kind === 'service' ? CHOOSE : { tr, en };
  if (account === undefined) errors.hesap = CHOOSE;
  if (kind === undefined) errors.konu = CHOOSE;
  if (requestedOn === null) errors['yazi-gunu'] = DAY_WRONG;
  if (account === undefined || kind === undefined || requestedOn === null || Object.keys(errors).length > 0)
    return wrong(ports, call, 'request', errors);
  doneValue(await ports.request({ ...letter, account, kind, requestedOn, officer: person.officer }));
  return { kind: 'see-other', to: AGREEMENTS_PATH, told: 'done' };
}

async function answer(ports: AgreementPorts, call: ConsoleCall): Promise<Answer> {
  const { at, fields, person } = call;
  const id = fields.get('cevap-talep');
  const found = id === '' ? null : requireFound(await ports.findRequest(requireId(id)));
  const decision = (['granted', 'refused'] as const).find((one) => one === fields.get('cevap'));
  const decidedOn = dayOf(fields.get('cevap-gunu'));
  const errors = answerErrors(fields, found, decision, istanbulDay(at));
  if (found === null || decision === undefined || decidedOn === null || Object.keys(errors).length > 0)
    return wrong(ports, call, 'answer', errors);
  const wish = { request: found.request, decision, decidedOn, officer: person.officer };
  doneValue(await ports.answer(wish));
  return { kind: 'see-other', to: AGREEMENTS_PATH, told: 'done' };
}

function answerErrors(
  fields: FormFields,
  found: AgreementRequest | null,
  decision: string | undefined,
  today: string,
): FieldErrors {
  const day = dayOf(fields.get('cevap-gunu'));
  const isOff = day !== null && (day > today || (found !== null && day < found.requestedOn));
  return {
    ...(found === null ? { 'cevap-talep': CHOOSE } : {}),
    ...(decision === undefined ? { cevap: CHOOSE } : {}),
    ...(day === null ? { 'cevap-gunu': DAY_WRONG } : {}),
    ...(isOff ? { 'cevap-gunu': OFF_DAY } : {}),
  };
}

const OFF_DAY: BothLanguages = {
  tr: 'Cevabın günü yazının gününden önce ya da gelecekte olamaz.',
  en: 'The day of the answer must be neither before the letter’s nor in the future.',
};

async function wrong(
  ports: AgreementPorts,
  call: ConsoleCall,
  form: 'request' | 'answer',
  errors: FieldErrors,
): Promise<Answer> {
  const page = await pageOf(ports, call, { form, fields: call.fields, errors });
  return { kind: 'page', status: 422, page };
}
