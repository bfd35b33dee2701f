import type { AgreementRequest } from '../../../fees/agreement/list-requests.js';
import type { RegisteredAgreement } from '../../../fees/agreement/read-agreements.js';
import { classWord } from '../../../fees/export/words.js';
import { formatCount } from '../../../fees/kurus.js';
import { dayText } from '../../../pages/formatting.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { Cell, Page, Part, TablePart } from '../../frame/parts.js';
import { NONE, periodText } from '../settling-words.js';
import { AGREEMENTS_PATH, type AgreementForms, answerForm, KIND_NAMES, requestForm } from './forms.js';

/** The register with a page of requests. `next`: the last one of it where more may follow. */
export interface ShownAgreements extends AgreementForms {
  readonly register: readonly RegisteredAgreement[];
  readonly requests: readonly AgreementRequest[];
  readonly next: string | null;
  readonly isFirst: boolean;
}

/** The register of agreements: what each account may ask until when, who answers for it, and what was asked of NVİ. */
export function agreementsPage(shown: ShownAgreements): Page {
  const { isFirst, next, register, requests } = shown;
  return {
    title: { tr: 'Protokoller', en: 'Agreements' },
    help: {
      tr: 'NVİ ile yapılan ikili anlaşmaların kaydı. NVİ’ye yazılan yazıları ve cevaplarını buraya kaydedin; izin verilen bir hizmet ancak ayarlara yazılınca sorulabilir.',
      en: 'The register of bilateral agreements with NVİ. Record letters to NVİ and its answers here; a service that was granted can be asked only once the settings name it.',
    },
    parts: [
      ...register.flatMap(block),
      { part: 'heading', text: { tr: 'NVİ’den istenenler', en: 'Requests to NVİ' }, id: 'talepler' },
      requestTable(requests),
      ...(next === null && isFirst ? [] : [pager(requests.length, next, isFirst)]),
      ...answerForm(shown),
      requestForm(shown),
    ],
  };
}

function block(one: RegisteredAgreement): readonly Part[] {
  const granted = one.grantedServices;
  return [
    { part: 'heading', text: one.account },
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Kurum', en: 'Institution' }, value: one.institution },
        { label: { tr: 'Durum', en: 'State' }, value: standing(one) },
        { label: { tr: 'Geçerlilik', en: 'Validity' }, value: periodText(one.validFrom, one.validUntil) },
        {
          label: { tr: 'Ücret sınıfı', en: 'Fee class' },
          value: { lines: [classText(one.feeClass), ...one.feeClassChanges.map(changeText)] },
        },
        { label: { tr: 'Hizmetler', en: 'Services' }, value: { lines: one.services } },
        ...(granted.length === 0
          ? []
          : [
              {
                label: { tr: 'İzin verildi, ayarlara yazılmadı', en: 'Granted, not in the settings yet' },
                value: { lines: granted },
              },
            ]),
        {
          label: { tr: 'İdari kullanıcı', en: 'Administrative user' },
          value: userCell(one.administrativeUser),
        },
        { label: { tr: 'Teknik kullanıcı', en: 'Technical user' }, value: userCell(one.technicalUser) },
        { label: { tr: 'Bildirilen sabit IP', en: 'Declared static IP' }, value: { code: one.staticIp } },
      ],
    },
  ];
}

function classText(feeClass: string): BothLanguages {
  return { tr: classWord(feeClass), en: feeClass };
}

function changeText({ feeClass, from }: RegisteredAgreement['feeClassChanges'][number]): BothLanguages {
  const [day, words] = [dayText(from), classText(feeClass)];
  return { tr: `${day.tr} gününden başlayarak ${words.tr}`, en: `${words.en} from ${day.en} on` };
}

function userCell({ email, name }: RegisteredAgreement['administrativeUser']): Cell {
  return { lines: [name, email] };
}

/** The countdown to the last day. */
function standing({ daysLeft, state }: RegisteredAgreement): Cell {
  const days = formatCount(Math.abs(daysLeft));
  switch (state) {
    case 'not-yet':
      return { mark: 'calm', text: { tr: 'Henüz başlamadı', en: 'Not begun yet' } };
    case 'in-force':
      return {
        mark: 'good',
        text: { tr: `Yürürlükte, ${days} gün kaldı`, en: `In force, ${days} days left` },
      };
    case 'renew-soon':
      return {
        mark: 'warning',
        text: { tr: `${days} gün kaldı: yenileyin`, en: `${days} days left: renew it` },
      };
    case 'ended':
      return {
        mark: 'problem',
        text: {
          tr: `${days} gün önce bitti: NVİ ile yenileyin`,
          en: `Over for ${days} days: renew it with NVİ`,
        },
      };
  }
}

function requestTable(requests: readonly AgreementRequest[]): TablePart {
  return {
    part: 'table',
    caption: { tr: 'Yazılar, en yenisi üstte', en: 'Letters, the newest first' },
    columns: [
      { label: { tr: 'Yazının günü', en: 'Day of the letter' } },
      { label: { tr: 'Hesap', en: 'Account' } },
      { label: { tr: 'Konu', en: 'Kind' } },
      { label: { tr: 'İstenen', en: 'Wanted' } },
      { label: { tr: 'Yazı numarası', en: 'Document number' } },
      { label: { tr: 'Cevap', en: 'Answer' } },
    ],
    rows: requests.map((one) => [
      dayText(one.requestedOn),
      one.account,
      KIND_NAMES[one.kind],
      one.wanted,
      one.documentNo,
      answerCell(one),
    ]),
    empty: { tr: 'Kayıt yok.', en: 'None.' },
  };
}

function answerCell({ decidedOn, decision, request }: AgreementRequest): Cell {
  if (decision === null)
    return {
      href: `${AGREEMENTS_PATH}?talep=${request}#cevap-talep`,
      text: { tr: 'Cevap bekliyor: cevabı kaydet', en: 'No answer yet: record it' },
    };
  const day = decidedOn === null ? { tr: NONE, en: NONE } : dayText(decidedOn);
  return decision === 'granted'
    ? { mark: 'good', text: { tr: `İzin verildi, ${day.tr}`, en: `Granted on ${day.en}` } }
    : { mark: 'problem', text: { tr: `Reddedildi, ${day.tr}`, en: `Refused on ${day.en}` } };
}

function pager(count: number, next: string | null, isFirst: boolean): Part {
  return {
    part: 'pager',
    shown: { tr: `${count} yazı gösteriliyor`, en: `${count} letters are shown` },
    first: isFirst ? null : `${AGREEMENTS_PATH}#talepler`,
    next: next === null ? null : `${AGREEMENTS_PATH}?once=${next}#talepler`,
  };
}
