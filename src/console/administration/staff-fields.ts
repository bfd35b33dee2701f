import type { BothLanguages } from '../../pages/views.js';
import { KimlikNo } from '../../person/kimlik-no.js';
import { clearTextFault as clearText } from '../frame/clear-text.js';
import type { Field, Text } from '../frame/parts.js';

/** What is wrong, by the name of the field. */
export type FieldErrors = Readonly<Record<string, Text>>;

/** What is wrong with one line of one to `max` characters that will stand in the log in clear; null: nothing. */
export function clearTextFault(text: string, max: number): BothLanguages | null {
  if (text === '') return { tr: 'Bu alanı doldurun.', en: 'Fill this in.' };
  if (/[\r\n]/.test(text)) return { tr: 'Tek satır, düz metin yazın.', en: 'Write plain text of one line.' };
  return clearText(text, max);
}

/** The person whose number was typed; null where it is none. */
export function typedPerson(text: string): KimlikNo | null {
  const parsed = KimlikNo.parse(text);
  return parsed.ok ? parsed.value : null;
}

export const NOT_A_NUMBER: BothLanguages = {
  tr: 'On bir rakamlı, geçerli bir kimlik numarası yazın.',
  en: 'Write a valid identity number of eleven digits.',
};

/** The field for a person's number. It never stands in an address, and browsers do not offer it again. */
export function kimlikField(value: string, error: Text | undefined): Field {
  return {
    ...{ kind: 'text', name: 'kimlikNo', value, error, required: true },
    label: { tr: 'Kimlik numarası', en: 'Identity number' },
    hint: { tr: 'T.C. kimlik numarası ya da yabancı kimlik numarası', en: 'T.C. kimlik no or YKN' },
    ...{ maxLength: 11, inputMode: 'numeric', personal: true },
  };
}

/** The field for why something is done. */
export function reasonField(value: string, error: Text | undefined): Field {
  return {
    ...{ kind: 'text', name: 'neden', value, error, required: true, maxLength: 500 },
    label: { tr: 'Neden', en: 'Reason' },
    hint: {
      tr: 'Açık olarak kayda geçer; kimlik numarası yazmayın.',
      en: 'Stands in the log in clear; do not write an identity number.',
    },
  };
}

/** `path` with those parameters that are not empty. Nothing personal. */
export function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return query.size === 0 ? path : `${path}?${query}`;
}
