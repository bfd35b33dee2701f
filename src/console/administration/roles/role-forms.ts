import type { Ministry } from '../../../authority/facts.js';
import { TWO_PERSON_ROLES } from '../../../authority/roles/grant-rules.js';
import type { StandingRole } from '../../../authority/roles/page-of-roles.js';
import { PROVINCES } from '../../../authority/roles/provinces.js';
import { ROLES, type RoleName } from '../../../authority/roles/role-list.js';
import { MINISTRY_WORDS, ROLE_WORDS } from '../../../sign-in/web/standing-texts.js';
import { roleText } from '../../common/role-words.js';
import type { Field, FormPart, Part } from '../../frame/parts.js';
import { type FieldErrors, kimlikField, reasonField } from '../staff-fields.js';
import type { TypedRole } from './role-form.js';

export const ROLES_PATH = '/konsol/yonetim/roller';

/** What was typed into one of the forms, and what is wrong with it. */
export interface TypedForm {
  readonly typed: TypedRole;
  readonly errors: FieldErrors;
}

/** What the form of a grant is made from: which roles, which of them was chosen, for which ministries. */
export interface GrantView {
  readonly grantable: readonly RoleName[];
  readonly grant: RoleName | null;
  /** For which the role may be granted. */
  readonly ministries: readonly Ministry[];
  readonly form: TypedForm;
}

/** A role as one of several. */
export const roleOption = (role: RoleName) => ({ value: role, text: ROLE_WORDS[role] ?? role });

/** First which role, then the fields that this role has. */
export function grantPart(view: GrantView): Part {
  return view.grant === null ? chooseForm(view) : grantForm(view.grant, view);
}

function chooseForm({ form: { errors }, grantable }: GrantView): Part {
  return {
    part: 'form',
    legend: { tr: 'Rol ver', en: 'Grant a role' },
    action: ROLES_PATH,
    method: 'get',
    inline: true,
    fields: [
      {
        kind: 'select',
        name: 'ver',
        label: { tr: 'Verilecek rol', en: 'Role to grant' },
        options: grantable.map(roleOption),
        error: errors.rol,
      },
    ],
    submit: { tr: 'Devam', en: 'Go on' },
  };
}

function grantForm(role: RoleName, { form: { errors, typed }, ministries }: GrantView): FormPart {
  const two = TWO_PERSON_ROLES.includes(role);
  return {
    part: 'form',
    legend: two
      ? { tr: 'Rol ver: ikinci bir kişi de karar verir', en: 'Grant a role: a second person decides too' }
      : { tr: 'Rol ver', en: 'Grant a role' },
    action: ROLES_PATH,
    method: 'post',
    fields: [
      {
        kind: 'select',
        name: 'rol',
        label: { tr: 'Verilecek rol', en: 'Role to grant' },
        value: role,
        // Another role has other fields: it is chosen anew.
        options: [roleOption(role)],
        error: errors.rol,
      },
      ...scopeFields(role, ministries, { errors, typed }),
      kimlikField(typed.kimlikNo, errors.kimlikNo),
      ...groundFields({ errors, typed }),
    ],
    submit: two ? { tr: 'Öner', en: 'Propose' } : { tr: 'Rolü ver', en: 'Grant the role' },
    grave: true,
  };
}

function scopeFields(role: RoleName, ministries: readonly Ministry[], { errors, typed }: TypedForm) {
  const ministry: Field = {
    kind: 'select',
    name: 'bakanlik',
    label: { tr: 'Bakanlık', en: 'Ministry' },
    value: typed.ministry,
    options: ministries.map((value) => ({ value, text: MINISTRY_WORDS[value] ?? value })),
    error: errors.bakanlik,
    required: true,
  };
  const il: Field = {
    kind: 'select',
    name: 'il',
    label: { tr: 'İl', en: 'İl' },
    value: typed.il,
    options: PROVINCES.map((value) => ({ value, text: value })),
    error: errors.il,
    required: true,
  };
  const fields: Readonly<Record<(typeof ROLES)[RoleName]['scope'], readonly Field[]>> = {
    none: [],
    ministry: [ministry],
    directorate: [ministry, il],
    assembly: assemblyFields({ errors, typed }),
  };
  return fields[ROLES[role].scope];
}

function assemblyFields({ errors, typed }: TypedForm): readonly Field[] {
  return [
    {
      kind: 'text',
      name: 'mersisNo',
      label: { tr: 'Kooperatifin MERSİS numarası', en: 'MERSİS number of the cooperative' },
      value: typed.mersisNo,
      maxLength: 16,
      inputMode: 'numeric',
      error: errors.mersisNo,
      required: true,
    },
    {
      kind: 'date',
      name: 'bas',
      label: { tr: 'İlk gün', en: 'First day' },
      value: typed.from,
      error: errors.bas,
      required: true,
    },
    {
      kind: 'date',
      name: 'son',
      label: { tr: 'Bitiş (bu gün hariç)', en: 'End (this day not included)' },
      value: typed.to,
      error: errors.son,
      required: true,
    },
  ];
}

function groundFields({ errors, typed }: TypedForm): readonly Field[] {
  return [
    {
      kind: 'text',
      name: 'yaziNo',
      label: { tr: 'Resmî yazının sayısı', en: 'Number of the official letter' },
      hint: {
        tr: 'Yoksa boş bırakın. Açık olarak kayda geçer.',
        en: 'Empty where there is none. Stands in the log in clear.',
      },
      value: typed.letterNo,
      maxLength: 100,
      error: errors.yaziNo,
    },
    {
      kind: 'date',
      name: 'yaziTarihi',
      label: { tr: 'Resmî yazının tarihi', en: 'Date of the official letter' },
      value: typed.letterDate,
      error: errors.yaziTarihi,
    },
    reasonField(typed.reason, errors.neden),
  ];
}

/** Which role is to be taken away, and the form for it. */
export function revokeParts(role: StandingRole, { errors, typed }: TypedForm): readonly Part[] {
  return [
    { part: 'heading', text: { tr: 'Rolü al', en: 'Take a role away' } },
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Rol', en: 'Role' }, value: roleText(role) },
        { label: { tr: 'Rol kaydı', en: 'Id of the role' }, value: { code: role.roleId } },
      ],
    },
    {
      part: 'form',
      legend: {
        tr: 'Kimden alındığı, numarayla doğrulanır',
        en: 'The number confirms from whom it is taken',
      },
      action: `${ROLES_PATH}/${role.roleId}/al`,
      method: 'post',
      fields: [kimlikField(typed.kimlikNo, errors.kimlikNo), ...groundFields({ errors, typed })],
      submit: { tr: 'Rolü al', en: 'Take it away' },
      grave: true,
    },
  ];
}
