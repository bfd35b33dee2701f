import type { BothLanguages } from '../../../pages/views.js';
import { containsKimlikNo } from '../../../person/contains-kimlik-no.js';

/** What is wrong with a text that will stand in the log in clear; null: nothing. `isNeeded` false: it may be empty. */
export function clearTextError(text: string, max: number, isNeeded: boolean): BothLanguages | null {
  if (text === '') return isNeeded ? { tr: 'Bu alanı doldurun.', en: 'Fill this in.' } : null;
  if (text.length > max) return { tr: `En çok ${max} karakter yazın.`, en: `At most ${max} characters.` };
  if (containsKimlikNo(text))
    return {
      tr: 'Bu metin kayda açık olarak geçer: kimlik numarası içeremez.',
      en: 'This text stands in the log in clear: it must not hold an identity number.',
    };
  return null;
}
