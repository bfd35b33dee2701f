import type { FormFields } from '../../../console/frame/call.js';
import type { Field } from '../../../console/frame/parts.js';
import { KimlikNo } from '../../../person/kimlik-no.js';

/** Field in which the second officer says about whom a destruction is. */
export const PERSON_FIELD = 'kisi';

/** The field, with what was typed and what is wrong with it; `typed` null: nothing yet. */
export function personField(typed: FormFields | null, isProposed: (person: KimlikNo) => boolean): Field {
  const field = {
    kind: 'text',
    name: PERSON_FIELD,
    label: {
      tr: 'Kararda adı geçen kişinin kimlik numarası',
      en: 'Identity number of the person in the decision',
    },
    hint: {
      tr: '11 hane. Öneridekiyle aynı kişi olduğunu böyle doğrularsınız.',
      en: '11 digits. So you make sure that it is the person who was proposed.',
    },
    required: true,
    maxLength: 11,
    inputMode: 'numeric',
    personal: true,
  } as const;
  if (typed === null) return field;
  const value = typed.get(PERSON_FIELD);
  const person = KimlikNo.parse(value);
  if (!person.ok)
    return {
      ...field,
      value,
      error: {
        tr: '11 haneli, geçerli bir kimlik numarası yazın.',
        en: 'Type a valid identity number of 11 digits.',
      },
    };
  if (isProposed(person.value)) return { ...field, value };
  return {
    ...field,
    value,
    error: {
      tr: 'Bu numara öneridekiyle aynı değil. Karardaki numarayı yeniden okuyun; öneri yanlışsa reddedin.',
      en: 'This is not the number that was proposed. Read the decision again; where the proposal is wrong, refuse it.',
    },
  };
}
