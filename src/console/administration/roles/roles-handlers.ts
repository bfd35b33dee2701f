import type { StandingRole } from '../../../authority/roles/page-of-roles.js';
import { formatRole, isRoleName, parseRole, type RoleName } from '../../../authority/roles/role-list.js';
import { BridgeError } from '../../../errors/bridge-error.js';
import type { Answer, ConsoleCall } from '../../frame/call.js';
import { ConsoleRefusal } from '../../frame/console-problem.js';
import type { HandlersOf } from '../../frame/router.js';
import { formatOf, tableAnswer } from '../../frame/table-file.js';
import { NOT_A_NUMBER, typedPerson } from '../staff-fields.js';
import type { RoleOutcome, RolePorts } from '../staff-port.js';
import { grantable, grantableMinistries, scopeOf } from './reach.js';
import { NOTHING_TYPED, readGrant, readGrounds, typedRole } from './role-form.js';
import { ROLES_PATH, type TypedForm } from './role-forms.js';
import { CONFLICT_WORDS, conflictText, GRAVE_CONFLICTS } from './role-words.js';
import { rolesFile } from './roles-file.js';
import { rolesPage } from './roles-page.js';

/** Roles on one page. */
const SHOWN = 50;
const NOTHING: TypedForm = { typed: NOTHING_TYPED, errors: {} };

/** Pages about roles: the rules of roles decide, these ask. */
export function createRoleHandlers(
  ports: RolePorts,
): HandlersOf<'roles' | 'roles.file' | 'roles.grant' | 'roles.revoke'> {
  return {
    roles: async (call) => {
      const { person, query } = call;
      const wanted = query.get('ver') ?? '';
      const revoked = query.get('al');
      const role = revoked === null ? null : await ports.find(scopeOf(person.roles), revoked);
      return show(call, ports, { grant: wanted, revoke: role, form: NOTHING, status: 200 });
    },
    'roles.file': async (call) => {
      const format = formatOf(call);
      const file = rolesFile(ports, scopeOf(call.person.roles), filterOf(call));
      await ports.opened(call, 'roles.file');
      return tableAnswer(call, file, format);
    },
    'roles.grant': (call) => grant(call, ports),
    'roles.revoke': (call) => revoke(call, ports),
  };
}

type ShownPage = Extract<Answer, { kind: 'page' }>;
/** The form again, with what is wrong. */
type Again = (errors: TypedForm['errors'], status?: number) => Promise<ShownPage>;

interface Shown {
  readonly grant: string;
  readonly revoke: StandingRole | null;
  readonly form: TypedForm;
  readonly status: number;
}

/** Of which role the list is; null: of all. */
function filterOf({ query }: Pick<ConsoleCall, 'query'>): RoleName | null {
  const filter = query.get('rol') ?? '';
  return isRoleName(filter) ? filter : null;
}

async function show(
  { person, query }: ConsoleCall,
  ports: RolePorts,
  { form, grant: wanted, revoke: role, status }: Shown,
): Promise<ShownPage> {
  const name = filterOf({ query });
  const own = grantable(person.roles);
  const granted = own.find((one) => one === wanted) ?? null;
  const view = {
    page: await ports.page(scopeOf(person.roles), name, query.get('sonra') ?? '', SHOWN),
    name,
    grantable: own,
    grant: granted,
    ministries: granted === null ? [] : grantableMinistries(person.roles, granted),
    revoke: role,
    isFirst: (query.get('sonra') ?? '') === '',
    form,
  };
  return { kind: 'page', status, page: rolesPage(view) };
}

async function grant(call: ConsoleCall, ports: RolePorts): Promise<Answer> {
  const { at, fields, person } = call;
  const typed = typedRole(fields);
  if (isRoleName(typed.role) && !grantable(person.roles).includes(typed.role))
    throw new ConsoleRefusal('ROLE_REQUIRED');
  const again: Again = (errors, status = 422) =>
    show(call, ports, { grant: typed.role, revoke: null, form: { typed, errors }, status });
  const read = readGrant(typed, at);
  if (!read.ok) return again(read.errors);
  return answerOf(await ports.grant(person.officer, read.grant), again);
}

async function revoke(call: ConsoleCall, ports: RolePorts): Promise<Answer> {
  const { at, fields, params, person } = call;
  const role = await ports.find(scopeOf(person.roles), params.role ?? '');
  if (role === null) throw new ConsoleRefusal('NOT_FOUND');
  const typed = typedRole(fields);
  const again: Again = (errors, status = 422) =>
    show(call, ports, { grant: '', revoke: role, form: { typed, errors }, status });
  const grounds = readGrounds(typed, at);
  const holder = typedPerson(typed.kimlikNo);
  if (holder === null || !grounds.ok)
    return again({
      ...(grounds.ok ? {} : grounds.errors),
      ...(holder === null ? { kimlikNo: NOT_A_NUMBER } : {}),
    });
  if (!ports.isOf(role, holder)) return again({ kimlikNo: CONFLICT_WORDS['not-held'] });
  const named = parseRole(formatRole(role));
  // A registry brought a role that the list does not know: nobody decides on it.
  if (named === null) throw new ConsoleRefusal('ROLE_REQUIRED');
  return answerOf(
    await ports.revoke(person.officer, { person: holder, role: named, ...grounds.grounds }),
    again,
  );
}

/** What can be mended, or breaks a rule of roles, is said beside its field; everything else is a refusal. */
async function answerOf(outcome: RoleOutcome, again: Again): Promise<Answer> {
  if (outcome.kind !== 'refused')
    return { kind: 'see-other', to: ROLES_PATH, told: outcome.kind === 'done' ? 'done' : 'proposed' };
  const { code, message, reason } = outcome.refusal;
  if (reason === null) throw new BridgeError(code, message);
  const errors = { [CONFLICT_WORDS[reason].field]: conflictText(reason) };
  const grave = GRAVE_CONFLICTS[reason];
  if (grave === undefined) return again(errors);
  return { ...(await again(errors, grave.status)), refused: { code: grave.code, reason } };
}
