import type { BothLanguages } from '../../../pages/views.js';
import { clearTextFault } from '../../frame/clear-text.js';

/** What is wrong with a text that will stand in the log in clear; null: nothing. `isNeeded` false: it may be empty. */
export function clearTextError(text: string, max: number, isNeeded: boolean): BothLanguages | null {
  if (text === '') return isNeeded ? { tr: 'Bu alanı doldurun.', en: 'Fill this in.' } : null;
  return clearTextFault(text, max);
}
