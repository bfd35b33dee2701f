import type { GivenBasis } from '../../../audit/export/basis.js';
import type { FormFields } from '../../frame/call.js';
import type { Field } from '../../frame/parts.js';
import { clearText, pastDay, type Typed } from './typed.js';

/** By what authority, and why: as it was typed. */
export interface TypedBasis {
  readonly authority: Typed<string>;
  readonly documentNo: Typed<string>;
  readonly date: Typed<string>;
  readonly reason: Typed<string>;
}

const NONE: Typed<string> = { text: '', value: null, error: undefined };
/** A form that nobody has typed into yet. */
export const NO_BASIS: TypedBasis = { authority: NONE, documentNo: NONE, date: NONE, reason: NONE };

export function readBasis(fields: FormFields, now: Date): TypedBasis {
  return {
    authority: clearText(fields.get('authority'), 200),
    documentNo: clearText(fields.get('documentNo'), 100),
    date: pastDay(fields.get('date'), now),
    reason: clearText(fields.get('reason'), 500),
  };
}

/** What was given, once nothing is wrong with it; null else. */
export function givenBasis({ authority, date, documentNo, reason }: TypedBasis): GivenBasis | null {
  if (authority.value === null || documentNo.value === null || date.value === null || reason.value === null)
    return null;
  const basis = { authority: authority.value, documentNo: documentNo.value, date: date.value };
  return { basis, reason: reason.value };
}

/** The fields of it. */
export function basisFields({ authority, date, documentNo, reason }: TypedBasis): readonly Field[] {
  return [
    {
      kind: 'text',
      name: 'authority',
      label: { tr: 'Dayanak: isteyen makam', en: 'Basis: whose decision or letter' },
      hint: {
        tr: 'Kararın ya da yazının sahibi. Kayıtta açık olarak durur.',
        en: 'Stands in the log in clear.',
      },
      value: authority.text,
      maxLength: 200,
      required: true,
      error: authority.error,
    },
    {
      kind: 'text',
      name: 'documentNo',
      label: { tr: 'Belge numarası', en: 'Number of the document' },
      value: documentNo.text,
      maxLength: 100,
      required: true,
      error: documentNo.error,
    },
    {
      kind: 'date',
      name: 'date',
      label: { tr: 'Belge tarihi', en: 'Day of the document' },
      value: date.text,
      required: true,
      error: date.error,
    },
    {
      kind: 'textarea',
      name: 'reason',
      label: { tr: 'Gerekçe', en: 'Reason' },
      hint: {
        tr: 'Neden gerekli olduğunu birkaç sözcükle yazın. Kişi adı ya da kimlik numarası yazmayın.',
        en: 'Say in a few words what it is for. No names and no identity numbers.',
      },
      value: reason.text,
      maxLength: 500,
      required: true,
      error: reason.error,
    },
  ];
}
