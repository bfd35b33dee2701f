import type { Ministry } from '../../../authority/facts.js';
import { TWO_PERSON_ROLES } from '../../../authority/roles/grant-rules.js';
import type { PageOfRoles, StandingRole } from '../../../authority/roles/page-of-roles.js';
import { PROVINCES } from '../../../authority/roles/provinces.js';
import { isRoleName, ROLES, type RoleName } from '../../../authority/roles/role-list.js';
import { formatCount } from '../../../fees/kurus.js';
import { dayText } from '../../../pages/formatting.js';
import { MINISTRY_WORDS, ROLE_WORDS } from '../../../sign-in/web/standing-texts.js';
import { roleText } from '../../common/role-words.js';
import type { Cell, Field, FormPart, Page, Part } from '../../frame/parts.js';
import { type FieldErrors, kimlikField, reasonField, withQuery } from '../staff-fields.js';
import type { TypedRole } from './role-form.js';
import { SOURCE_WORDS } from './role-words.js';

export const ROLES_PATH = '/konsol/yonetim/roller';

/** What was typed into one of the forms, and what is wrong with it. */
export interface TypedForm {
  readonly typed: TypedRole;
  readonly errors: FieldErrors;
}

/** All that the page shows. `grant`: the role that the form is about; `revoke`: the standing role that is to be taken away. */
export interface RolesView {
  readonly page: PageOfRoles;
  /** Of which role the list is; null: of all. */
  readonly name: RoleName | null;
  readonly grantable: readonly RoleName[];
  readonly grant: RoleName | null;
  /** For which the role may be granted. */
  readonly ministries: readonly Ministry[];
  readonly revoke: StandingRole | null;
  readonly form: TypedForm;
}

/** Who holds which role, without anybody's number; forms to grant one and to take one away. */
export function rolesPage(view: RolesView): Page {
  const { name, page, revoke } = view;
  return {
    title: { tr: 'Roller', en: 'Roles' },
    help: {
      tr: 'Burada rol verilir ve alınır. Yalnızca verebileceğiniz roller görünür. Kimin hangi role sahip olduğunu kayıtlar söyler; bu listede numara yoktur. Yönetici ve güvenlik görevlisi rolü iki kişiyle verilir, tek kişiyle alınır.',
      en: 'Roles are granted and taken away here; you see only those that you may grant. Whose a role is stands in the log, so there is no number in this list. Administrator and security officer are granted by two persons, and taken away by one.',
    },
    parts: [
      ...(revoke === null ? [grantPart(view)] : revokeParts(revoke, view.form)),
      {
        part: 'links',
        label: { tr: 'Bekleyenler', en: 'Waiting' },
        links: [{ href: '/konsol/kararlar', text: { tr: 'Bekleyen kararlar', en: 'Waiting decisions' } }],
      },
      { part: 'heading', text: { tr: 'Verilmiş roller', en: 'Roles that stand' }, id: 'liste' },
      filterForm(name),
      rolesTable(page.roles),
      {
        part: 'pager',
        shown: { tr: `${formatCount(page.roles.length)} rol`, en: `${formatCount(page.roles.length)} roles` },
        first: withQuery(ROLES_PATH, { rol: name ?? '' }),
        next: page.next === null ? null : withQuery(ROLES_PATH, { rol: name ?? '', sonra: page.next }),
      },
    ],
  };
}

const roleOption = (role: RoleName) => ({ value: role, text: ROLE_WORDS[role] ?? role });

function filterForm(name: RoleName | null): Part {
  return {
    part: 'form',
    action: ROLES_PATH,
    method: 'get',
    inline: true,
    fields: [
      {
        kind: 'select',
        name: 'rol',
        label: { tr: 'Rol', en: 'Role' },
        value: name ?? '',
        options: [
          { value: '', text: { tr: 'Tümü', en: 'All' } },
          ...Object.keys(ROLES).filter(isRoleName).map(roleOption),
        ],
      },
    ],
    submit: { tr: 'Göster', en: 'Show' },
  };
}

function rolesTable(roles: readonly StandingRole[]): Part {
  const people = new Map<string, number>();
  const personOf = (tag: string): number => {
    const person = people.get(tag) ?? people.size + 1;
    people.set(tag, person);
    return person;
  };
  return {
    part: 'table',
    caption: {
      tr: 'Roller (aynı sıra numarası bu sayfada aynı kişidir)',
      en: 'Roles (the same number in brackets is the same person on this page)',
    },
    columns: [
      { label: { tr: 'Rol', en: 'Role' } },
      { label: { tr: 'Kişi', en: 'Person' } },
      { label: { tr: 'Günler', en: 'Days' } },
      { label: { tr: 'Kaynak', en: 'Source' } },
      { label: { tr: 'İşlem', en: 'Action' } },
    ],
    rows: roles.map((role): readonly Cell[] => [
      roleText(role),
      `*** (${personOf(role.tag)})`,
      role.from === null || role.to === null ? '–' : daysCell(role.from, role.to),
      SOURCE_WORDS[role.source] ?? role.source,
      { href: withQuery(ROLES_PATH, { al: role.roleId }), text: { tr: 'Al…', en: 'Take away…' } },
    ]),
    empty: { tr: 'Rol yok.', en: 'No roles.' },
  };
}

function daysCell(from: string, to: string): Cell {
  const [start, end] = [dayText(from), dayText(to)];
  return { tr: `${start.tr} – ${end.tr} (hariç)`, en: `${start.en} to ${end.en} (not included)` };
}

function grantPart(view: RolesView): Part {
  return view.grant === null ? chooseForm(view) : grantForm(view.grant, view);
}

function chooseForm({ form: { errors }, grantable }: RolesView): Part {
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

function grantForm(role: RoleName, { form: { errors, typed }, ministries }: RolesView): FormPart {
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

function revokeParts(role: StandingRole, { errors, typed }: TypedForm): readonly Part[] {
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
