import { SETTLEMENTS, type Settlement } from '../../appointments/disagreements/disagreement-rows.js';
import { noteFault } from '../../appointments/disagreements/settle-disagreement.js';
import { isBridgeError } from '../../errors/bridge-error.js';
import type { BothLanguages } from '../../pages/views.js';
import type { FormFields } from '../frame/call.js';
import type { TypedSettlement } from './disagreements-page.js';

const NOTE_FAULTS: Readonly<Record<NonNullable<ReturnType<typeof noteFault>>, BothLanguages>> = {
  missing: { tr: 'Gerekçeyi yazın.', en: 'Say why.' },
  'too-long': { tr: 'En çok 500 karakter yazın.', en: 'Write 500 characters at the most.' },
  'control-characters': {
    tr: 'Düz metin yazın; görünmeyen karakter var.',
    en: 'Write plain text; there is a character that cannot be seen.',
  },
  'identity-number': {
    tr: 'Gerekçe açık olarak kayda geçer; kimlik numarası yazmayın.',
    en: 'The reason stands in the log in clear; do not write an identity number.',
  },
};

/** What was typed, and the decision where nothing is wrong with it. */
export function typedSettlement(fields: FormFields): {
  readonly typed: TypedSettlement;
  readonly wish: { readonly decision: Settlement; readonly note: string } | null;
} {
  const karar = fields.get('karar');
  const not = fields.get('not').replace(/\s+/gu, ' ').trim();
  const decision = SETTLEMENTS.find((one) => one === karar);
  const fault = noteFault(not);
  const errors = {
    ...(decision === undefined
      ? { karar: { tr: 'Üçünden birini seçin.', en: 'Choose one of the three.' } }
      : {}),
    ...(fault === null ? {} : { not: NOTE_FAULTS[fault] }),
  };
  const typed = { karar, not, errors };
  return { typed, wish: decision === undefined || fault !== null ? null : { decision, note: not } };
}

/** What a refused decision is told as beside the contradiction; null where the frame tells it. */
export function settleRefusal(error: unknown): BothLanguages | null {
  if (isBridgeError(error, 'STATE_CONFLICT'))
    return { tr: 'Bu uyuşmazlık bu arada karara bağlanmış.', en: 'This was settled meanwhile.' };
  if (isBridgeError(error, 'SECOND_PERSON_REQUIRED'))
    return {
      tr: 'Atama sizinle ilgili; kararı başka bir görevli verir.',
      en: 'The appointment is your own; somebody else decides.',
    };
  return null;
}

/** A leaf as it stands in an address or a form; null for any other text. */
export function leafOf(text: string): bigint | null {
  return /^[0-9]{1,15}$/.test(text) ? BigInt(text) : null;
}
