import type { DecisionDesk } from '../../../src/console/decisions/port.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { Part, Text } from '../../../src/console/frame/parts.js';
import { isBridgeError } from '../../../src/errors/bridge-error.js';
import { openStaff } from '../../../src/house/console/open-staff.js';
import { digitsOf, personOf } from '../../audit/support/parts.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';

/** The staff pages over a desk, with short names for what the tests of roles do. */
export class RoleDesk {
  private constructor(
    readonly desk: ConsoleDesk,
    readonly staff: ReturnType<typeof openStaff>,
  ) {}

  static async open(): Promise<RoleDesk> {
    const desk = await ConsoleDesk.open();
    return new RoleDesk(desk, openStaff(desk.parts()));
  }

  /** The desk of grants by two persons. */
  get grants(): DecisionDesk {
    const found = this.staff.desks?.find(({ what }) => what === 'roles.decide');
    if (found === undefined) throw new Error('no desk of grants');
    return found;
  }

  /** A grant of `role` to the citizen `n`, as typed into the form. */
  grant(
    by: ConsolePerson,
    n: number,
    role: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const fields = typed({ rol: role, kimlikNo: digitsOf(n), neden: 'atama yazısı', ...more });
    return this.staff.handlers['roles.grant'](this.desk.call('roles.grant', by, { fields }));
  }

  revoke(
    by: ConsolePerson,
    roleId: string,
    n: number,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const fields = typed({ kimlikNo: digitsOf(n), neden: 'görev bitti', ...more });
    const call = this.desk.call('roles.revoke', by, { params: { role: roleId }, fields });
    return this.staff.handlers['roles.revoke'](call);
  }

  async page(by: ConsolePerson, query: Readonly<Record<string, string>> = {}) {
    return pageOf(await this.staff.handlers.roles(this.desk.call('roles', by, { query })));
  }

  /** The roles that the citizen `n` holds, by their names. */
  async rolesOf(n: number): Promise<readonly { readonly roleId: string; readonly role: string }[]> {
    return this.desk.sql(
      'SELECT role_id AS "roleId", role FROM bridge.authority_role WHERE person_tag = $1 ORDER BY role',
      [this.tagOf(n)],
    );
  }

  tagOf(n: number): Buffer {
    return this.desk.log.tagger.tag('authority', personOf(n));
  }

  /** Proposals that wait, as `by` sees them. */
  async waiting(by: ConsolePerson) {
    return this.grants.waiting(by);
  }

  decide(by: ConsolePerson, proposal: string, decision: 'approve' | 'refuse' | 'withdraw', role: string) {
    const call = this.desk.call('decision.decide', by, { params: { proposal } });
    const acting = { ...call.person, officer: { ...call.person.officer, role } };
    return this.grants.decide({ ...call, person: acting }, proposal, decision, 'uygun');
  }
}

/** Code and reason of what `work` is refused with; `done` where it is not. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (isBridgeError(error))
      return [error.code, error.fields.reason].filter((one) => one !== undefined).join(' ');
    if (error instanceof Error) return error.message;
    throw error;
  }
}

/** Errors of the forms of an answer, by the name of the field. */
export function errorsOf(answer: Answer): Readonly<Record<string, string>> {
  const fields = pageOf(answer).parts.flatMap(fieldsOf);
  return Object.fromEntries(
    fields.flatMap(({ error, name }) =>
      error === undefined ? [] : [[name, typeof error === 'string' ? error : error.tr]],
    ),
  );
}

function fieldsOf(part: Part): readonly { readonly name: string; readonly error?: Text | undefined }[] {
  if (part.part === 'form') return part.fields;
  return part.part === 'more' ? part.parts.flatMap(fieldsOf) : [];
}
