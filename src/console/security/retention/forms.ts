import type { BothLanguages } from '../../../pages/views.js';
import type { Field, Part } from '../../frame/parts.js';
import type { Typed } from '../evidence/typed.js';
import { AUTHORITIES, SIDES, type TypedDestruction, type TypedHold } from './typed-forms.js';

export const RETENTION_PATH = '/konsol/guvenlik/saklama';

type Texts = Omit<TypedDestruction | TypedHold, 'authority' | 'side'>;

const options = (words: Readonly<Record<string, BothLanguages>>) =>
  Object.entries(words).map(([value, text]) => ({ value, text }));

/** The form of a proposal to destroy. */
export function destroyForm(typed: TypedDestruction): Part {
  return {
    part: 'form',
    action: `${RETENTION_PATH}/imha`,
    method: 'post',
    legend: { tr: 'Bir karara dayanarak imha öner', en: 'Propose to destroy on a decision' },
    fields: [
      personField(typed),
      {
        kind: 'radio',
        name: 'side',
        label: { tr: 'Hangi verileri?', en: 'Which data?' },
        value: typed.side.text,
        options: options(SIDES),
        required: true,
        error: typed.side.error,
      },
      ...yearFields(typed),
      {
        kind: 'radio',
        name: 'authority',
        label: { tr: 'Kararı veren', en: 'Whose decision' },
        value: typed.authority.text,
        options: options(AUTHORITIES),
        required: true,
        error: typed.authority.error,
      },
      ...paperFields(typed),
    ],
    submit: { tr: 'İmhayı öner', en: 'Propose the destruction' },
  };
}

/** The form of a hold. */
export function holdForm(typed: TypedHold): Part {
  return {
    part: 'form',
    action: `${RETENTION_PATH}/tutma`,
    method: 'post',
    legend: { tr: 'Yasal tutma koy', en: 'Place a legal hold' },
    fields: [
      personField(typed),
      ...yearFields(typed),
      {
        kind: 'text',
        name: 'authority',
        label: { tr: 'Yazıyı gönderen makam', en: 'Whose letter' },
        value: typed.authority.text,
        maxLength: 200,
        required: true,
        error: typed.authority.error,
      },
      ...paperFields(typed),
    ],
    submit: { tr: 'Tutmayı koy', en: 'Place the hold' },
  };
}

/** The form of a proposal to lift the hold `id`. */
export function liftForm(id: string, reason: Typed<string>): Part {
  return {
    part: 'form',
    action: `${RETENTION_PATH}/tutma/${id}/kaldir`,
    method: 'post',
    legend: { tr: 'Bu tutmanın kaldırılmasını öner', en: 'Propose to lift this hold' },
    fields: [reasonField(reason)],
    submit: { tr: 'Kaldırmayı öner', en: 'Propose to lift it' },
  };
}

function personField({ person }: Texts): Field {
  return {
    kind: 'text',
    name: 'person',
    label: { tr: 'Kişinin T.C. kimlik numarası', en: 'Identity number of the person' },
    hint: {
      tr: 'Numara kapalı saklanır; listelerde ve adreslerde görünmez.',
      en: 'It is kept sealed and shows in no list and no address.',
    },
    value: person.text,
    maxLength: 11,
    inputMode: 'numeric',
    personal: true,
    required: true,
    error: person.error,
  };
}

function yearFields({ yearFrom, yearTo }: Texts): readonly Field[] {
  return [
    {
      kind: 'number',
      name: 'yearFrom',
      label: { tr: 'İlk yıl', en: 'First year' },
      value: yearFrom.text,
      maxLength: 4,
      required: true,
      error: yearFrom.error,
    },
    {
      kind: 'number',
      name: 'yearTo',
      label: { tr: 'Son yıl', en: 'Last year' },
      value: yearTo.text,
      maxLength: 4,
      required: true,
      error: yearTo.error,
    },
  ];
}

function paperFields({ date, number, reason }: Texts): readonly Field[] {
  return [
    {
      kind: 'text',
      name: 'number',
      label: { tr: 'Belge numarası', en: 'Number of the document' },
      value: number.text,
      maxLength: 100,
      required: true,
      error: number.error,
    },
    {
      kind: 'date',
      name: 'date',
      label: { tr: 'Belge tarihi', en: 'Day of the document' },
      value: date.text,
      required: true,
      error: date.error,
    },
    reasonField(reason),
  ];
}

function reasonField(reason: Typed<string>): Field {
  return {
    kind: 'textarea',
    name: 'reason',
    label: { tr: 'Gerekçe', en: 'Reason' },
    hint: {
      tr: 'Kayıtta açık olarak durur: kişi adı ya da kimlik numarası yazmayın.',
      en: 'It stands in the log in clear: no names and no identity numbers.',
    },
    value: reason.text,
    maxLength: 500,
    required: true,
    error: reason.error,
  };
}
