import type { BothLanguages } from '../../../pages/views.js';
import type { FormFields } from '../../frame/call.js';
import type { Part } from '../../frame/parts.js';
import { accountField } from '../quarter-call.js';
import { quarterPath } from '../quarter-words.js';
import type { ExportOrder } from '../quarters-port.js';

const FORMATS = ['xlsx', 'csv', 'pdf'] as const;
/** `hesap` is the field that narrows the page. */
const ACCOUNT_FIELD = 'dosya-hesap';
const SCOPES = { lines: 'satirlar', users: 'kullanicilar' } as const;

/** The form as it came back. */
export interface TypedExport {
  readonly hesap: string;
  readonly bicim: string;
  readonly kapsam: string;
  readonly errors: {
    readonly hesap?: BothLanguages;
    readonly bicim?: BothLanguages;
    readonly kapsam?: BothLanguages;
  };
}

/** Of what the form is: the accounts to choose from, and the one that the page shows; null: all. */
export interface ExportChoice {
  readonly quarter: string;
  readonly accounts: readonly string[];
  readonly account: string | null;
}

/** Asks for a file with details, which is made in the background: it can have millions of rows. */
export function exportForm({ account, accounts, quarter }: ExportChoice, typed?: TypedExport): Part {
  return {
    part: 'form',
    action: `${quarterPath(quarter)}/dosya`,
    method: 'post',
    legend: { tr: 'Satırlarıyla ya da kullanıcılarıyla cetvel', en: 'Statement with its lines or users' },
    fields: [
      {
        ...accountField(accounts, typed?.hesap ?? account),
        name: ACCOUNT_FIELD,
        error: typed?.errors.hesap,
      },
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
  accounts: readonly string[],
): { readonly ok: true; readonly order: ExportOrder } | { readonly ok: false; readonly typed: TypedExport } {
  const [hesap, bicim, kapsam] = [fields.get(ACCOUNT_FIELD), fields.get('bicim'), fields.get('kapsam')];
  const isAccount = hesap === '' || accounts.includes(hesap);
  const format = FORMATS.find((one) => one === bicim);
  const what = (['lines', 'users'] as const).find((one) => SCOPES[one] === kapsam);
  if (isAccount && format !== undefined && what !== undefined)
    return { ok: true, order: { quarter, account: hesap === '' ? null : hesap, format, what } };
  const choose = { tr: 'Birini seçin.', en: 'Choose one.' };
  return {
    ok: false,
    typed: {
      // A name that is no account's is not shown again as if it were one.
      ...{ hesap: isAccount ? hesap : '', bicim, kapsam },
      errors: {
        ...(isAccount ? {} : { hesap: choose }),
        ...(format === undefined ? { bicim: choose } : {}),
        ...(what === undefined ? { kapsam: choose } : {}),
      },
    },
  };
}
