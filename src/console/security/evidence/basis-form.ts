import type { GivenBasis } from '../../../audit/export/basis.js';
import type { FormFields } from '../../frame/call.js';
import type { Field } from '../../frame/parts.js';
import { groundFields, MAX_AUTHORITY, MAX_DOCUMENT_NO, readGround } from '../ground.js';
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
  const { authority, date, documentNo } = readGround(fields);
  return {
    authority: clearText(authority, MAX_AUTHORITY),
    documentNo: clearText(documentNo, MAX_DOCUMENT_NO),
    date: pastDay(date, now),
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
  const texts = { authority: authority.text, documentNo: documentNo.text, date: date.text };
  const errors = { authority: authority.error, documentNo: documentNo.error, date: date.error };
  const hint = {
    tr: 'Kararın ya da yazının sahibi. Kayıtta açık olarak durur.',
    en: 'Stands in the log in clear.',
  };
  return [
    ...groundFields(texts, errors, hint),
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
