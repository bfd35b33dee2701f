import { addDays } from '../../../calendar/add-days.js';
import {
  istanbulDay,
  istanbulQuarter,
  previousQuarter,
  quarterDays,
} from '../../../calendar/istanbul-day.js';
import { MAX_CELL } from '../../../fees/reconciliation/cell.js';
import {
  type Field as Column,
  FIELD_NAMES,
  FIELDS,
  type NamedColumns,
} from '../../../fees/reconciliation/columns.js';
import type { Days } from '../../../fees/reconciliation/figures.js';
import { isFitPeriod, MAX_DAYS, SEPARATORS } from '../../../fees/reconciliation/figures-order.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { FormFields } from '../../frame/call.js';
import type { Field, FormPart, Text } from '../../frame/parts.js';
import { CHOOSE, DAY_WRONG, dayOf, type FieldErrors } from '../settling-words.js';
import type { FiguresOrder } from './figures-order.js';
import { RECONCILIATION_PATH } from './words.js';

/** What the form offers. */
export interface FormOffers {
  readonly accounts: readonly string[];
  readonly services: readonly string[];
}

/** Columns as the form calls their fields; ASCII, for they are ids. */
const COLUMN_FIELDS: Readonly<Record<Column, string>> = {
  day: 'sutun-gun',
  service: 'sutun-hizmet',
  queries: 'sutun-adet',
  amount: 'sutun-tutar',
  amountKurus: 'sutun-kurus',
};
const COLUMN_LABELS: Readonly<Record<Column, string>> = {
  day: 'day',
  service: 'service',
  queries: 'queries',
  amount: 'amount',
  amountKurus: 'amount in kuruş',
};
/** Names of services in one field; there are a handful. */
const MAX_NAMES = 1_000;

const serviceField = (n: number) => `hizmet-${n}`;

/** What of the form is good, or what is wrong with it. */
export type ReadOrder =
  | { readonly ok: true; readonly order: FiguresOrder; readonly bytes: Buffer }
  | { readonly ok: false; readonly errors: FieldErrors };

/** Reads the form of a file; `at`: the period must be over. The file itself is not looked into. */
export function readOrder(fields: FormFields, { accounts, services }: FormOffers, at: Date): ReadOrder {
  const file = fields.file('dosya');
  const account = fields.get('hesap');
  const separator = fields.get('ayirici');
  const [from, last] = [dayOf(fields.get('ilk')), dayOf(fields.get('son'))];
  const days: Days | null = from === null || last === null ? null : { from, to: addDays(last, 1) };
  const errors: Record<string, BothLanguages> = { ...longTexts(fields, services.length) };
  if (file === null) errors.dosya = { tr: 'Bir dosya seçin.', en: 'Choose a file.' };
  if (!accounts.includes(account)) errors.hesap = CHOOSE;
  if (separator !== '' && !SEPARATORS.has(separator)) errors.ayirici = CHOOSE;
  if (from === null) errors.ilk = DAY_WRONG;
  if (last === null) errors.son = DAY_WRONG;
  const wrong = days === null ? null : periodError(days, at);
  if (wrong !== null) errors.son = wrong;
  if (file === null || days === null || Object.keys(errors).length > 0) return { ok: false, errors };
  const order: FiguresOrder = {
    ...{ account, days, name: file.name, separator: separator === '' ? null : separator },
    sheet: fields.get('sayfa') === '' ? null : fields.get('sayfa'),
    columns: columnsOf(fields),
    names: services.flatMap((service, n) =>
      namesOf(fields.get(serviceField(n))).map((name): [string, string] => [name, service]),
    ),
  };
  return { ok: true, order, bytes: file.bytes };
}

function periodError(days: Days, at: Date): BothLanguages | null {
  if (!isFitPeriod(days))
    return {
      tr: `Son gün ilk günden önce olamaz; dönem en çok ${MAX_DAYS} gündür.`,
      en: `The last day cannot be before the first; a period has ${MAX_DAYS} days at the most.`,
    };
  return days.to > istanbulDay(at)
    ? {
        tr: 'Dönem henüz bitmedi: son gün dün ya da daha önce olmalı.',
        en: 'The period is not over: the last day is yesterday at the latest.',
      }
    : null;
}

function longTexts(fields: FormFields, services: number): FieldErrors {
  const short = [...Object.values(COLUMN_FIELDS), 'sayfa'].filter(
    (name) => fields.get(name).length > MAX_CELL,
  );
  const long = Array.from({ length: services }, (_, n) => serviceField(n)).filter(
    (name) => fields.get(name).length > MAX_NAMES,
  );
  return Object.fromEntries([
    ...short.map((name) => [name, tooLong(MAX_CELL)]),
    ...long.map((name) => [name, tooLong(MAX_NAMES)]),
  ]);
}

function tooLong(max: number): BothLanguages {
  return { tr: `En çok ${max} karakter yazın.`, en: `Write ${max} characters at the most.` };
}

