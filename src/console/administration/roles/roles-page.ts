import type { PageOfRoles, StandingRole } from '../../../authority/roles/page-of-roles.js';
import { isRoleName, ROLES, type RoleName } from '../../../authority/roles/role-list.js';
import { formatCount } from '../../../fees/kurus.js';
import { dayText } from '../../../pages/formatting.js';
import { roleText } from '../../common/role-words.js';
import type { Cell, Page, Part } from '../../frame/parts.js';
import { fileLinks } from '../../frame/table-file.js';
import { withQuery } from '../staff-fields.js';
import { type GrantView, grantPart, ROLES_PATH, revokeParts, roleOption } from './role-forms.js';
import { SOURCE_WORDS } from './role-words.js';

/** All that the page shows. `revoke`: the standing role that is to be taken away. */
export interface RolesView extends GrantView {
  readonly page: PageOfRoles;
  /** Of which role the list is; null: of all. */
  readonly name: RoleName | null;
  readonly revoke: StandingRole | null;
  readonly isFirst: boolean;
}

/** Who holds which role, without anybody's number; forms to grant one and to take one away. */
export function rolesPage(view: RolesView): Page {
  const { isFirst, name, page, revoke } = view;
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
        first: isFirst ? null : withQuery(ROLES_PATH, { rol: name ?? '' }),
        next: page.next === null ? null : withQuery(ROLES_PATH, { rol: name ?? '', sonra: page.next }),
      },
      fileLinks({ tr: 'Verilmiş roller', en: 'Roles that stand' }, (format) =>
        withQuery(`${ROLES_PATH}/dosya/${format}`, { rol: name ?? '' }),
      ),
    ],
  };
}

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

/** What is said of a role that stands, on the page and in the file. */
export const ROLE_COLUMNS = [
  { label: { tr: 'Rol', en: 'Role' } },
  { label: { tr: 'Kişi', en: 'Person' } },
  { label: { tr: 'Günler', en: 'Days' } },
  { label: { tr: 'Kaynak', en: 'Source' } },
] as const;

/** The cells of `ROLE_COLUMNS`, role by role: the same number in brackets is the same person. */
export function createRoleRow(): (role: StandingRole) => readonly Cell[] {
  const people = new Map<string, number>();
  return (role) => {
    const person = people.get(role.tag) ?? people.size + 1;
    people.set(role.tag, person);
    return [
      roleText(role),
      `*** (${person})`,
      role.from === null || role.to === null ? '–' : daysCell(role.from, role.to),
      SOURCE_WORDS[role.source] ?? role.source,
    ];
  };
}

function rolesTable(roles: readonly StandingRole[]): Part {
  const rowOf = createRoleRow();
  return {
    part: 'table',
    caption: {
      tr: 'Roller (aynı sıra numarası bu sayfada aynı kişidir)',
      en: 'Roles (the same number in brackets is the same person on this page)',
    },
    columns: [...ROLE_COLUMNS, { label: { tr: 'İşlem', en: 'Action' } }],
    rows: roles.map((role): readonly Cell[] => [
      ...rowOf(role),
      { href: withQuery(ROLES_PATH, { al: role.roleId }), text: { tr: 'Al…', en: 'Take away…' } },
    ]),
    empty: { tr: 'Rol yok.', en: 'No roles.' },
  };
}

function daysCell(from: string, to: string): Cell {
  const [start, end] = [dayText(from), dayText(to)];
  return { tr: `${start.tr} – ${end.tr} (hariç)`, en: `${start.en} to ${end.en} (not included)` };
}
