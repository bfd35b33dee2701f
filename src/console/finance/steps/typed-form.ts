import { istanbulDay } from '../../../calendar/istanbul-day.js';
import type { Parsed } from '../../../fees/reconciliation/amounts.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { FormFields } from '../../frame/call.js';
import type { Field } from '../../frame/parts.js';
import { typedFault } from './typed-fault.js';

/** What was typed, and what is wrong with it. */
export interface TypedForm<Name extends string> {
  readonly values: Readonly<Partial<Record<Name, string>>>;
  readonly errors: Readonly<Partial<Record<Name, BothLanguages>>>;
}

/** Read soundly, or the form as it comes back. */
export type ReadForm<T, Name extends string> =
  | { readonly ok: true; readonly value: T; readonly values: TypedForm<Name>['values'] }
  | { readonly ok: false; readonly typed: TypedForm<Name> };

/** A value that was read, or what is wrong with it. */
export interface SaidValue<T> {
  readonly value: T | null;
  readonly error: BothLanguages | null;
}

/** Of the numbers that the log has in clear. */
export const NUMBER_LENGTH = 100;
export const NOTHING_TYPED = { values: {}, errors: {} };
export const DAY_HINT: BothLanguages = { tr: 'Örnek: 22.11.2026', en: 'For example 22.11.2026' };
export const AMOUNT_HINT: BothLanguages = { tr: 'Örnek: 1.234,56 TL', en: 'For example 1.234,56 TL' };

/** The texts of these fields. */
export function valuesOf<Name extends string>(
  fields: FormFields,
  names: readonly Name[],
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, fields.get(name)])) as Record<Name, string>;
}

/** A day, count or amount as it was read, in words of the page. */
export function said<T>(parsed: Parsed<T>): SaidValue<T> {
  if (parsed.ok) return { value: parsed.value, error: null };
  return { value: null, error: typedFault(parsed) };
}

/** The same of a day that must have come. */
export function pastDay(day: SaidValue<string>, now: Date): SaidValue<string> {
  if (day.value === null || day.value <= istanbulDay(now)) return day;
  return { value: null, error: { tr: 'Gün gelecekte olamaz.', en: 'The day must not be in the future.' } };
}

/** Those that there are. */
export function present<Name extends string>(
  errors: Readonly<Record<Name, BothLanguages | null>>,
): Partial<Record<Name, BothLanguages>> {
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error !== null)) as Partial<
    Record<Name, BothLanguages>
  >;
}

/** Text fields of a form, with what was typed into them and what is wrong. */
export function fieldsWith<Name extends string>({
  errors,
  values,
}: TypedForm<Name>): (name: Name, label: BothLanguages, hint?: BothLanguages) => Field {
  return (name, label, hint) => ({
    kind: 'text',
    name,
    label,
    required: true,
    maxLength: NUMBER_LENGTH,
    value: values[name] ?? '',
    error: errors[name],
    ...(hint === undefined ? {} : { hint }),
  });
}
