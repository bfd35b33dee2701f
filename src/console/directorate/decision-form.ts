import type { Verdict } from '../../appointments/call.js';
import type { BothLanguages } from '../../pages/views.js';
import type { FormFields } from '../frame/call.js';
import { clearTextFault } from '../frame/clear-text.js';
import type { Part } from '../frame/parts.js';

/** What was typed about a decision, and what is wrong with it. */
export interface TypedVerdict {
  readonly karar: string;
  readonly gerekce: string;
  readonly vkn: string;
  readonly errors: {
    readonly karar?: BothLanguages;
    readonly gerekce?: BothLanguages;
    readonly vkn?: BothLanguages;
  };
}

export const NO_VERDICT: TypedVerdict = { karar: '', gerekce: '', vkn: '', errors: {} };

const MAX_REASON = 500;
const VKN = /^[0-9]{10}$/;
const ACCEPT = 'kabul';
const REFUSE = 'ret';

/** What was typed, and the decision where nothing is wrong with it. */
export function typedVerdict(fields: FormFields): {
  readonly typed: TypedVerdict;
  readonly verdict: Verdict | null;
} {
  const karar = fields.get('karar');
  // Of several lines one: it stands in the log as a line.
  const gerekce = fields.get('gerekce').replace(/\s+/gu, ' ').trim();
  const vkn = fields.get('vkn').replace(/\s/gu, '');
  const errors = { ...decisionError(karar), ...reasonError(karar, gerekce), ...vknError(vkn) };
  const typed = { karar, gerekce, vkn, errors };
  if (Object.keys(errors).length > 0) return { typed, verdict: null };
  return {
    typed,
    verdict: {
      decision: karar === ACCEPT ? 'accept' : 'refuse',
      reason: gerekce === '' ? null : gerekce,
      correctedVkn: vkn === '' ? null : vkn,
    },
  };
}

function decisionError(karar: string): TypedVerdict['errors'] {
  if (karar === ACCEPT || karar === REFUSE) return {};
  return { karar: { tr: 'Kabul ya da ret seçin.', en: 'Choose to accept or to refuse.' } };
}

function reasonError(karar: string, text: string): TypedVerdict['errors'] {
  if (text === '')
    return karar === REFUSE
      ? { gerekce: { tr: 'Reddin gerekçesini yazın.', en: 'Say why you refuse.' } }
      : {};
  const fault = clearTextFault(text, MAX_REASON);
  return fault === null ? {} : { gerekce: fault };
}

function vknError(vkn: string): TypedVerdict['errors'] {
  if (vkn === '' || VKN.test(vkn)) return {};
  return { vkn: { tr: 'VKN on rakamdır.', en: 'A VKN has ten digits.' } };
}

/** The form of a decision. */
export function decisionForm(appointment: string, { errors, gerekce, karar, vkn }: TypedVerdict): Part {
  return {
    part: 'form',
    legend: { tr: 'Karar', en: 'Decision' },
    action: `/konsol/mudurluk/basvurular/${appointment}`,
    method: 'post',
    grave: true,
    fields: [
      {
        kind: 'radio',
        name: 'karar',
        label: { tr: 'Karar', en: 'Decision' },
        value: karar,
        options: [
          {
            value: ACCEPT,
            text: {
              tr: 'Kabul: kişi bugünden itibaren yetkilidir',
              en: 'Accept: the person may act from today on',
            },
          },
          { value: REFUSE, text: { tr: 'Ret', en: 'Refuse' } },
        ],
        error: errors.karar,
        required: true,
      },
      {
        kind: 'textarea',
        name: 'gerekce',
        label: { tr: 'Gerekçe', en: 'Reason' },
        hint: {
          tr: 'Ret için zorunludur. Açık olarak kayda geçer; kişi adı ve kimlik numarası yazmayın.',
          en: 'Needed for a refusal. It stands in the log in clear: no names, no identity numbers.',
        },
        value: gerekce,
        maxLength: MAX_REASON,
        error: errors.gerekce,
      },
      {
        kind: 'text',
        name: 'vkn',
        label: { tr: 'Düzeltilmiş VKN', en: 'Corrected VKN' },
        hint: {
          tr: 'Yalnız başvurudaki VKN yanlışsa (m.15(1)).',
          en: 'Only where the one in the application is wrong (m.15(1)).',
        },
        value: vkn,
        maxLength: 13,
        inputMode: 'numeric',
        error: errors.vkn,
      },
    ],
    submit: { tr: 'Kararı kaydet', en: 'Record the decision' },
  };
}
