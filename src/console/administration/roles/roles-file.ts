import type { RoleScope } from '../../../authority/roles/page-of-roles.js';
import type { RoleName } from '../../../authority/roles/role-list.js';
import type { Fact, Row, Table } from '../../../documents/table.js';
import { roleText } from '../../common/role-words.js';
import { textColumns, textRow } from '../../frame/table-file.js';
import type { RolePorts } from '../staff-port.js';
import { createRoleRow, ROLE_COLUMNS } from './roles-page.js';

/** Roles that are read at once. */
const AT_ONCE = 200;

/**
 * The roles that `scope` reaches, as the page lists them, all of them (`name`: of one role alone). In the whole of the file the same number in
 * brackets is the same person: who holds several roles is what the file is for.
 */
export function rolesFile(
  { page }: Pick<RolePorts, 'page'>,
  scope: RoleScope,
  name: RoleName | null,
): { readonly name: string; readonly table: Table; readonly facts: readonly Fact[] } {
  const columns = textColumns(ROLE_COLUMNS);
  const facts: readonly Fact[] = [
    ...(name === null ? [] : [['Süzgeç: Rol', roleText({ role: name }).tr] as const]),
    ['Kişiler', 'Gizlidir: aynı numara, bu dosyada aynı kişidir.'],
  ];
  const table = { key: 'roller', title: 'Roller', columns, rows: rowsOf(page, scope, name) };
  return { name: 'roller', table, facts };
}

async function* rowsOf(
  page: RolePorts['page'],
  scope: RoleScope,
  name: RoleName | null,
): AsyncGenerator<Row> {
  const rowOf = createRoleRow();
  for (let after = ''; ; ) {
    const { next, roles } = await page(scope, name, after, AT_ONCE);
    for (const role of roles) yield textRow(rowOf(role));
    if (next === null) return;
    after = next;
  }
}
