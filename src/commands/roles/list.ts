import { readAuthority } from '../../authority/read-authority.js';
import { type ListedRole, listRoles, MAX_LISTED } from '../../authority/roles/list-roles.js';
import { isRoleName } from '../../authority/roles/role-list.js';
import { istanbulDay } from '../../calendar/istanbul-day.js';
import { BridgeError } from '../../errors/bridge-error.js';
import { type Command, EXIT, parseCommand } from '../command.js';
import { actingOfficer, type House, inHouse, type Officer } from '../house.js';

/** Who sees every role; a manager sees those of the own ministry. */
const SEE_ALL = ['administrator', 'security-officer', 'log-inspector'];

/** `bridge roles list`: which roles there are. Shows nobody's number: whose one is stands in the log, and looking there is an entry. */
export const listCommand: Command = {
  usage: 'roles list [--role NAME] [--token-file F] [--json]',
  summary:
    'every role with its id; whose it is says `audit search` for the kinds role.granted and role.decided, with its basis',
  run: async (args, terminal) => {
    const options = { role: { type: 'string' }, 'token-file': { type: 'string' } } as const;
    const { values } = parseCommand(listCommand, args, options, 0);
    const name = values.role ?? null;
    if (name !== null && !isRoleName(name))
      throw new BridgeError('WRONG_USE', `no such role; usage: bridge ${listCommand.usage}`);
    const roles = await inHouse(terminal, 'roles list', [], async (house) => {
      const source = { file: values['token-file'] };
      const officer = await actingOfficer(house, terminal, source, [...SEE_ALL, 'ministry-manager'], {
        operation: null,
      });
      const seen: ListedRole[] = [];
      for (const ministry of await ministriesOf(house, officer))
        seen.push(...(await listRoles(house.db, { ministry, name })));
      return seen;
    });
    terminal.out(values.json ? JSON.stringify({ roles }) : tableOf(roles));
    if (roles.length >= MAX_LISTED) terminal.err(`not all are shown: ask with --role`);
    return EXIT.ok;
  },
};

/** Null: all of them. */
async function ministriesOf({ db }: House, officer: Officer) {
  if (SEE_ALL.includes(officer.role)) return [null];
  const [facts] = await db.transaction((tx) =>
    readAuthority(tx, [{ tag: officer.tag, mersisNo: '' }], istanbulDay(new Date())),
  );
  const own = (facts?.roles ?? []).flatMap(({ role, ministry }) =>
    role === 'ministry-manager' && ministry !== null ? [ministry] : [],
  );
  return [...new Set(own)];
}

function tableOf(roles: readonly ListedRole[]): string {
  if (roles.length === 0) return 'no roles';
  const rows = roles.map(({ roleId, role, person, source, from, to }) => {
    const days = from === null ? '' : `  ${from} to ${to}`;
    return `${roleId}  ${role.padEnd(36)}  *** (${person})  ${source}${days}`;
  });
  return rows.join('\n');
}
