import type { BothLanguages } from '../../../pages/views.js';
import type { FormFields } from '../../frame/call.js';
import type { Part } from '../../frame/parts.js';
import { quarterPath } from '../quarter-words.js';
import type { ExportOrder } from '../quarters-port.js';

const FORMATS = ['xlsx', 'csv', 'pdf'] as const;
const SCOPES = { lines: 'satirlar', users: 'kullanicilar' } as const;

/** The form as it came back. */
export interface TypedExport {
  readonly bicim: string;
  readonly kapsam: string;
  readonly errors: { readonly bicim?: BothLanguages; readonly kapsam?: BothLanguages };
}

/** Asks for a file with details, which is made in the background: it can have millions of rows. */
export function exportForm(quarter: string, typed?: TypedExport): Part {
  return {
    part: 'form',
    action: `${quarterPath(quarter)}/dosya`,
    method: 'post',
    legend: { tr: 'Satırlarıyla ya da kullanıcılarıyla cetvel', en: 'Statement with its lines or users' },
    fields: [
      {
        kind: 'radio',
        name: 'kapsam',
        label: { tr: 'Kapsam', en: 'How far down' },
        required: true,
        value: typed?.kapsam ?? SCOPES.lines,
        options: [
          {
            value: SCOPES.lines,
            text: { tr: 'Tek tek sorgu satırları ve düzeltmeler', en: 'Lines one by one, and corrections' },
          },
          {
            value: SCOPES.users,
            text: { tr: 'Kullanıcılar (numaralar kapalı)', en: 'Users (numbers masked)' },
          },
        ],
        error: typed?.errors.kapsam,
      },
      {
        kind: 'radio',
        name: 'bicim',
        label: { tr: 'Biçim', en: 'Format' },
        required: true,
        value: typed?.bicim ?? 'xlsx',
        options: FORMATS.map((value) => ({ value, text: value.toUpperCase() })),
        error: typed?.errors.bicim,
      },
    ],
    submit: { tr: 'Dosyayı hazırla', en: 'Make the file' },
  };
}

/** What the form asks for, or the form as it comes back. */
export function readExportForm(
  quarter: string,
  fields: FormFields,
): { readonly ok: true; readonly order: ExportOrder } | { readonly ok: false; readonly typed: TypedExport } {
  const [bicim, kapsam] = [fields.get('bicim'), fields.get('kapsam')];
  const format = FORMATS.find((one) => one === bicim);
  const what = (['lines', 'users'] as const).find((one) => SCOPES[one] === kapsam);
  if (format !== undefined && what !== undefined) return { ok: true, order: { quarter, format, what } };
  const choose = { tr: 'Birini seçin.', en: 'Choose one.' };
  return {
    ok: false,
    typed: {
      ...{ bicim, kapsam },
      errors: {
        ...(format === undefined ? { bicim: choose } : {}),
        ...(what === undefined ? { kapsam: choose } : {}),
      },
    },
  };
}
