import type { BothLanguages } from '../../pages/views.js';
import { containsKimlikNo } from '../../person/contains-kimlik-no.js';

/** Controls but ends of lines, and marks that turn the direction of what is written: nobody sees what they do to a text. */
const UNSEEN = /(?!\r?\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;

/** What is wrong with a text, empty or not, that will stand in the log in clear, for ever; null: nothing. The one rule of all pages. */
export function clearTextFault(text: string, max: number): BothLanguages | null {
  if ([...text].length > max)
    return { tr: `En çok ${max} karakter yazın.`, en: `Write ${max} characters at the most.` };
  if (UNSEEN.test(text))
    return {
      tr: 'Düz metin yazın; görünmeyen karakter var.',
      en: 'Write plain text; there is a character that cannot be seen.',
    };
  if (containsKimlikNo(text))
    return {
      tr: 'Bu metin kayda açık olarak geçer; kimlik numarası yazmayın.',
      en: 'This text stands in the log in clear; do not write an identity number.',
    };
  return null;
}