function columnsOf(fields: FormFields): NamedColumns {
  const named = FIELDS.map((field) => [field, fields.get(COLUMN_FIELDS[field])] as const);
  return Object.fromEntries(named.filter(([, header]) => header !== ''));
}

function namesOf(text: string): readonly string[] {
  return text
    .split(/[;\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The form, with what was typed; before anything was, the quarter that ended last. */
export function figuresForm(
  { accounts, services }: FormOffers,
  fields: FormFields | null,
  errors: FieldErrors,
  at: Date,
): FormPart {
  const last = quarterDays(previousQuarter(istanbulQuarter(at)));
  const defaults: Readonly<Record<string, string>> = { ilk: last.from, son: addDays(last.to, -1) };
  const value = (name: string) => fields?.get(name) ?? defaults[name] ?? '';
  const base = (name: string, label: Text, hint?: BothLanguages) => ({
    ...{ name, label, error: errors[name] },
    ...(hint === undefined ? {} : { hint }),
  });
  const text = (name: string, label: Text, maxLength: number, hint?: BothLanguages): Field => ({
    ...base(name, label, hint),
    ...{ kind: 'text', value: value(name), maxLength },
  });
  return {
    part: 'form',
    action: RECONCILIATION_PATH,
    method: 'post',
    upload: true,
    legend: { tr: 'İçişleri Bakanlığı’nın sayılarını yükle', en: 'Upload the Interior Ministry’s figures' },
    submit: { tr: 'Oku ve önizle', en: 'Read and preview' },
    fields: [
      {
        ...base('dosya', { tr: 'Dosya', en: 'File' }, FILE_HINT),
        ...{ kind: 'file', accept: '.csv,.txt,.xlsx', required: true },
      },
      {
        ...base('hesap', { tr: 'Hesap', en: 'Account' }),
        ...{ kind: 'select', value: value('hesap'), required: true },
        options: [{ value: '', text: CHOOSE }, ...accounts.map((id) => ({ value: id, text: id }))],
      },
      {
        ...base('ilk', { tr: 'İlk gün', en: 'First day' }),
        kind: 'date',
        value: value('ilk'),
        required: true,
      },
      {
        ...base('son', { tr: 'Son gün (dahil)', en: 'Last day (included)' }),
        ...{ kind: 'date', value: value('son'), required: true },
      },
      {
        ...base(
          'ayirici',
          { tr: 'Hücreleri ayıran', en: 'Between cells' },
          { tr: 'Yalnız CSV için.', en: 'For CSV alone.' },
        ),
        ...{ kind: 'select', value: value('ayirici') },
        options: SEPARATOR_OPTIONS,
      },
      text('sayfa', { tr: 'Çalışma sayfasının adı', en: 'Name of the sheet' }, MAX_CELL, SHEET_HINT),
      ...FIELDS.map((field) =>
        text(
          COLUMN_FIELDS[field],
          {
            tr: `“${FIELD_NAMES[field]}” sütununun adı`,
            en: `Name of the column for ${COLUMN_LABELS[field]}`,
          },
          MAX_CELL,
          COLUMN_HINT,
        ),
      ),
      ...services.map((service, n) =>
        text(
          serviceField(n),
          { tr: `Dosyada ${service} yerine geçen adlar`, en: `Names that the file has for ${service}` },
          MAX_NAMES,
          NAMES_HINT,
        ),
      ),
    ],
  };
}

const FILE_HINT: BothLanguages = {
  tr: 'UTF-8 CSV ya da XLSX. İlk satır sütun adlarıdır; TOPLAM satırı denetlenir. Bu adımda hiçbir şey alınmaz.',
  en: 'CSV in UTF-8, or XLSX. The first line names the columns; a line TOPLAM is checked. Nothing is taken in by this step.',
};
const SHEET_HINT: BothLanguages = {
  tr: 'Kitapta birden çok sayfa varsa yazın.',
  en: 'Where the workbook has more than one.',
};
const COLUMN_HINT: BothLanguages = {
  tr: 'Boş bırakın: bilinen adlar kendiliğinden bulunur.',
  en: 'Leave it empty: known names are found by themselves.',
};
const NAMES_HINT: BothLanguages = {
  tr: 'Hizmetin kendi adı bilinir. Birden çoksa “;” ile ayırın.',
  en: 'The service’s own name is known. Separate several with “;”.',
};
const SEPARATOR_OPTIONS = [
  { value: '', text: { tr: 'Kendiliğinden bulunsun', en: 'Found by itself' } },
  { value: ';', text: { tr: 'Noktalı virgül (;)', en: 'Semicolon (;)' } },
  { value: ',', text: { tr: 'Virgül (,)', en: 'Comma (,)' } },
  { value: 'tab', text: { tr: 'Sekme', en: 'Tab' } },
];
