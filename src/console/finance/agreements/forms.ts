import {
  type AgreementRequest,
  REQUEST_KINDS,
  type RequestKind,
} from '../../../fees/agreement/list-requests.js';
import { MAX_DOCUMENT_NO, MAX_WANTED } from '../../../fees/agreement/record-request.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { FormFields } from '../../frame/call.js';
import type { FormPart } from '../../frame/parts.js';
import { CHOOSE, type FieldErrors } from '../settling-words.js';

export const AGREEMENTS_PATH = '/konsol/mali/protokoller';

/** What the forms offer, and what was typed wrongly. `open`: requests without an answer; `chosen`: one of them. */
export interface AgreementForms {
  readonly accounts: readonly string[];
  readonly services: readonly string[];
  readonly open: readonly AgreementRequest[];
  readonly chosen: string | null;
  readonly typed: {
    readonly form: 'request' | 'answer';
    readonly fields: FormFields;
    readonly errors: FieldErrors;
  } | null;
}

/** Kinds of requests in words. */
export const KIND_NAMES: Readonly<Record<RequestKind, BothLanguages>> = {
  service: { tr: 'Ek hizmet', en: 'Further service' },
  'static-ip': { tr: 'Sabit IP', en: 'Static IP' },
  'administrative-user': { tr: 'İdari kullanıcı', en: 'Administrative user' },
  'technical-user': { tr: 'Teknik kullanıcı', en: 'Technical user' },
  renewal: { tr: 'Yenileme', en: 'Renewal' },
};

const NOTHING = { value: '', text: CHOOSE };

/** The form of a letter to NVİ. */
export function requestForm({ accounts, services, typed }: AgreementForms): FormPart {
  const { errors = {}, fields } = typed?.form === 'request' ? typed : {};
  const of = (name: string) => ({ name, error: errors[name], value: fields?.get(name) ?? '' });
  return {
    part: 'form',
    action: `${AGREEMENTS_PATH}/talep`,
    method: 'post',
    legend: { tr: 'NVİ’ye yazılan yazıyı kaydet', en: 'Record a letter to NVİ' },
    submit: { tr: 'Yazıyı kaydet', en: 'Record the letter' },
    fields: [
      {
        ...{ kind: 'select', required: true, ...of('hesap') },
        label: { tr: 'Hesap', en: 'Account' },
        options: [NOTHING, ...accounts.map((id) => ({ value: id, text: id }))],
      },
      {
        ...{ kind: 'select', required: true, ...of('konu') },
        label: { tr: 'Konu', en: 'Kind' },
        options: [NOTHING, ...REQUEST_KINDS.map((kind) => ({ value: kind, text: KIND_NAMES[kind] }))],
      },
      {
        ...{ kind: 'select', ...of('hizmet') },
        label: { tr: 'İstenen hizmet', en: 'Service that is wanted' },
        hint: { tr: 'Konu “Ek hizmet” ise seçin.', en: 'Where the kind is a further service.' },
        options: [NOTHING, ...services.map((name) => ({ value: name, text: name }))],
      },
      {
        ...{ kind: 'text', maxLength: MAX_WANTED, ...of('istenen') },
        label: { tr: 'İstenen', en: 'What is wanted' },
        hint: {
          tr: 'Öteki konularda birkaç sözcük. Açık olarak kayda geçer: kişi adresi ya da numarası yazmayın.',
          en: 'A few words, of other kinds. It stands in the log in clear: write no address or number of a person.',
        },
      },
      {
        ...{ kind: 'text', required: true, maxLength: MAX_DOCUMENT_NO, ...of('yazi-no') },
        label: { tr: 'Yazı numarası', en: 'Document number' },
      },
      {
        ...{ kind: 'date', required: true, ...of('yazi-gunu') },
        label: { tr: 'Yazının günü', en: 'Day of the letter' },
      },
    ],
  };
}

/** The form of NVİ's answer; none where nothing waits for one. */
export function answerForm({ chosen, open, typed }: AgreementForms): readonly FormPart[] {
  if (open.length === 0) return [];
  const { errors = {}, fields } = typed?.form === 'answer' ? typed : {};
  const of = (name: string, value = '') => ({ name, error: errors[name], value: fields?.get(name) ?? value });
  return [
    {
      part: 'form',
      action: `${AGREEMENTS_PATH}/cevap`,
      method: 'post',
      legend: { tr: 'NVİ’nin cevabını kaydet', en: 'Record NVİ’s answer' },
      submit: { tr: 'Cevabı kaydet', en: 'Record the answer' },
      fields: [
        {
          ...{ kind: 'select', required: true, ...of('cevap-talep', chosen ?? '') },
          label: { tr: 'Hangi yazı?', en: 'Which letter?' },
          options: [
            NOTHING,
            ...open.map(({ account, documentNo, request, wanted }) => ({
              value: request,
              text: `${documentNo} · ${account} · ${wanted}`,
            })),
          ],
        },
        {
          ...{ kind: 'radio', required: true, ...of('cevap') },
          label: { tr: 'Cevap', en: 'Answer' },
          options: [
            { value: 'granted', text: { tr: 'İzin verildi', en: 'Granted' } },
            { value: 'refused', text: { tr: 'Reddedildi', en: 'Refused' } },
          ],
        },
        {
          ...{ kind: 'date', required: true, ...of('cevap-gunu') },
          label: { tr: 'Cevabın günü', en: 'Day of the answer' },
        },
      ],
    },
  ];
}
