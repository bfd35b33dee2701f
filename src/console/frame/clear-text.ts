import type { BothLanguages } from '../../pages/views.js';
import { clearTextFault as faultOf } from '../../person/clear-text.js';

/** What is wrong with a text, empty or not, that will stand in the log in clear, for ever; null: nothing. The one rule, in words of pages. */
export function clearTextFault(text: string, max: number): BothLanguages | null {
  switch (faultOf(text, max)) {
    case 'too-long':
      return { tr: `En çok ${max} karakter yazın.`, en: `Write ${max} characters at the most.` };
    case 'unseen':
      return {
        tr: 'Düz metin yazın; görünmeyen karakter var.',
        en: 'Write plain text; there is a character that cannot be seen.',
      };
    case 'identity-number':
      return {
        tr: 'Bu metin kayda açık olarak geçer; kimlik numarası yazmayın.',
        en: 'This text stands in the log in clear; do not write an identity number.',
      };
    case null:
      return null;
  }
}
