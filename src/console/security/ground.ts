import type { BothLanguages } from '../../pages/views.js';
import type { FormFields } from '../frame/call.js';
import type { Field, Text } from '../frame/parts.js';

/** By what authority something is done: the three fields of a paper, as each form of these pages has them. */
export type GroundField = 'authority' | 'documentNo' | 'date';

/** Characters that its texts may have. */
export const MAX_AUTHORITY = 200;
export const MAX_DOCUMENT_NO = 100;

/** The paper as it was typed, '' for what is not there. */
export function readGround(fields: FormFields): Readonly<Record<GroundField, string>> {
  return {
    authority: fields.get('authority'),
    documentNo: fields.get('documentNo'),
    date: fields.get('date'),
  };
}

/** Its fields, with what was typed and what is wrong with it. `hint`: where the text will stand. */
export function groundFields(
  texts: Readonly<Partial<Record<GroundField, string>>>,
  errors: Readonly<Partial<Record<GroundField, BothLanguages | undefined>>>,
  hint: Text,
): readonly Field[] {
  const base = (name: GroundField) => ({
    name,
    value: texts[name] ?? '',
    required: true,
    error: errors[name],
  });
  return [
    {
      ...base('authority'),
      kind: 'text',
      label: { tr: 'Dayanak: isteyen makam', en: 'Basis: whose decision or letter' },
      hint,
      maxLength: MAX_AUTHORITY,
    },
    {
      ...base('documentNo'),
      kind: 'text',
      label: { tr: 'Belge numarası', en: 'Number of the document' },
      maxLength: MAX_DOCUMENT_NO,
    },
    { ...base('date'), kind: 'date', label: { tr: 'Belge tarihi', en: 'Day of the document' } },
  ];
}
