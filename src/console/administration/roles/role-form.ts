import type { Ministry } from '../../../authority/facts.js';
import { type LetterFault, letterFault } from '../../../authority/roles/letter.js';
import { PROVINCES } from '../../../authority/roles/provinces.js';
import {
  formatRole,
  isRoleName,
  type NamedRole,
  parseRole,
  ROLES,
  type RoleName,
} from '../../../authority/roles/role-list.js';
import { istanbulDay } from '../../../calendar/istanbul-day.js';
import type { BothLanguages } from '../../../pages/views.js';
import type { KimlikNo } from '../../../person/kimlik-no.js';
import type { FormFields } from '../../frame/call.js';
import type { Text } from '../../frame/parts.js';
import { clearTextFault, type FieldErrors, NOT_A_NUMBER, typedPerson } from '../staff-fields.js';
import type { RoleGrounds } from '../staff-port.js';

/** What was typed into a form about a role. */
export interface TypedRole {
  readonly role: string;
  readonly kimlikNo: string;
  readonly ministry: string;
  readonly il: string;
  readonly mersisNo: string;
  readonly from: string;
  readonly to: string;
  readonly letterNo: string;
  readonly letterDate: string;
  readonly reason: string;
}

/** A grant as it was typed, where nothing is wrong with it. */
export interface GrantTyped extends RoleGrounds {
  readonly person: KimlikNo;
  readonly role: NamedRole;
  readonly from: string | null;
  readonly to: string | null;
}

export const NOTHING_TYPED: TypedRole = {
  ...{ role: '', kimlikNo: '', ministry: '', il: '', mersisNo: '', from: '', to: '' },
  ...{ letterNo: '', letterDate: '', reason: '' },
};

/** What the form holds. */
export function typedRole(fields: FormFields): TypedRole {
  return {
    role: fields.get('rol'),
    kimlikNo: fields.get('kimlikNo'),
    ministry: fields.get('bakanlik'),
    il: fields.get('il'),
    mersisNo: fields.get('mersisNo'),
    from: fields.get('bas'),
    to: fields.get('son'),
    letterNo: fields.get('yaziNo'),
    letterDate: fields.get('yaziTarihi'),
    reason: fields.get('neden'),
  };
}

/** The grant, or what is wrong field by field. Whether it is allowed, the rules of roles say. */
export function readGrant(
  typed: TypedRole,
  now: Date,
): { readonly ok: true; readonly grant: GrantTyped } | { readonly ok: false; readonly errors: FieldErrors } {
  const grounds = readGrounds(typed, now);
  const person = typedPerson(typed.kimlikNo);
  const scope = isRoleName(typed.role) ? ROLES[typed.role].scope : null;
  const role = isRoleName(typed.role) ? namedRole(typed, typed.role) : null;
  const isAssembly = scope === 'assembly';
  const errors: Record<string, Text> = {
    ...(grounds.ok ? {} : grounds.errors),
    ...(person === null ? { kimlikNo: NOT_A_NUMBER } : {}),
    ...(scope === null ? { rol: { tr: 'Listeden bir rol seçin.', en: 'Choose one of the roles.' } } : {}),
    ...(isRoleName(typed.role) ? scopeErrors(typed, typed.role) : {}),
    ...(isAssembly && typed.from === '' ? { bas: NO_DAY } : {}),
    ...(isAssembly && typed.to === '' ? { son: NO_DAY } : {}),
  };
  if (Object.keys(errors).length > 0 || person === null || role === null || !grounds.ok)
    return { ok: false, errors };
  const days = isAssembly ? { from: typed.from, to: typed.to } : { from: null, to: null };
  return { ok: true, grant: { person, role, ...days, ...grounds.grounds } };
}

const NO_DAY: BothLanguages = { tr: 'Bir gün seçin.', en: 'Choose a day.' };

function namedRole({ il, mersisNo, ministry }: TypedRole, role: RoleName): NamedRole | null {
  const { scope } = ROLES[role];
  const bound = {
    none: { ministry: null, il: null, mersisNo: null },
    ministry: { ministry: ministry as Ministry, il: null, mersisNo: null },
    directorate: { ministry: ministry as Ministry, il, mersisNo: null },
    assembly: { ministry: null, il: null, mersisNo },
  }[scope];
  return parseRole(formatRole({ role, ...bound }));
}

function scopeErrors({ il, mersisNo, ministry }: TypedRole, role: RoleName): FieldErrors {
  const { scope } = ROLES[role];
  const needsMinistry = scope === 'ministry' || scope === 'directorate';
  return {
    ...(needsMinistry && parseRole(`ministry-manager:${ministry}`) === null
      ? { bakanlik: { tr: 'Bir bakanlık seçin.', en: 'Choose a ministry.' } }
      : {}),
    ...(scope === 'directorate' && !PROVINCES.includes(il.normalize('NFC'))
      ? { il: { tr: 'Bir il seçin.', en: 'Choose an il.' } }
      : {}),
    ...(scope === 'assembly' && parseRole(`ministry-representative:${mersisNo}`) === null
      ? {
          mersisNo: {
            tr: 'Bir kooperatifin on altı rakamlı MERSİS numarasını yazın.',
            en: 'Write a cooperative’s MERSİS number of sixteen digits.',
          },
        }
      : {}),
  };
}

const LETTER_WORDS: Readonly<Record<LetterFault, BothLanguages>> = {
  incomplete: {
    tr: 'Resmî yazının sayısı da tarihi de gerekir; ya ikisini yazın ya hiçbirini.',
    en: 'A letter has a number and a date: write both or none.',
  },
  'day-invalid': { tr: 'Geçerli bir gün yazın.', en: 'Write a valid day.' },
  'in-future': { tr: 'Yazı tarihi gelecekte olamaz.', en: 'A letter is not of a day that has not come.' },
};
/** Longest number of a letter. */
const LETTER_NO = 100;

/** Why a decision is made, or what is wrong with it. */
export function readGrounds(
  { letterDate, letterNo, reason }: Pick<TypedRole, 'letterDate' | 'letterNo' | 'reason'>,
  now: Date,
):
  | { readonly ok: true; readonly grounds: RoleGrounds }
  | { readonly ok: false; readonly errors: FieldErrors } {
  const fault = letterFault(emptyAsNull(letterNo), emptyAsNull(letterDate), istanbulDay(now));
  const numberFault = letterNo === '' ? null : clearTextFault(letterNo, LETTER_NO);
  const reasonFault = clearTextFault(reason, 500);
  const errors: FieldErrors = {
    ...(fault === null ? {} : { yaziTarihi: LETTER_WORDS[fault] }),
    ...(numberFault === null ? {} : { yaziNo: numberFault }),
    ...(reasonFault === null ? {} : { neden: reasonFault }),
  };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const letter = letterNo === '' ? null : { no: letterNo, date: letterDate };
  return { ok: true, grounds: { letter, reason } };
}

function emptyAsNull(text: string): string | null {
  return text === '' ? null : text;
}
